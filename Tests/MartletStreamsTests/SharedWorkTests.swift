import MartletCore
import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Tasks that share the work", .tags(.simulation))
struct SharedWorkTests {
    private static func groups(_ parts: Int) -> [Range<Int>] {
        (0..<parts).map { 128 * $0 / parts..<128 * ($0 + 1) / parts }
    }

    private static let windows: [WindowSpec] = [
        .hopping(StreamSamples.span(10), every: StreamSamples.span(4)), .session(gap: StreamSamples.span(4)),
    ]

    private func isBefore(_ left: Pane, _ right: Pane) -> Bool {
        if left.window.end != right.window.end { return left.window.end < right.window.end }
        for (first, second) in zip(left.key, right.key) where first != second {
            return StreamValue.isOrdered(first, before: second)
        }
        return (left.window.start, left.index) < (right.window.start, right.index)
    }

    /// Together, and over changes of their number, they give what one gives.
    @Test(arguments: windows, [EmitMode.final, .onWatermark])
    func anyNumberOfTasks(_ window: WindowSpec, _ emit: EmitMode) throws {
        for seed in 0..<6 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var definition = StreamSamples.definition(window, lateness: 5, disorder: 3)
            definition.emit = emit
            definition.deduplicate = Deduplication(by: ["name", "number", "value"], within: StreamSamples.span(2))
            let plan = try StreamPlan(definition)
            let records = StreamSamples.records(&random, count: 60, partitions: 2, disorder: 5)
            let batches = try StreamSamples.batches(records, partitions: 2, &random)
            let one = StreamTask(plan)
            var many = Self.groups(3).map { StreamTask(plan, keyGroups: $0) }
            for (index, batch) in batches.enumerated() {
                let alone = try one.process(batch, wallTime: StreamSamples.wall)
                var together = StreamOutputs()
                for task in many {
                    let part = try task.process(batch, wallTime: StreamSamples.wall)
                    together.panes += part.panes
                    together.rejected += part.rejected
                    #expect(part.watermark == alone.watermark)
                }
                try #require(together.panes.sorted(by: isBefore) == alone.panes.sorted(by: isBefore), "seed \(seed)")
                #expect(together.rejected.sorted { $0.row < $1.row } == alone.rejected.sorted { $0.row < $1.row })
                if index % 5 == 4 {
                    let parts = many.map { $0.snapshot() }
                    let next = Self.groups(Int.random(in: 1...4, using: &random))
                    many = try next.map { try StreamTask(plan, restoring: parts, keyGroups: $0) }
                    #expect(many.reduce(0) { $0 + $1.stateRows } == one.stateRows)
                }
            }
            let last = many.flatMap { $0.finish().panes }
            #expect(last.sorted(by: isBefore) == one.finish().panes.sorted(by: isBefore), "seed \(seed)")
        }
    }

    @Test func partsOfDifferentCutsAreRefused() throws {
        let plan = try StreamPlan(StreamSamples.definition(.tumbling(StreamSamples.span(10))))
        let (first, second) = (StreamTask(plan, keyGroups: 0..<64), StreamTask(plan, keyGroups: 64..<128))
        second.assign(7, wallTime: StreamSamples.wall)
        let error = #expect(throws: MartletError.self) {
            try StreamTask(plan, restoring: [first.snapshot(), second.snapshot()])
        }
        #expect(error?.code == .streamSnapshotUnreadable)
    }
}
