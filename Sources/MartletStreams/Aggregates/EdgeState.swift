import MartletCore

/// The first or last value by event time, then partition, then offset.
final class EdgeState: AggregateState {
    private struct Entry {
        var time: Int64 = 0
        var partition: Int32 = 0
        var offset: Int64 = 0
        /// Null in a row without a value.
        var value = StreamValue.null

        func isBefore(_ other: Entry) -> Bool {
            (time, partition, offset) < (other.time, other.partition, other.offset)
        }
    }

    private var entries: [Entry] = []
    private let isLast: Bool

    init(isLast: Bool) { self.isLast = isLast }

    override func grow(to rows: Int) {
        if rows > entries.count { entries.append(contentsOf: repeatElement(Entry(), count: rows - entries.count)) }
    }

    private func beats(_ entry: Entry, _ row: Int) -> Bool {
        if entries[row].value == .null { return true }
        return isLast ? entries[row].isBefore(entry) : entry.isBefore(entries[row])
    }

    override func update(_ targets: [Int32], _ records: [Int32], _ input: AggregateInput) {
        guard let column = input.column else { return }
        forEachValue(targets, records, column.validity) { row, record in
            var entry = Entry(time: input.times[record], partition: input.partition, offset: input.offsets[record])
            guard beats(entry, row) else { return }
            entry.value = column[record]
            entries[row] = entry
        }
    }

    override func merge(_ other: AggregateState, _ from: Int, into row: Int) {
        guard let other = other as? EdgeState, other.entries[from].value != .null else { return }
        if beats(other.entries[from], row) { entries[row] = other.entries[from] }
    }

    override func value(_ row: Int) -> StreamValue { entries[row].value }
    override func reset(_ row: Int) { entries[row] = Entry() }

    override func encode(_ rows: [Int32], into writer: inout ByteWriter) {
        for row in rows {
            let entry = entries[Int(row)]
            writer.write(entry.value)
            writer.write(entry.time)
            writer.write(entry.partition)
            writer.write(entry.offset)
        }
    }

    override func decode(_ rows: Int, from reader: inout ByteReader) throws(SnapshotFault) {
        for _ in 0..<rows {
            let value = try reader.readValue()
            let time: Int64 = try reader.read()
            let partition: Int32 = try reader.read()
            entries.append(Entry(time: time, partition: partition, offset: try reader.read(), value: value))
        }
    }
}
