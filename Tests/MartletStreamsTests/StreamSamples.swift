import MartletCore
import MartletTestKit

@testable import MartletStreams

/// Definitions, records and batches for tests.
enum StreamSamples {
    static let fields = [
        StreamField("at", .timestamp), StreamField("name", .text), StreamField("number", .integer),
        StreamField("value", .double),
    ]

    static let aggregates = [
        AggregateSpec("records", .count), AggregateSpec("values", .count, of: "value"),
        AggregateSpec("total", .sum, of: "value"), AggregateSpec("mean", .average, of: "value"),
        AggregateSpec("low", .minimum, of: "value"), AggregateSpec("high", .maximum, of: "value"),
        AggregateSpec("different", .distinct, of: "value"), AggregateSpec("opening", .first, of: "value"),
        AggregateSpec("closing", .last, of: "value"), AggregateSpec("numbers", .sum, of: "number"),
        AggregateSpec("leastName", .minimum, of: "name"),
    ]

    static func span(_ microseconds: Int64) -> EventSpan { EventSpan(microseconds: microseconds) }

    /// A definition over ``fields``, by name and number.
    static func definition(_ window: WindowSpec, lateness: Int64 = 0, disorder: Int64 = 0) -> StreamDefinition {
        StreamDefinition(
            name: "sample",
            source: StreamInput(fields: fields, timeField: "at", disorder: span(disorder)),
            key: ["name", "number"],
            window: window,
            allowedLateness: span(lateness),
            aggregates: aggregates
        )
    }

    static func batch(_ records: [ModelRecord], partition: Int32) throws -> StreamBatch {
        try StreamBatch(
            partition: partition,
            columns: [
                StreamColumn(.timestamp, records.map { $0.time.map { .timestamp($0) } ?? .null }),
                StreamColumn(.text, records.map { $0.name.map { .text($0) } ?? .null }),
                StreamColumn(.integer, records.map { .integer($0.number) }),
                StreamColumn(.double, records.map { $0.value.map { .double($0) } ?? .null }),
            ],
            timestamps: records.map { _ in 0 },
            firstOffset: records.first?.offset ?? 0,
            offsets: records.map(\.offset)
        )
    }

    static let wall = Timestamp(microseconds: 0)

    /// Random records of some partitions, with disorder, stragglers, nulls and gaps in the offsets.
    static func records(_ random: inout SeededGenerator, count: Int, partitions: Int, disorder: Int64) -> [ModelRecord]
    {
        var records = [ModelRecord]()
        let names: [String?] = ["a", "b", "a\u{0}", "", nil, "ü"]
        for partition in 0..<Int32(partitions) {
            var (offset, clock) = (Int64.random(in: 0..<5, using: &random), Int64.random(in: -60..<20, using: &random))
            for _ in 0..<count {
                clock += Int64.random(in: 0..<4, using: &random)
                if Int.random(in: 0..<40, using: &random) == 0 { clock += 40 }
                var time: Int64? = clock - Int64.random(in: 0...disorder, using: &random)
                if Int.random(in: 0..<10, using: &random) == 0 {
                    time = clock - Int64.random(in: 0..<60, using: &random)
                }
                if Int.random(in: 0..<50, using: &random) == 0 { time = nil }
                let isNull = Int.random(in: 0..<6, using: &random) == 0
                records.append(
                    ModelRecord(
                        partition: partition,
                        offset: offset,
                        time: time,
                        name: names[Int.random(in: 0..<names.count, using: &random)],
                        number: Int64.random(in: -1...1, using: &random),
                        value: isNull ? nil : Double(Int.random(in: -20..<20, using: &random)) / 4
                    )
                )
                offset += Int64.random(in: 1...2, using: &random)
            }
        }
        return records
    }

    /// The records cut into batches at random and the partitions interleaved at random.
    static func batches(
        _ records: [ModelRecord],
        partitions: Int,
        _ random: inout SeededGenerator
    ) throws -> [StreamBatch] {
        var queues = (0..<Int32(partitions)).map { partition in records.filter { $0.partition == partition }[...] }
        var batches = [StreamBatch]()
        let largest = [1, 3, 40].randomElement(using: &random) ?? 1
        while let choice = queues.indices.filter({ !queues[$0].isEmpty }).randomElement(using: &random) {
            let size = Int.random(in: 0...largest, using: &random)
            batches.append(try batch(Array(queues[choice].prefix(size)), partition: Int32(choice)))
            queues[choice] = queues[choice].dropFirst(size)
        }
        return batches
    }
}
