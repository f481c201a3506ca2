import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

/// Flushes in two halves: while one waits for the disk, more is decided.
@Suite(.tags(.machine)) struct CoordinatorFlushTests {
    private typealias Store = CoordinatorStore<FakeJournalFile, Int>

    private func commit(_ partition: Int32, _ store: inout Store) -> [CoordinatorRecord] {
        store.state.groups.commit(
            "g",
            GroupCaller(memberID: "", generation: -1),
            [OffsetToCommit(partition: TopicPartition("t", partition), offset: 1)],
            now: 5
        ).records
    }

    private func isKnown(_ partition: Int32, _ store: Store) -> Bool {
        store.state.groups.offset("g", TopicPartition("t", partition), isStable: false).committed != nil
    }

    @Test func whatComesMeanwhileWaitsForTheNext() throws {
        let file = FakeJournalFile()
        var store = try Store.open(file, state: CoordinatorState(), now: 5).store
        #expect(store.prepareFlush() == nil)
        try store.hand(commit(0, &store), 1)
        let first = try #require(store.prepareFlush())
        try store.hand(commit(1, &store), 2)
        #expect(!isKnown(0, store) && !isKnown(1, store))
        #expect(first.perform() == nil)
        #expect(store.finishFlush(first, failure: nil).tickets == [1])
        #expect(isKnown(0, store) && !isKnown(1, store))
        #expect(store.needsFlush)
        #expect(store.flush().tickets == [2])
        #expect(isKnown(1, store) && !store.needsFlush)
    }

    @Test func afterAFailureNothingIsTaken() throws {
        let file = FakeJournalFile()
        var store = try Store.open(file, state: CoordinatorState(), now: 5).store
        try store.hand(commit(0, &store), 1)
        let first = try #require(store.prepareFlush())
        try store.hand(commit(1, &store), 2)
        file.fail(.noSync)
        let failure = try #require(first.perform())
        let failed = store.finishFlush(first, failure: failure)
        #expect(failed.tickets == [1] && failed.error != nil)
        // What was written behind it is not known to be there either.
        let second = store.flush()
        #expect(second.tickets == [2] && second.error?.code == .coordinatorJournalDamaged)
        #expect(!isKnown(0, store) && !isKnown(1, store))
        file.fail(nil)
        let records = commit(0, &store)
        #expect(throws: MartletError.self) { try store.hand(records, 3) }
    }

    @Test func withoutSyncEverythingIsAppliedAtOnce() throws {
        let file = FakeJournalFile()
        var store = try Store.open(file, state: CoordinatorState(), now: 5).store
        let syncs = file.syncs
        try store.hand(commit(0, &store), 1)
        #expect(store.flush(isSynced: false).tickets == [1])
        #expect(isKnown(0, store) && file.syncs == syncs)
        try store.sync()
        #expect(file.syncs == syncs + 1)
    }

    @Test func whatIsNotOpenTakesNothing() {
        var store = Store()
        let records = commit(0, &store)
        #expect(throws: MartletError.self) { try store.hand(records, 1) }
        #expect(store.prepareFlush() == nil)
    }
}
