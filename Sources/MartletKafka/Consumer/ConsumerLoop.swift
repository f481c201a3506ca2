import CRdkafka
import MartletCore

/// What the thread of a consumer does.
///
/// Everything in it belongs to that thread alone.
///
/// The consumer's events (rebalances, errors, statistics) are always served, so that the member keeps its place in the
/// group. Records come to a queue of their own, which is read only while a task asks for them; the library stops
/// fetching when that queue is full.
final class ConsumerLoop {
    let handle: ClientHandle
    let desk: ConsumerDesk
    /// Rebalances, errors, logs, statistics.
    private let events: ClientQueue
    /// Answers to commits; everything while the consumer closes.
    let replies: ClientQueue
    /// Records.
    let data: ClientQueue
    private let onNotice: NoticeHandler
    private let batchRecords: Int

    var rebalance: Rebalance?
    var assigned: Set<TopicPartition> = []
    var paused: Set<TopicPartition> = []
    /// The offset after the last record told, by partition.
    var nextOffsets = [TopicPartition: Int64]()
    /// Records before these offsets come a second time, by partition.
    var floors = [TopicPartition: Int64]()
    var commits = PendingCommits()
    private var ready = [Result<SourceEvent, StreamError>]()
    private var failure: StreamError?
    private var closesBy: ContinuousClock.Instant?
    private var hasClosed = false

    init(
        _ handle: ClientHandle,
        _ desk: ConsumerDesk,
        events: ClientQueue,
        replies: ClientQueue,
        data: ClientQueue,
        batchRecords: Int,
        onNotice: @escaping NoticeHandler
    ) {
        self.handle = handle
        self.desk = desk
        self.events = events
        self.replies = replies
        self.data = data
        self.batchRecords = max(batchRecords, 1)
        self.onNotice = onNotice
    }

    var api: rdk_api { handle.api }
    var isClosing: Bool { closesBy != nil || hasClosed }

    /// Serves the consumer until it is closed.
    func run() {
        while !hasClosed {
            handle.signal.wait(milliseconds: Limits.kafkaPollMilliseconds)
            let (commands, isCloseWanted) = desk.takeCommands()
            for command in commands { command.run(self) }
            if isCloseWanted, closesBy == nil { beginClosing() }
            serve(events)
            serve(replies)
            commits.expire(at: .now, handle.library)
            if !isClosing { desk.serve { nextEvent() } }
            if let closesBy { hasClosed = hasClosed || api.consumer_closed(handle.pointer) != 0 || .now > closesBy }
        }
        commits.failAll(.closed)
        desk.end()
    }

    // MARK: Events for the application

    private func nextEvent() -> ConsumerDesk.Event? {
        if let failure { return .failure(failure) }
        // Whoever asks for what comes next is done with the rebalance told last.
        if let rebalance, rebalance.isTold {
            do throws(StreamError) { try finish(rebalance, startingAt: [:]) } catch { return .failure(error) }
        }
        if ready.isEmpty, rebalance == nil { takeRecords() }
        if !ready.isEmpty { return ready.removeFirst().map { $0 } }
        guard let rebalance else { return nil }
        rebalance.isTold = true
        return .success(rebalance.event)
    }

    private func takeRecords() {
        let (batch, extras) = MessageDrain(handle: handle, queue: data).take(
            batchRecords,
            &nextOffsets,
            floors: &floors
        )
        if let batch { ready.append(.success(.batch(batch))) }
        for extra in extras {
            switch extra {
            case .reachedEnd(let partition, let offset): ready.append(.success(.reachedEnd(partition, offset: offset)))
            case .failure(let error): report(error)
            }
        }
    }

    /// Drops what is ready to be told of partitions that are about to be read elsewhere.
    func forget(_ partitions: Set<TopicPartition>) {
        ready.removeAll { entry in
            if case .success(.reachedEnd(let partition, _)) = entry { partitions.contains(partition) } else { false }
        }
    }

    /// Tells the application of an error, or only the observer when the library deals with it.
    private func report(_ error: StreamError) {
        onNotice(.trouble(error))
        if error.disposition == .fatal {
            failure = error
        } else if !KafkaCode.silent.contains(Int32(clamping: error.number ?? 0)), ready.count < batchRecords {
            ready.append(.failure(error))
        }
    }

    // MARK: Events of the library

    private func serve(_ queue: ClientQueue) {
        while let event = ClientEvent(from: queue) {
            switch event.kind {
            case RDK_EVENT_REBALANCE: begin(event)
            case RDK_EVENT_OFFSET_COMMIT:
                let number = UInt(bitPattern: api.event_opaque(event.pointer))
                let list = PartitionList.elements(of: api.event_topic_partition_list(event.pointer))
                commits.finish(number, event.code, list, handle.library)
            case RDK_EVENT_ERROR: report(event.failure(of: handle.pointer, "the consumer has trouble"))
            default: if let notice = event.notice { onNotice(notice) }
            }
        }
    }

    private func begin(_ event: borrowing ClientEvent) {
        guard
            let list = PartitionList(copying: api.event_topic_partition_list(event.pointer), handle.library)
        else { return }
        let isAssignment = event.code == RDK_CODE_ASSIGN_PARTITIONS
        let rebalance = Rebalance(
            list,
            isAssignment: isAssignment,
            isLost: !isAssignment && api.assignment_lost(handle.pointer) != 0
        )
        self.rebalance = rebalance
        // Nobody is asked any more while the consumer closes.
        if isClosing { try? finish(rebalance, startingAt: [:]) }
    }

    // MARK: Closing

    private func beginClosing() {
        closesBy = .now + .milliseconds(Limits.kafkaCloseMilliseconds)
        if let rebalance { try? finish(rebalance, startingAt: [:]) }
        // What the group asks on the way out comes to the queue of replies.
        if let error = api.consumer_close_queue(handle.pointer, replies.pointer) {
            api.error_destroy(error)
            hasClosed = true
        }
    }
}
