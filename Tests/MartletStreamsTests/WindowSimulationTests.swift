import MartletCore
import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Windows against a model", .tags(.simulation))
struct WindowSimulationTests {
    struct Setting: CustomTestStringConvertible, Sendable {
        var window: WindowSpec
        var size: Int64 = 1
        var slide: Int64 = 1
        var offset: Int64 = 0
        var gap: Int64?

        var testDescription: String { "\(window.kind.rawValue) \(size)/\(slide)+\(offset) gap \(gap ?? 0)" }

        static func hopping(_ size: Int64, _ slide: Int64, _ offset: Int64 = 0) -> Setting {
            let span = StreamSamples.span
            return Setting(
                window: .hopping(span(size), every: span(slide), offset: span(offset)),
                size: size,
                slide: slide,
                offset: offset
            )
        }

        static func tumbling(_ size: Int64, _ offset: Int64 = 0) -> Setting {
            let span = StreamSamples.span
            return Setting(
                window: .tumbling(span(size), offset: span(offset)),
                size: size,
                slide: size,
                offset: offset
            )
        }

        static func session(_ gap: Int64) -> Setting {
            Setting(window: .session(gap: StreamSamples.span(gap)), gap: gap)
        }
    }

    static let settings: [Setting] = [
        .tumbling(1), .tumbling(10), .tumbling(7, 3), .hopping(10, 5), .hopping(10, 4), .hopping(9, 2, 1),
        .hopping(30, 1), .session(1), .session(3), .session(10),
    ]

    private func model(_ setting: Setting, lateness: Int64, disorder: Int64) -> WindowModel {
        WindowModel(
            size: setting.size,
            slide: setting.slide,
            offset: setting.offset,
            gap: setting.gap,
            lateness: lateness,
            disorder: disorder
        )
    }

    /// Runs batches with restarts at random, and batches sent again as a source does after one.
    private func run(
        _ plan: StreamPlan,
        _ batches: [StreamBatch],
        partitions: Int,
        _ random: inout SeededGenerator,
        each body: (StreamOutputs) -> Void
    ) throws {
        var task = StreamTask(plan)
        for partition in 0..<Int32(partitions) { task.assign(partition, wallTime: StreamSamples.wall) }
        for (index, batch) in batches.enumerated() {
            body(try task.process(batch, wallTime: StreamSamples.wall))
            if Int.random(in: 0..<12, using: &random) == 0 {
                task = try StreamTask(plan, restoring: task.snapshot())
                if index > 0, let again = batches[...index].randomElement(using: &random) {
                    let outputs = try task.process(again, wallTime: StreamSamples.wall)
                    #expect(outputs.panes.isEmpty && outputs.rejected.isEmpty, "replayed records counted twice")
                }
            }
        }
        body(task.finish())
    }

