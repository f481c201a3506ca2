import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

/// Many producers of few transactional ids, zombies among them, on a server that crashes at any step of an ending.
///
/// What must hold is read off the partitions' logs as a consumer would read them, and off what producers were told.
struct TransactionSimulation {
    /// An entry of a partition's log.
    enum Entry {
        case data(producerID: Int64, transaction: Int)
        case marker(producerID: Int64, isCommitted: Bool)
    }

    /// A process that produces; one that was replaced goes on and does not know it.
    struct Process {
        let id: Int
        var identity: ProducerIdentity?
        var isWaiting = false
        /// The transaction that it is in.
        var transaction: Int?
        var partitions: Set<Int32> = []
        var hasGroup = false
        /// How it has asked to end the transaction.
        var ending: Bool?
    }

    /// What a producer hears once it is durable, and what the server goes on with.
    indirect enum Reply: Sendable {
        case initialised(Int, InitProducerIDAnswer)
        case added(Int, Set<Int32>, Bool, KafkaError)
        case committed(transaction: Int)
        case ended(Int, KafkaError)
        /// Markers have to be written first.
        case ends(String, Reply)
        case completed(Reply)
        case nothing
    }

    /// An ending that is being carried out.
    struct Work {
        var ending: TransactionEnding
        var partitions: [TopicPartition]
        var reply: Reply
    }

    let seed: UInt64
    var random: SeededGenerator
    var server: SimulatedServer<Reply>
    var now: Int64 = 1_000_000
    var processes: [Process] = []
    var works: [Work] = []
    var logs: [[Entry]] = [[], [], []]
    /// The highest epoch of each producer on each partition.
    var epochs: [[Int64: Int16]] = [[:], [:], [:]]
    /// What producers were told of the ends of their transactions.
    var told: [Int: Bool] = [:]
    /// Transactions whose offset was acknowledged.
    var offsets: Set<Int> = []
    /// The id of each transaction.
    var ids: [Int] = []
    /// Transactions whose offset a client has seen as stable.
    var seen: Set<Int> = []
    var identities: Set<ProducerIdentity> = []
    var crashes = 0
    var fenced = 0

    init(seed: UInt64) throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        server = try SimulatedServer { CoordinatorState() }
    }

    func name(_ id: Int) -> String { "x\(id)" }

    // MARK: the server

    mutating func take<Answer>(_ decision: TransactionDecision<Answer>, _ reply: Reply, else failed: Reply) {
        let next: Reply = decision.ends.map { .ends($0, reply) } ?? reply
        if !server.hand(decision.records, next) { deliver(failed) }
    }

    mutating func flush() throws { for reply in try server.flush() { deliver(reply) } }

    mutating func deliver(_ reply: Reply) {
        switch reply {
        case .ends(let id, let reply):
            guard let ending = server.state.transactions.ending(of: id) else {
                Issue.record("seed \(seed): nothing to end")
                return
            }
            works.append(Work(ending: ending, partitions: ending.partitions, reply: reply))
        case .completed(let reply): deliver(reply)
        case .initialised(let process, let answer): initialised(process, answer)
        case .added(let process, let partitions, let hasGroup, let error):
            processes[process].isWaiting = false
            guard error == .none else { return failed(process, error) }
            processes[process].partitions.formUnion(partitions)
            processes[process].hasGroup = processes[process].hasGroup || hasGroup
        case .committed(let transaction): offsets.insert(transaction)
        case .ended(let process, let error):
            processes[process].isWaiting = false
            guard error == .none else { return failed(process, error) }
            if let transaction = processes[process].transaction, let isCommitted = processes[process].ending {
                told[transaction] = isCommitted
            }
            forget(process)
        case .nothing: break
        }
    }

    /// One step of an ending: a marker, or its completion.
    mutating func work(_ index: Int) {
        if works[index].partitions.isEmpty {
            let work = works[index]
            let records = server.state.transactions.completion(of: work.ending.transactionalID, now: now)
            #expect(!records.isEmpty, "seed \(seed): ended twice")
            if server.hand(records, .completed(work.reply)) { works.remove(at: index) }
            return
        }
        let partition = Int(works[index].partitions.removeFirst().partition)
        let ending = works[index].ending
        let epoch = epochs[partition][ending.producerID] ?? -1
        #expect(ending.producerEpoch >= epoch, "seed \(seed): a marker of an old epoch")
        epochs[partition][ending.producerID] = max(epoch, ending.producerEpoch)
        logs[partition].append(.marker(producerID: ending.producerID, isCommitted: ending.isCommitted))
    }

    mutating func crash() throws {
        crashes += 1
        works = []
        var endings = try server.crash(&random, now: now)
        // It may be killed again while it finishes what was decided.
        while Int.random(in: 0..<4, using: &random) == 0 {
            recover(endings, upTo: Int.random(in: 0..<5, using: &random))
            endings = try server.crash(&random, now: now)
        }
        recover(endings, upTo: .max)
        try flush()
        #expect(server.state.transactions.unfinished.isEmpty, "seed \(seed)")
        // Requests are lost; clients ask again.
        for index in processes.indices { processes[index].isWaiting = false }
    }

    private mutating func recover(_ endings: [TransactionEnding], upTo limit: Int) {
        works = endings.map { Work(ending: $0, partitions: $0.partitions, reply: .nothing) }
        var steps = 0
        while !works.isEmpty, steps < limit {
            work(0)
            steps += 1
        }
        works = []
    }

    // MARK: what must hold

    /// Reads the logs as a consumer does, once nothing is open.
    func check() {
        var outcomes: [Int: Bool] = [:]
        for (partition, log) in logs.enumerated() {
            var open: [Int64: Set<Int>] = [:]
            var closed: Set<Int> = []
            for entry in log {
                switch entry {
                case .data(let producerID, let transaction):
                    #expect(!closed.contains(transaction), "seed \(seed): data after the end of \(transaction)")
                    open[producerID, default: []].insert(transaction)
                case .marker(let producerID, let isCommitted):
                    let ended = open.removeValue(forKey: producerID) ?? []
                    #expect(ended.count <= 1, "seed \(seed): one marker ends \(ended)")
                    for transaction in ended {
                        closed.insert(transaction)
                        let known = outcomes.updateValue(isCommitted, forKey: transaction)
                        #expect(known == nil || known == isCommitted, "seed \(seed): \(transaction) ends in two ways")
                    }
                }
            }
            #expect(open.isEmpty, "seed \(seed): \(open) is open on \(partition) for ever")
        }
        for (transaction, isCommitted) in told {
            let outcome = outcomes[transaction] ?? isCommitted
            #expect(outcome == isCommitted, "seed \(seed): \(transaction) was told \(isCommitted)")
        }
        for transaction in seen {
            // Told or not, whoever saw the offset must find the data.
            let outcome = outcomes[transaction] ?? told[transaction] ?? true
            #expect(outcome, "seed \(seed): the offset of \(transaction) was seen, and it is aborted")
        }
        for id in 0..<3 {
            let answer = server.state.groups.offset("g", TopicPartition("t", Int32(id)), isStable: true)
            #expect(answer.error == .none, "seed \(seed)")
            let last = offsets.filter { ids[$0] == id && told[$0] == true }.max()
            let stored = answer.committed.map { Int($0.offset) }
            #expect((stored ?? -1) >= (last ?? -1), "seed \(seed): the offset of \(last ?? -1) is lost")
        }
    }
}
