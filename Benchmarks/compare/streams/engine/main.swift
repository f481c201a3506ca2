// The event-time engine alone, in memory and on one thread: batches of columns in, results of windows out. Beside it a loop
// that counts into one dictionary by key and window: no watermark, no lateness, no state to keep, just the counting.
//
//   swift build -c release --product stream-engine-bench && .build/release/stream-engine-bench

import Glibc
import MartletCore
import MartletStreams

let records = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 4_000_000

/// One second of processor time, in seconds.
func processorSeconds<Outcome>(_ body: () throws -> Outcome) rethrows -> (seconds: Double, outcome: Outcome) {
    let start = clock()
    let outcome = try body()
    return (Double(clock() - start) / Double(CLOCKS_PER_SEC), outcome)
}

/// Records of so many keys, a thousand a second of event time, up to a second out of order.
func batches(keys: Int, asText: Bool) throws -> [StreamBatch] {
    var state: UInt64 = 42
    return try stride(from: 0, to: records, by: 10_000).map { start in
        let count = min(10_000, records - start)
        var (times, numbers, values, texts) = ([Int64](), [Int64](), [Double](), TextColumn())
        for row in 0..<count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let key = Int64((state >> 33) % UInt64(keys))
            if asText { texts.append("key-\(key)") } else { numbers.append(key) }
            values.append(Double(state >> 40) / 100)
            times.append(Int64(start + row) * 1_000 - Int64((state >> 20) % 1_000_000))
        }
        let key = asText ? StreamColumn(.texts(texts)) : StreamColumn(.integers(numbers))
        return try StreamBatch(
            partition: 0,
            columns: [StreamColumn(.timestamps(times)), key, StreamColumn(.doubles(values))],
            timestamps: times,
            firstOffset: Int64(start)
        )
    }
}

func definition(_ window: WindowSpec, asText: Bool, _ aggregates: [AggregateSpec]) -> StreamDefinition {
    let fields = [StreamField("t", .timestamp), StreamField("k", asText ? .text : .integer), StreamField("v", .double)]
    return StreamDefinition(
        name: "bench",
        source: StreamInput(fields: fields, timeField: "t", disorder: .seconds(1)),
        key: ["k"],
        window: window,
        aggregates: aggregates
    )
}

/// Counts by key and minute without anything around it; integer keys only.
func floor(_ batches: [StreamBatch]) -> Int {
    struct Place: Hashable {
        var key: Int64
        var window: Int64
    }
    var counts: [Place: Int] = [:]
    for batch in batches {
        guard case .integers(let keys) = batch.columns[1].storage else { continue }
        for (key, time) in zip(keys, batch.timestamps) {
            counts[Place(key: key, window: EventTime.floor(time, step: 60_000_000, offset: 0)), default: 0] += 1
        }
    }
    return counts.values.reduce(0, +)
}

let count = [AggregateSpec("n", .count)]
let several = count + [AggregateSpec("mean", .average, of: "v"), AggregateSpec("worst", .maximum, of: "v")]
let cases: [(name: String, window: WindowSpec, keys: Int, asText: Bool, aggregates: [AggregateSpec])] = [
    ("tumbling 60 s, count", .tumbling(.seconds(60)), 1_000, false, count),
    ("tumbling 60 s, count", .tumbling(.seconds(60)), 100_000, false, count),
    ("tumbling 60 s, count", .tumbling(.seconds(60)), 1_000_000, false, count),
    ("tumbling 60 s, count, keys as text", .tumbling(.seconds(60)), 1_000, true, count),
    ("tumbling 60 s, count, mean, max", .tumbling(.seconds(60)), 1_000, false, several),
    ("hopping 60 s every 10 s, count", .hopping(.seconds(60), every: .seconds(10)), 1_000, false, count),
    ("sessions, gap 5 s, count", .session(gap: .seconds(5)), 1_000, false, count),
]
print("| windows | keys | M records/s and core | of the bare counting loop | results |")
print("|---|---|---|---|---|")
for each in cases {
    let input = try batches(keys: each.keys, asText: each.asText)
    let plan = try StreamPlan(definition(each.window, asText: each.asText, each.aggregates))
    let (seconds, counted) = try processorSeconds { () -> (results: Int, records: Int64) in
        let task = StreamTask(plan)
        var panes: [Pane] = []
        for batch in input { panes += try task.process(batch, wallTime: Timestamp(microseconds: 0)).panes }
        panes += task.finish().panes
        let total = panes.reduce(Int64(0)) { sum, pane in
            if case .integer(let number)? = pane.values.first { sum + number } else { sum }
        }
        return (panes.count, total)
    }
    let isOverlapping = each.window.kind == .hopping
    guard isOverlapping || counted.records == Int64(records) else {
        print("| \(each.name) | void: \(counted.records) records were counted of \(records) |")
        exit(1)
    }
    var share = ""
    if !each.asText {
        let bare = processorSeconds { floor(input) }
        share = "\(Int((bare.seconds / seconds * 100).rounded())) %"
    }
    let rate = (Double(records) / seconds / 1e5).rounded() / 10
    print("| \(each.name) | \(each.keys) | \(rate) | \(share) | \(counted.results) |")
}
