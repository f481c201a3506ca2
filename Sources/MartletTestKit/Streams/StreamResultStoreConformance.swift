import MartletCore
import Testing

/// What every place for the results of streams does.
///
/// Each case is one behaviour; a test runs them all on the fake and on each adapter.
public enum StreamResultStoreConformance: String, CaseIterable, Sendable {
    case beginsWithNothing
    case givesTheLastCutBack
    case keepsResultsWithTheirCut
    case replacesPanes
    case takesPanesBack
    case keepsKeysWithNulls
    case keepsRejectedRecords
    case refusesWritersThatWereFollowed
    case commitsWithoutResults
    case keepsLargeCuts

    /// Checks the behaviour.
    ///
    /// - Throws: when something that the check itself needs fails.
    public func check(_ bench: ResultStoreBench) async throws {
        let store = try bench.makeStore()
        let first = try await store.open()
        #expect(first == nil)
        switch self {
        case .beginsWithNothing:
            #expect(try await bench.contents() == .init())
        case .givesTheLastCutBack:
            try await store.commit(StreamResults(), bench.cut(1))
            let (partition, other) = (bench.partitions[0], bench.partitions[1])
            let cut = StreamCut(number: 2, offsets: [partition: .max - 1, other: 0], state: [0, 255, 10, 13])
            try await store.commit(StreamResults(panes: [ResultStoreBench.pane("a", 7)]), cut)
            await store.close()
            let again = try bench.makeStore()
            #expect(try await again.open() == cut)
            await again.close()
        case .keepsResultsWithTheirCut: try await checkAtomicity(bench, store)
        case .replacesPanes, .takesPanesBack, .keepsKeysWithNulls: try await checkUpdates(bench, store)
        case .keepsRejectedRecords: try await checkRejected(bench, store)
        case .refusesWritersThatWereFollowed: try await checkFencing(bench, store)
        case .commitsWithoutResults:
            for number in Int64(1)...5 { try await store.commit(StreamResults(), bench.cut(number)) }
            await store.close()
            let again = try bench.makeStore()
            #expect(try await again.open() == bench.cut(5))
            await again.close()
        case .keepsLargeCuts:
            let cut = bench.cut(1, stateBytes: 1_000_001)
            let panes = (0..<5_000).map { ResultStoreBench.pane("k\($0)", $0 % 2 == 0 ? 1 : 2, number: Int64($0)) }
            try await store.commit(StreamResults(panes: panes), cut)
            await store.close()
            let again = try bench.makeStore()
            #expect(try await again.open() == cut)
            await again.close()
            #expect(try await bench.contents().panes == bench.expected(panes))
        }
        await store.close()
    }

    private func checkAtomicity(_ bench: ResultStoreBench, _ store: any StreamResultStore) async throws {
        let panes = [ResultStoreBench.pane("a", 1), ResultStoreBench.pane("b", 2), ResultStoreBench.pane("", 3)]
        try await store.commit(StreamResults(panes: Array(panes[..<2])), bench.cut(1))
        #expect(try await bench.contents().panes == bench.expected(Array(panes[..<2])))
        // Whoever comes after sees nothing that is not of its cut.
        let second = try bench.makeStore()
        #expect(try await second.open() == bench.cut(1))
        try await second.commit(StreamResults(panes: [panes[2]]), bench.cut(2))
        #expect(try await bench.contents().panes == bench.expected(panes))
        await second.close()
    }

    private func checkUpdates(_ bench: ResultStoreBench, _ store: any StreamResultStore) async throws {
        let name = self == .keepsKeysWithNulls ? nil : "a"
        let other = ResultStoreBench.pane(name, 1, number: 2)
        let first = ResultStoreBench.pane(name, 1)
        let second = ResultStoreBench.pane(name, 5, index: 1)
        try await store.commit(StreamResults(panes: [first, other]), bench.cut(1))
        #expect(try await bench.contents().panes == bench.expected([first, other]))
        try await store.commit(StreamResults(panes: [second]), bench.cut(2))
        #expect(try await bench.contents().panes == bench.expected([second, other]))
        guard self != .replacesPanes else { return }
        let back = ResultStoreBench.pane(name, 5, index: 1, isRetraction: true)
        try await store.commit(StreamResults(panes: [back]), bench.cut(3))
        #expect(try await bench.contents().panes == bench.expected([other]))
        // Taken back and given anew within one cut, in this order.
        let gone = ResultStoreBench.pane(name, 1, number: 2, isRetraction: true)
        let anew = ResultStoreBench.pane(name, 9, number: 2, index: 1)
        try await store.commit(StreamResults(panes: [gone, anew]), bench.cut(4))
        #expect(try await bench.contents().panes == bench.expected([anew]))
    }

    private func checkRejected(_ bench: ResultStoreBench, _ store: any StreamResultStore) async throws {
        let events = [
            RejectedEvent(
                partition: bench.partitions[0],
                offset: 5,
                reason: "late",
                detail: "event time \u{0}",
                timestamp: 1_700_000_000_000,
                key: Array("k".utf8),
                value: [0, 255, 34, 10]
            ),
            RejectedEvent(partition: bench.partitions[1], offset: 5, reason: "unreadable", value: []),
        ]
        try await store.commit(StreamResults(rejected: events), bench.cut(1))
        #expect(
            try await bench.contents().rejected == [
                "\(bench.partitions[0]) 5 late": [0, 255, 34, 10], "\(bench.partitions[1]) 5 unreadable": [],
            ]
        )
    }

    private func checkFencing(_ bench: ResultStoreBench, _ store: any StreamResultStore) async throws {
        try await store.commit(StreamResults(panes: [ResultStoreBench.pane("a", 1)]), bench.cut(1))
        let second = try bench.makeStore()
        #expect(try await second.open() == bench.cut(1))
        // The first does not know yet that it was followed.
        let refused = await Self.code {
            try await store.commit(StreamResults(panes: [ResultStoreBench.pane("b", 9)]), bench.cut(2))
        }
        #expect(refused == .streamTakenOver)
        try await second.commit(StreamResults(panes: [ResultStoreBench.pane("c", 3)]), bench.cut(2))
        let expected = [ResultStoreBench.pane("a", 1), ResultStoreBench.pane("c", 3)]
        #expect(try await bench.contents().panes == bench.expected(expected))
        await second.close()
        let third = try bench.makeStore()
        #expect(try await third.open() == bench.cut(2))
        await third.close()
    }

    private static func code(_ body: () async throws -> Void) async -> ErrorCode? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? MartletError)?.code
        }
    }
}
