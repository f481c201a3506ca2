import Dispatch
import MartletCore
import NIOCore

/// The log server without its sockets: topics with their logs, consumer groups, and who waits for what.
///
/// All of it belongs to one executor, which may wait for disks. Requests of one connection are worked on in their order.
actor Broker {
    nonisolated var executor: BrokerExecutor { BrokerExecutor(timers) }
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// What other threads do for it, so that nothing of it comes after the end.
    nonisolated let background = DispatchGroup()

    var settings: BrokerSettings
    let files: any LogFiles
    /// Where groups and transactions are kept.
    let journalFile: AnyJournalFile
    /// The sockets, as far as it counts them.
    let connections: Connections
    /// Where timers run.
    let timers: any EventLoop
    /// Where the logs are; nil before ``load()``.
    var folder: LogFolder?
    var topics: [String: Topic] = [:]
    /// Groups, transactions, producers' ids, with the journal of what has to survive of them.
    var store = CoordinatorStore<AnyJournalFile, Int>()
    /// Who waits for records of the coordinators to last, by ticket.
    var unkept: [Int: (Bool) -> Void] = [:]
    var nextTicket = 1
    /// Whether the disk is being waited for with such records.
    var isKeeping = false
    /// Transactions whose markers are being written.
    var finishing: Set<String> = []
    private var parked: [ReplyToken: Reply] = [:]
    private var nextToken: UInt64 = 1
    var nextWait = 1
    private var groupTimer: (at: Int64, scheduled: Scheduled<Void>)?

    /// What clients asked for, by the number of the API.
    var requests: [APIKey: Int] = [:]
    /// Parts of requests to append or read that were refused.
    let errors = ErrorCounts()
    var notices = NoticeGate()
    /// Who is on each connection, where clients have to log in.
    var logins: [ObjectIdentifier: SaslSession] = [:]
    /// Whether the end has begun: nothing more is taken in.
    var isEnding = false

    init(
        settings: BrokerSettings,
        files: any LogFiles,
        journal: any JournalFile,
        connections: Connections,
        timers: any EventLoop
    ) {
        self.settings = settings
        self.files = files
        journalFile = AnyJournalFile(journal)
        self.connections = connections
        self.timers = timers
    }

    /// Milliseconds since 1970.
    var now: Int64 { settings.clock() }

    /// Groups, transactions, producers' ids.
    var coordinators: CoordinatorState {
        get { store.state }
        _modify { yield &store.state }
    }

    // MARK: Requests

    /// Takes requests in; they are answered on their connection.
    nonisolated func submit(_ requests: [IncomingRequest]) {
        executor.runNow { self.assumeIsolated { broker in for request in requests { broker.handle(request) } } }
    }

    /// A connection is gone: nothing is to be sent there any more.
    nonisolated func left(_ connection: Connection) {
        executor.run { self.assumeIsolated { $0.forget(connection) } }
    }

    private func forget(_ connection: Connection) {
        if settings.users != nil { logins[ObjectIdentifier(connection)] = nil }
        let gone = parked.filter { $0.value.isOf(connection) }.keys.sorted { $0.rawValue < $1.rawValue }
        for token in gone {
            parked[token] = nil
            carryOut(coordinators.groups.abandon(token, now: now))
        }
        for topic in topics.values {
            for partition in topic.partitions {
                for wait in partition.waiting.values where wait.reply.isOf(connection) { end(wait) }
            }
        }
    }

    /// Keeps an answer for later.
    func park(_ reply: Reply) -> ReplyToken {
        defer { nextToken += 1 }
        let token = ReplyToken(nextToken)
        parked[token] = reply
        return token
    }

    func takeParked(_ token: ReplyToken) -> Reply? { parked.removeValue(forKey: token) }

    // MARK: Groups' time

    /// Sees to it that what groups wait for is done in time.
    func wakeForGroups() {
        guard let deadline = coordinators.groups.nextDeadline else { return }
        if let timer = groupTimer, timer.at <= deadline { return }
        groupTimer?.scheduled.cancel()
        let delay = max(1, deadline - now)
        let scheduled = timers.scheduleTask(in: .milliseconds(delay)) { [self] in
            executor.run { self.assumeIsolated { $0.expireGroups() } }
        }
        groupTimer = (deadline, scheduled)
    }

    private func expireGroups() {
        groupTimer = nil
        carryOut(coordinators.groups.expire(now: now))
        wakeForGroups()
    }

    // MARK: Topics

    func partition(_ place: TopicPartition) -> Partition? {
        guard let topic = topics[place.topic], topic.partitions.indices.contains(Int(place.partition)) else {
            return nil
        }
        return topic.partitions[Int(place.partition)]
    }

    /// The cluster's id.
    var cluster: String { folder?.clusterID ?? "" }

    func hasPartition(_ place: TopicPartition) -> Bool { partition(place) != nil }
}

extension Broker {
    /// Where the server listens: told to clients that are not told another port.
    func listens(at port: Int32) {
        if settings.advertisedPort == 0 { settings.advertisedPort = port }
    }

    /// Takes nothing in any more, answers what is waiting for the disk, and closes the logs, so that the next start need
    /// not go through them.
    ///
    /// - Throws: ``LogError`` 56; the next start recovers then.
    func close() throws(LogError) {
        isEnding = true
        endCompactions()
        let partitions = topics.values.flatMap(\.partitions)
        for partition in partitions where !partition.unflushed.isEmpty {
            let isKept = (try? partition.log.flush()) != nil
            let waiting = partition.unflushed
            partition.unflushed = []
            for each in waiting { each.done(isKept) }
        }
        keepAll()
        topics = [:]
        try folder?.close(partitions.map { ($0.name, $0.log) })
        folder = nil
    }
}
