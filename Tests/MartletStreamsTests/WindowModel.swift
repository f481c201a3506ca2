import MartletCore
import MartletTestKit

@testable import MartletStreams

/// A record of the simulations.
struct ModelRecord: Hashable {
    var partition: Int32
    var offset: Int64
    /// Nil for a record without an event time.
    var time: Int64?
    var name: String?
    var number: Int64
    /// A multiple of a quarter, so that plain sums are exact; nil for null.
    var value: Double?

    var key: [StreamValue] { [name.map { .text($0) } ?? .null, .integer(number)] }
}

/// What the engine has to give, worked out from the whole input, record by record and window by window.
struct WindowModel {
    var size: Int64 = 1
    var slide: Int64 = 1
    var offset: Int64 = 0
    /// Set for sessions.
    var gap: Int64?
    var lateness: Int64
    var disorder: Int64

    struct Cell: Hashable {
        var key: [StreamValue]
        var window: StreamWindow
    }

    /// The records of each key and window, and the late ones by partition and offset.
    func assign(_ records: [ModelRecord]) -> (cells: [Cell: [ModelRecord]], late: Set<[Int64]>) {
        var highest = [Int32: Int64]()
        var cells = [Cell: [ModelRecord]]()
        var late = Set<[Int64]>()
        var accepted = [[StreamValue]: [ModelRecord]]()
        for record in records.sorted(by: { $0.offset < $1.offset }) {
            guard let time = record.time else { continue }
            // Nothing is closed before the partition's first record.
            let watermark = highest[record.partition].map { $0 - disorder }
            highest[record.partition] = max(highest[record.partition] ?? time, time)
            if gap != nil {
                if let watermark, time + lateness < watermark {
                    late.insert([Int64(record.partition), record.offset])
                } else {
                    accepted[record.key, default: []].append(record)
                }
                continue
            }
            var isTaken = false
            for start in (time - size + 1)...time where (start - offset) % slide == 0 {
                if let watermark, start + size + lateness <= watermark { continue }
                isTaken = true
                cells[Cell(key: record.key, window: StreamWindow(start: start, end: start + size)), default: []]
                    .append(record)
            }
            if !isTaken { late.insert([Int64(record.partition), record.offset]) }
        }
        if let gap {
            for (key, list) in accepted {
                var run = [ModelRecord]()
                func close() {
                    guard let first = run.first?.time, let last = run.last?.time else { return }
                    cells[Cell(key: key, window: StreamWindow(start: first, end: last + gap))] = run
                }
                for record in list.sorted(by: { ($0.time ?? 0) < ($1.time ?? 0) }) {
                    if let last = run.last?.time, let time = record.time, time - last >= gap {
                        close()
                        run = []
                    }
                    run.append(record)
                }
                close()
            }
        }
        return (cells, late)
    }

    /// The results of a cell, in the order of ``StreamSamples/aggregates``.
    static func results(_ records: [ModelRecord]) -> [StreamValue] {
        let values = records.compactMap(\.value)
        let ordered = records.filter { $0.value != nil }
            .sorted { ($0.time ?? 0, $0.partition, $0.offset) < ($1.time ?? 0, $1.partition, $1.offset) }
        func optional(_ value: Double?) -> StreamValue { value.map { .double($0) } ?? .null }
        let sum = values.reduce(0, +)
        return [
            .integer(Int64(records.count)), .integer(Int64(values.count)),
            values.isEmpty ? .null : .double(sum),
            values.isEmpty ? .null : .double(sum / Double(values.count)), optional(values.min()),
            optional(values.max()), .integer(Int64(Set(values).count)), optional(ordered.first?.value),
            optional(ordered.last?.value), .integer(records.reduce(0) { $0 + $1.number }),
            records.compactMap(\.name).min().map { .text($0) } ?? .null,
        ]
    }

    /// The final results in the order in which windows close.
    func panes(_ cells: [Cell: [ModelRecord]]) -> [Pane] {
        let ordered = cells.keys.sorted { left, right in
            if left.window.end != right.window.end { return left.window.end < right.window.end }
            for (first, second) in zip(left.key, right.key) where first != second {
                return StreamValue.isOrdered(first, before: second)
            }
            return left.window.start < right.window.start
        }
        return ordered.map { cell in
            Pane(
                key: cell.key,
                window: cell.window,
                values: Self.results(cells[cell] ?? []),
                timing: .onTime,
                index: 0,
                isLast: true
            )
        }
    }
}
