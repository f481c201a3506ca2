import MartletCore

/// How many different values there are: exactly for numbers, times and truth values; texts are told apart by 128 bits
/// of their hash.
final class DistinctState: AggregateState {
    private var sets: [Set<UInt128>] = []

    override func grow(to rows: Int) {
        if rows > sets.count { sets.append(contentsOf: repeatElement([], count: rows - sets.count)) }
    }

    override func update(_ targets: [Int32], _ records: [Int32], _ input: AggregateInput) {
        guard let column = input.column else { return }
        switch column.storage {
        case .integers(let values), .timestamps(let values):
            forEachValue(targets, records, column.validity) { insert(UInt128(UInt64(bitPattern: values[$1])), $0) }
        case .doubles(let values):
            forEachValue(targets, records, column.validity) {
                insert(UInt128(FloatOrder.canonical(values[$1]).bitPattern), $0)
            }
        case .booleans(let values):
            forEachValue(targets, records, column.validity) { insert(values[$1] ? 1 : 0, $0) }
        case .texts(let values):
            values.bytes.withUnsafeBytes { bytes in
                forEachValue(targets, records, column.validity) { row, record in
                    let text = UnsafeRawBufferPointer(rebasing: bytes[values.range(record)])
                    insert(UInt128(StableHash.of(text)) << 64 | UInt128(StableHash.of(text, seed: 1)), row)
                }
            }
        }
    }

    private func insert(_ value: UInt128, _ row: Int) {
        if sets[row].count < Limits.distinctValues { sets[row].insert(value) }
    }

    override func merge(_ other: AggregateState, _ from: Int, into row: Int) {
        guard let other = other as? DistinctState else { return }
        if sets[row].isEmpty {
            sets[row] = other.sets[from]
        } else {
            for value in other.sets[from] { insert(value, row) }
        }
    }

    override func value(_ row: Int) -> StreamValue { .integer(Int64(sets[row].count)) }
    override func reset(_ row: Int) { sets[row] = [] }

    override func encode(_ rows: [Int32], into writer: inout ByteWriter) {
        for row in rows {
            let values = sets[Int(row)].sorted()
            writer.write(count: values.count)
            for value in values { writer.write(value) }
        }
    }

    override func decode(_ rows: Int, from reader: inout ByteReader) throws(SnapshotFault) {
        for _ in 0..<rows {
            let values: [UInt128] = try reader.readNumbers(try reader.readCount(width: 16))
            sets.append(Set(values))
        }
    }
}
