import MartletCore

/// How many records, or values, there are.
final class CountState: AggregateState {
    private var counts: [Int64] = []

    override func grow(to rows: Int) {
        if rows > counts.count { counts.append(contentsOf: repeatElement(0, count: rows - counts.count)) }
    }

    override func update(_ targets: [Int32], _ records: [Int32], _ input: AggregateInput) {
        counts.withUnsafeMutableBufferPointer { counts in
            forEachValue(targets, records, input.column?.validity) { row, _ in counts[row] += 1 }
        }
    }

    override func merge(_ other: AggregateState, _ from: Int, into row: Int) {
        if let other = other as? CountState { counts[row] += other.counts[from] }
    }

    override func value(_ row: Int) -> StreamValue { .integer(counts[row]) }
    override func reset(_ row: Int) { counts[row] = 0 }
    override func encode(_ rows: [Int32], into writer: inout ByteWriter) { writer.write(counts, at: rows) }

    override func decode(_ rows: Int, from reader: inout ByteReader) throws(SnapshotFault) {
        let more: [Int64] = try reader.readNumbers(rows)
        guard !more.contains(where: { !(0..<1 << 60).contains($0) }) else { throw reader.fault("a count is invalid") }
        counts.append(contentsOf: more)
    }
}

/// The sum or average of whole numbers, kept in 128 bits, which 2^64 records cannot overflow.
final class IntegerSumState: AggregateState {
    private var sums: [Int128] = []
    private var counts: [Int64] = []
    private let isAverage: Bool

    init(isAverage: Bool) { self.isAverage = isAverage }

    override func grow(to rows: Int) {
        guard rows > sums.count else { return }
        sums.append(contentsOf: repeatElement(0, count: rows - sums.count))
        counts.append(contentsOf: repeatElement(0, count: rows - counts.count))
    }

    override func update(_ targets: [Int32], _ records: [Int32], _ input: AggregateInput) {
        guard let column = input.column, case .integers(let values) = column.storage else { return }
        forEachValue(targets, records, column.validity) { row, record in
            sums[row] &+= Int128(values[record])
            counts[row] += 1
        }
    }

    override func merge(_ other: AggregateState, _ from: Int, into row: Int) {
        guard let other = other as? IntegerSumState else { return }
        sums[row] &+= other.sums[from]
        counts[row] += other.counts[from]
    }

    override func value(_ row: Int) -> StreamValue {
        if counts[row] == 0 { return .null }
        if isAverage { return .double(Double(sums[row]) / Double(counts[row])) }
        return Int64(exactly: sums[row]).map { .integer($0) } ?? .null
    }

    override func reset(_ row: Int) {
        sums[row] = 0
        counts[row] = 0
    }

    override func encode(_ rows: [Int32], into writer: inout ByteWriter) {
        writer.write(sums, at: rows)
        writer.write(counts, at: rows)
    }

    override func decode(_ rows: Int, from reader: inout ByteReader) throws(SnapshotFault) {
        sums.append(contentsOf: try reader.readNumbers(rows))
        let more: [Int64] = try reader.readNumbers(rows)
        guard !more.contains(where: { !(0..<1 << 60).contains($0) }) else { throw reader.fault("a count is invalid") }
        counts.append(contentsOf: more)
    }
}

/// The sum or average of floating-point numbers, exact until the one rounding of the result.
final class DoubleSumState: AggregateState {
    private var sums = ExactSums()
    private let counts = CountState()
    private let isAverage: Bool

    init(isAverage: Bool) { self.isAverage = isAverage }

    override func grow(to rows: Int) {
        sums.grow(to: rows)
        counts.grow(to: rows)
    }

    override func update(_ targets: [Int32], _ records: [Int32], _ input: AggregateInput) {
        guard let column = input.column, case .doubles(let values) = column.storage else { return }
        forEachValue(targets, records, column.validity) { row, record in sums.add(values[record], to: row) }
        counts.update(targets, records, input)
    }

    override func merge(_ other: AggregateState, _ from: Int, into row: Int) {
        guard let other = other as? DoubleSumState else { return }
        sums.add(other.sums.part(from), to: row)
        counts.merge(other.counts, from, into: row)
    }

    override func value(_ row: Int) -> StreamValue {
        guard case .integer(let count) = counts.value(row), count > 0 else { return .null }
        return .double(isAverage ? sums.value(row) / Double(count) : sums.value(row))
    }

    override func reset(_ row: Int) {
        sums.reset(row)
        counts.reset(row)
    }

    override func encode(_ rows: [Int32], into writer: inout ByteWriter) {
        sums.encode(rows, into: &writer)
        counts.encode(rows, into: &writer)
    }

    override func decode(_ rows: Int, from reader: inout ByteReader) throws(SnapshotFault) {
        try sums.decode(rows, from: &reader)
        try counts.decode(rows, from: &reader)
    }
}