    @Test(
        "Final results and their order are those of the model for any batching, interleaving and restart",
        arguments: settings
    )
    func finalResults(_ setting: Setting) throws {
        for seed in 0..<10 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let partitions = Int.random(in: 1...4, using: &random)
            let disorder = [Int64]([0, 2, 9]).randomElement(using: &random) ?? 0
            let lateness = [Int64]([0, 0, 1, 25]).randomElement(using: &random) ?? 0
            let records = StreamSamples.records(&random, count: 40, partitions: partitions, disorder: disorder)
            let model = model(setting, lateness: lateness, disorder: disorder)
            let (cells, late) = model.assign(records)
            let expected = model.panes(cells)
            let plan = try StreamPlan(
                StreamSamples.definition(setting.window, lateness: lateness, disorder: disorder)
            )
            for _ in 0..<2 {
                var panes = [Pane]()
                var rejected = Set<[Int64]>()
                let batches = try StreamSamples.batches(records, partitions: partitions, &random)
                try run(plan, batches, partitions: partitions, &random) { outputs in
                    panes += outputs.panes
                    for record in outputs.rejected where record.reason == .late {
                        #expect(rejected.insert([Int64(record.partition), record.offset]).inserted)
                    }
                }
                #expect(rejected == late, "seed \(seed)")
                try #require(panes == expected, "seed \(seed)")
            }
        }
    }

    @Test("What stands after early, late and retracting panes is the model's result", arguments: settings)
    func changingResults(_ setting: Setting) throws {
        for seed in 0..<8 as Range<UInt64> {
            var random = SeededGenerator(seed: seed &+ 1000)
            let partitions = Int.random(in: 1...3, using: &random)
            let disorder = [Int64]([0, 5]).randomElement(using: &random) ?? 0
            let lateness = [Int64]([0, 3, 25]).randomElement(using: &random) ?? 0
            let records = StreamSamples.records(&random, count: 40, partitions: partitions, disorder: disorder)
            let model = model(setting, lateness: lateness, disorder: disorder)
            let expected = model.assign(records).cells.mapValues(WindowModel.results)
            var definition = StreamSamples.definition(setting.window, lateness: lateness, disorder: disorder)
            definition.emit = Bool.random(using: &random) ? EmitMode.onChange : .onWatermark
            definition.retracts = Bool.random(using: &random)
            let plan = try StreamPlan(definition)
            var standing = [WindowModel.Cell: [StreamValue]]()
            var indices = [WindowModel.Cell: Int32]()
            var closed = Set<WindowModel.Cell>()
            let batches = try StreamSamples.batches(records, partitions: partitions, &random)
            try run(plan, batches, partitions: partitions, &random) { outputs in
                for pane in outputs.panes {
                    let cell = WindowModel.Cell(key: pane.key, window: pane.window)
                    #expect(!closed.contains(cell), "a pane after the last, seed \(seed)")
                    if pane.isRetraction {
                        #expect(standing.removeValue(forKey: cell) == pane.values, "seed \(seed)")
                        continue
                    }
                    if plan.retracts { #expect(standing[cell] == nil, "seed \(seed)") }
                    if setting.gap == nil { #expect(pane.index == (indices[cell] ?? -1) + 1, "seed \(seed)") }
                    indices[cell] = pane.index
                    standing[cell] = pane.values
                    let end = pane.window.end
                    #expect((pane.timing == .early) == (end > outputs.watermark), "seed \(seed)")
                    #expect(pane.isLast == (EventTime.adding(end, lateness) <= outputs.watermark), "seed \(seed)")
                    if pane.isLast { closed.insert(cell) }
                    if definition.emit == .onWatermark { #expect(pane.timing != .early) }
                }
            }
            try #require(standing == expected, "seed \(seed)")
        }
    }

    @Test("A backfill in any order gives what the stream gives when nothing is late", arguments: settings)
    func backfill(_ setting: Setting) throws {
        for seed in 0..<5 as Range<UInt64> {
            var random = SeededGenerator(seed: seed &+ 5000)
            let records = StreamSamples.records(&random, count: 50, partitions: 2, disorder: 5)
            // So much disorder is expected that nothing is late.
            let model = model(setting, lateness: 0, disorder: 1000)
            let expected = model.panes(model.assign(records).cells)
            let plan = try StreamPlan(StreamSamples.definition(setting.window, disorder: 1000))
            var live = [Pane]()
            let batches = try StreamSamples.batches(records, partitions: 2, &random)
            try run(plan, batches, partitions: 2, &random) { live += $0.panes }
            try #require(live == expected, "seed \(seed)")

            let task = StreamTask(plan, isBackfill: true)
            // One partition after the other, which a live task would call late.
            for partition in 0..<2 as Range<Int32> {
                let outputs = try task.process(
                    try StreamSamples.batch(records.filter { $0.partition == partition }, partition: partition),
                    wallTime: StreamSamples.wall
                )
                #expect(outputs.panes.isEmpty && outputs.rejected.allSatisfy { $0.reason == .timeInvalid })
            }
            #expect(task.finish().panes == expected, "seed \(seed)")
        }
    }
}
