import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.machine)) struct CoordinatorStoreTests {
    typealias Store = CoordinatorStore<FakeJournalFile, Int>

    private func open(_ file: FakeJournalFile) throws -> Store {
        try Store.open(file, state: CoordinatorState(), now: 5).store
    }

    private func commit(_ offset: Int64, _ store: inout Store) -> [CoordinatorRecord] {
        store.state.groups.commit(
            "g",
            GroupCaller(memberID: "", generation: -1),
            [OffsetToCommit(partition: TopicPartition("t", 0), offset: offset)],
            now: 5
        ).records
    }

    private func offset(_ store: Store) -> Int64? {
        store.state.groups.offset("g", TopicPartition("t", 0), isStable: true).committed?.offset
    }

    @Test func manyDecisionsShareOneSync() throws {
        let file = FakeJournalFile()
        var store = try open(file)
        let syncs = file.syncs
        for offset in 1...100 { try store.hand(commit(Int64(offset), &store), offset) }
        #expect(store.needsFlush)
        #expect(offset(store) == nil)
        #expect(store.flush().tickets == Array(1...100))
        #expect(file.syncs == syncs + 1)
        #expect(offset(store) == 100)
        // What leaves nothing to be kept waits for those before it, but needs no disk.
        try store.hand([], 7)
        #expect(store.flush().tickets == [7])
        #expect(file.syncs == syncs + 1)
        #expect(try offset(open(file.afterKill())) == 100)
    }

    @Test func idsAreReservedBeforeTheFirstClient() throws {
        let file = FakeJournalFile()
        var store = try open(file)
        #expect(store.state.initProducerID(nil, timeout: 0, version: 4, now: 0).answer.identity.producerID == 0)
        var next = try open(file.afterKill())
        #expect(next.state.initProducerID(nil, timeout: 0, version: 4, now: 0).answer.identity.producerID == 1_000)
    }

    @Test func aFullDiskRefusesAndGoesOn() throws {
        let file = FakeJournalFile()
        var store = try open(file)
        let first = store.state.initProducerID(
            "x",
            timeout: 1_000,
            version: 4,
            now: 5
        )
        file.fail(.fullDisk(after: 9))
        #expect(throws: MartletError.self) { try store.hand(first.records, 1) }
        #expect(throws: MartletError.self) { try store.hand(commit(1, &store), 2) }
        #expect(!store.needsFlush)
        file.fail(nil)
        let second = store.state.initProducerID(
            "x",
            timeout: 1_000,
            version: 4,
            now: 5
        )
        #expect(second.answer.error == KafkaError.none)
        try store.hand(second.records, 3)
        #expect(store.flush().tickets == [3])
        #expect(offset(store) == nil)
    }

    @Test func aDiskThatDoesNotKeepItsWordStopsEverything() throws {
        let file = FakeJournalFile()
        var store = try open(file)
        try store.hand(commit(1, &store), 1)
        file.fail(.noSync)
        let flush = store.flush()
        #expect(flush.tickets == [1])
        #expect(flush.error?.code == .diskFull)
        #expect(offset(store) == nil)
        file.fail(nil)
        #expect(throws: MartletError.self) { try store.hand(commit(2, &store), 2) }
    }

    @Test func theJournalStaysSmall() throws {
        let file = FakeJournalFile()
        var store = try open(file)
        let note = String(repeating: "n", count: 4_000)
        for offset in 0..<4_000 as Range<Int64> {
            let decision = store.state.groups.commit(
                "g",
                GroupCaller(memberID: "", generation: -1),
                [OffsetToCommit(partition: TopicPartition("t", 0), offset: offset, metadata: note)],
                now: 5
            )
            try store.hand(decision.records, 0)
            if offset % 100 == 99 {
                // Not while something waits.
                let before = file.bytes.count
                try store.compactIfWorth()
                #expect(file.bytes.count == before)
                _ = store.flush()
                try store.compactIfWorth()
            }
        }
        #expect(file.bytes.count < Limits.journalCompactionBytes + 500_000)
        #expect(try offset(open(file.afterKill())) == 3_999)
    }

    @Test func aLongJournalIsWrittenAnewAtTheStart() throws {
        let file = FakeJournalFile()
        var store = try open(file)
        let note = String(repeating: "n", count: 4_000)
        for offset in 0..<1_200 as Range<Int64> {
            let decision = store.state.groups.commit(
                "g",
                GroupCaller(memberID: "", generation: -1),
                [OffsetToCommit(partition: TopicPartition("t", 0), offset: offset, metadata: note)],
                now: 5
            )
            try store.hand(decision.records, 0)
        }
        _ = store.flush()
        #expect(file.bytes.count > Limits.journalCompactionBytes)
        let later = file.afterKill()
        // Without room for a new one, the old one does.
        later.fail(.noReplace)
        #expect(try offset(open(later)) == 1_199)
        later.fail(nil)
        #expect(try offset(open(later)) == 1_199)
        #expect(later.bytes.count < 10_000)
        #expect(try offset(open(later.afterKill())) == 1_199)
    }
}
