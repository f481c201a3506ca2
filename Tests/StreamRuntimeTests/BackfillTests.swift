import MartletCore
import MartletStreams
import MartletTestKit
import Testing

@testable import MartletRuntime

/// One definition over stored rows gives, row by row, what it gave as a stream.
@Suite(.tags(.simulation))
struct BackfillTests {
    private static let definitions = [
        RunnerSamples.definition(.tumbling(.seconds(10)), disorder: .seconds(30)),
        RunnerSamples.definition(.hopping(.seconds(20), every: .seconds(5)), disorder: .seconds(30)),
        RunnerSamples.definition(.session(gap: .seconds(4)), disorder: .seconds(30)),
        RunnerSamples.definition(nil, filter: "value % 3 = 0"),
    ]

    @Test(arguments: 0..<4, [UInt64(1), 2, 3, 4])
    func equalsTheStream(index: Int, seed: UInt64) async throws {
        let plan = try StreamPlan(Self.definitions[index])
        var random = SeededGenerator(seed: seed)
        // Rows with a partition each; in a partition times are out of order by less than the disorder.
        let rows = (0..<400).map { step in
            let name = ["a", "b", "c"].randomElement(using: &random) ?? "a"
            let time = Int64(step / 4) - Int64.random(in: 0..<20, using: &random)
            return (partition: Int32.random(in: 0..<3, using: &random), time: time, name: name, value: Int64(step))
        }
        let streams = InMemoryStreams(now: { 0 })
        streams.makeTopic("in", partitions: 3)
        try await RunnerSamples.send(
            streams,
            rows.map { ($0.partition, RunnerSamples.json($0.time, $0.name, $0.value)) }
        )
        let live = InMemoryResultStore.Contents()
        var options = RunnerSamples.options()
        options.batchRecords = [1, 7, 1_000].randomElement(using: &random) ?? 1
        let timer = RunnerSamples.timer(ManualClock())
        let summary = try await StreamRunner(
            plan: plan,
            topic: "in",
            client: streams,
            store: InMemoryResultStore(live),
            options: options,
            timer: timer
        ).run()
        #expect(summary.status.counters.late == 0)

        // The same rows in any order of time, cut anywhere.
        var batches = [StreamBatch]()
        for partition in Int32(0)..<3 {
            var rest = rows.filter { $0.partition == partition }[...]
            if index < 3 { rest = rest.shuffled(using: &random)[...] }
            var offset: Int64 = 0
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...60, using: &random))
                rest = rest.dropFirst(piece.count)
                batches.append(
                    try StreamBatch(
                        partition: partition,
                        columns: [
                            StreamColumn(.timestamp, piece.map { .timestamp($0.time * 1_000_000) }),
                            StreamColumn(.text, piece.map { .text($0.name) }),
                            StreamColumn(.integer, piece.map { .integer($0.value) }),
                        ],
                        timestamps: piece.map { _ in 0 },
                        firstOffset: offset
                    )
                )
                offset += Int64(piece.count)
            }
        }
        let stored = InMemoryResultStore.Contents()
        let feed = BatchFeed(batches)
        let done = try await StreamBackfill(plan: plan, store: InMemoryResultStore(stored), timer: timer).run(
            topic: "in"
        ) { () async throws(MartletError) in await feed.next() }
        #expect(done.counters.records == 400)
        #expect(done.written > 5)
        #expect(
            stored.panes.map { "\($0.key) \($0.window) \($0.values)" }
                == live.panes.map { "\($0.key) \($0.window) \($0.values)" }
        )
        #expect(stored.rows == live.rows)
        #expect(stored.rejected.isEmpty)
        await #expect {
            _ = try await StreamBackfill(plan: plan, store: InMemoryResultStore(stored), timer: timer).run(
                topic: "in"
            ) { () async throws(MartletError) in nil }
        } throws: { error in
            (error as? MartletError)?.code == .streamResultsMismatched
        }
    }

    private actor BatchFeed {
        private var batches: ArraySlice<StreamBatch>

        init(_ batches: [StreamBatch]) { self.batches = batches[...] }

        func next() -> StreamBatch? { batches.popFirst() }
    }
}
