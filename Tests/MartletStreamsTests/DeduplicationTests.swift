import MartletCore
import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Repeated records", .tags(.simulation))
struct DeduplicationTests {
    @Test func onlyTheFirstCounts() throws {
        for seed in 0..<12 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var records = StreamSamples.records(&random, count: 80, partitions: 1, disorder: 4)
            // Each fifth record comes again soon after, as after a lost answer.
            for index in records.indices.reversed() where Int.random(in: 0..<5, using: &random) == 0 {
                records.insert(records[index], at: min(records.count, index + Int.random(in: 1...4, using: &random)))
            }
            for index in records.indices { records[index].offset = Int64(index) }
            let span = [Int64]([0, 3, 1000]).randomElement(using: &random) ?? 0
            var seen = [[StreamValue]: Int64]()
            var repeated: Int64 = 0
            // What is left of the input; records that are left out still move the watermark, so they stay without a name
            // that is counted.
            var kept = [ModelRecord]()
            for record in records {
                let hasIdentity = record.name != nil
                if let time = record.time, hasIdentity {
                    if let first = seen[record.key], abs(time - first) <= span {
                        repeated += 1
                        continue
                    }
                    seen[record.key] = max(seen[record.key] ?? time, time)
                }
                kept.append(record)
            }
            // Nothing is late, so that what is left out does not matter to the watermark.
            let model = WindowModel(size: 10, slide: 5, lateness: 0, disorder: 10_000)
            let expected = model.panes(model.assign(kept).cells)
            var definition = StreamSamples.definition(
                .hopping(StreamSamples.span(10), every: StreamSamples.span(5)),
                disorder: 10_000
            )
            definition.deduplicate = Deduplication(by: ["name", "number"], within: StreamSamples.span(span))
            let plan = try StreamPlan(definition)
            var task = StreamTask(plan)
            var panes = [Pane]()
            for batch in try StreamSamples.batches(records, partitions: 1, &random) {
                panes += try task.process(batch, wallTime: StreamSamples.wall).panes
                if Int.random(in: 0..<8, using: &random) == 0 {
                    task = try StreamTask(plan, restoring: task.snapshot())
                }
            }
            panes += task.finish().panes
            #expect(panes == expected, "seed \(seed)")
            #expect(task.counters.repeated == repeated, "seed \(seed)")
        }
    }

    @Test(.tags(.machine)) func identitiesAreGivenUpOnlyWhenNoneCanComeAgain() {
        let seen = SeenKeys(span: 10, tail: 5)
        func isRepeated(_ number: Int64, _ time: Int64) -> Bool {
            let batch = KeyBatch([StreamColumn(.integers([number]))], rows: 1)
            return batch.bytes.withUnsafeBytes { seen.isRepeated($0, hash: batch.hashes[0], time: time) }
        }
        for number in 0..<5000 as Range<Int64> { #expect(!isRepeated(number, number)) }
        seen.expire(watermark: 4015)
        #expect(seen.keys.count == 1000 && isRepeated(4000, 4010) && !isRepeated(4001, 4012))
        #expect(!isRepeated(3999, 4009))
    }
}
