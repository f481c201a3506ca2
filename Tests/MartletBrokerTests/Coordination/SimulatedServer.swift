import MartletCore
import MartletTestKit

@testable import MartletBroker

/// Coordinators on a disk that loses power, with several decisions under way at once.
struct SimulatedServer<Reply: Sendable> {
    private var store: CoordinatorStore<FakeJournalFile, Reply>
    private let makeState: () -> CoordinatorState
    var file = FakeJournalFile()

    init(_ makeState: @escaping () -> CoordinatorState) throws {
        self.makeState = makeState
        store = try CoordinatorStore.open(file, state: makeState(), now: 0).store
    }

    var state: CoordinatorState {
        get { store.state }
        _modify { yield &store.state }
    }

    /// Hands over what a decision left.
    ///
    /// - Returns: whether it was taken; if not, the decision has not happened.
    mutating func hand(_ records: [CoordinatorRecord], _ reply: Reply) -> Bool {
        (try? store.hand(records, reply)) != nil
    }

    /// Makes everything durable, applies it, and gives the replies that may be sent now.
    mutating func flush() throws -> [Reply] {
        let flush = store.flush()
        if let error = flush.error { throw error }
        return flush.tickets
    }

    /// Writes the journal anew.
    mutating func compact() throws -> [Reply] {
        let replies = try flush()
        try store.compactIfWorth(always: true)
        return replies
    }

    /// Loses power, or is killed, and starts again.
    ///
    /// - Returns: the transactions to be carried out first.
    mutating func crash(_ random: inout SeededGenerator, now: Int64) throws -> [TransactionEnding] {
        file = Bool.random(using: &random) ? file.afterKill() : file.afterPowerLoss(&random)
        let (store, recovery) = try CoordinatorStore<FakeJournalFile, Reply>.open(file, state: makeState(), now: now)
        self.store = store
        return recovery.endings
    }
}
