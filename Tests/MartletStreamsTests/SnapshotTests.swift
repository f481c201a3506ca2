import MartletCore
import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Checkpoints", .tags(.machine))
struct SnapshotTests {
    private func filled(_ window: WindowSpec, emit: EmitMode = .final) throws -> (StreamPlan, StreamTask) {
        var definition = StreamSamples.definition(window, lateness: 10, disorder: 5)
        definition.emit = emit
        definition.retracts = emit != .final
        definition.aggregates.append(AggregateSpec("spread", .deviation, of: "value"))
        definition.aggregates.append(AggregateSpec("names", .distinct, of: "name"))
        let plan = try StreamPlan(definition)
        let task = StreamTask(plan)
        var random = SeededGenerator(seed: 4)
        let records = StreamSamples.records(&random, count: 40, partitions: 2, disorder: 5)
        for batch in try StreamSamples.batches(records, partitions: 2, &random) {
            _ = try task.process(batch, wallTime: StreamSamples.wall)
        }
        return (plan, task)
    }

    static let windows: [WindowSpec] = [
        .tumbling(StreamSamples.span(10)), .hopping(StreamSamples.span(10), every: StreamSamples.span(4)),
        .session(gap: StreamSamples.span(4)),
    ]

    @Test(arguments: windows, EmitMode.allCases)
    func restoredTasksGoOnAlike(_ window: WindowSpec, _ emit: EmitMode) throws {
        let (plan, task) = try filled(window, emit: emit)
        let bytes = task.snapshot()
        let restored = try StreamTask(plan, restoring: bytes)
        #expect(restored.watermarks == task.watermarks && restored.counters == task.counters)
        #expect(restored.stateRows == task.stateRows && restored.stateRows > 0)
        #expect(restored.snapshot().count == bytes.count)
        #expect(restored.finish() == task.finish())
    }

    @Test func writesTheSameBytesForTheSameState() throws {
        let (plan, task) = try filled(.tumbling(StreamSamples.span(10)))
        let bytes = task.snapshot()
        #expect(task.snapshot() == bytes)
        let again = try StreamTask(plan, restoring: bytes)
        #expect(try StreamTask(plan, restoring: again.snapshot()).snapshot() == again.snapshot())
    }

    @Test func anotherDefinitionIsRefused() throws {
        let (_, task) = try filled(.tumbling(StreamSamples.span(10)))
        let other = try StreamPlan(
            StreamSamples.definition(.tumbling(StreamSamples.span(11)), lateness: 10, disorder: 5)
        )
        let error = #expect(throws: MartletError.self) { try StreamTask(other, restoring: task.snapshot()) }
        #expect(error?.code == .streamDefinitionChanged)
    }

    @Test func everyChangedByteIsNoticed() throws {
        let (plan, task) = try filled(.session(gap: StreamSamples.span(4)), emit: .onChange)
        let bytes = task.snapshot()
        for index in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 200)) {
            var broken = bytes
            broken[index] ^= 0x10
            let error = #expect(throws: MartletError.self) { try StreamTask(plan, restoring: broken) }
            #expect(error?.code == .streamSnapshotUnreadable)
        }
        for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 200)) {
            #expect(throws: MartletError.self) { try StreamTask(plan, restoring: Array(bytes.prefix(count))) }
        }
    }

    /// Bytes with a right checksum and wrong content: read or refused, never a trap.
    @Test(arguments: windows)
    func anyContentIsReadSafely(_ window: WindowSpec) throws {
        let (plan, task) = try filled(window, emit: .onWatermark)
        let bytes = task.snapshot()
        var random = SeededGenerator(seed: 12)
        for _ in 0..<600 {
            var broken = Array(bytes.dropLast(4))
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 41..<broken.count, using: &random)
                let extremes: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)]
                broken[index] = extremes.randomElement(using: &random) ?? 0
            }
            if Bool.random(using: &random) {
                broken.removeSubrange(Int.random(in: 41..<broken.count, using: &random)...)
            }
            var writer = ByteWriter()
            writer.write(raw: broken)
            writer.write(broken.withUnsafeBytes { CRC32C.of($0) })
            guard let restored = try? StreamTask(plan, restoring: writer.bytes) else { continue }
            _ = restored.snapshot()
        }
    }
}
