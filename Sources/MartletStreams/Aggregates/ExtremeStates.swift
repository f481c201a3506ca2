import MartletCore

/// The least or greatest of whole numbers or times.
final class IntegerExtremeState: AggregateState {
    private var values: [Int64] = []
    private var isSet: [Bool] = []
    private let isMaximum: Bool
    private let isTime: Bool

    init(isMaximum: Bool, isTime: Bool) {
        self.isMaximum = isMaximum
        self.isTime = isTime
    }

    override func grow(to rows: Int) {
        guard rows > values.count else { return }
        values.append(contentsOf: repeatElement(0, count: rows - values.count))
        isSet.append(contentsOf: repeatElement(false, count: rows - isSet.count))
    }

    @inline(__always)
    private func take(_ value: Int64, _ row: Int) {
        guard !isSet[row] || (isMaximum ? value > values[row] : value < values[row]) else { return }
        values[row] = value
        isSet[row] = true
    }

    override func update(_ targets: [Int32], _ records: [Int32], _ input: AggregateInput) {
        guard let column = input.column else { return }
        switch column.storage {
        case .integers(let numbers), .timestamps(let numbers):
            forEachValue(targets, records, column.validity) { row, record in take(numbers[record], row) }
        default: return
        }
    }

    override func merge(_ other: AggregateState, _ from: Int, into row: Int) {
        if let other = other as? IntegerExtremeState, other.isSet[from] { take(other.values[from], row) }
    }

    override func value(_ row: Int) -> StreamValue {
        isSet[row] ? (isTime ? .timestamp(values[row]) : .integer(values[row])) : .null
    }

    override func reset(_ row: Int) { isSet[row] = false }

    override func encode(_ rows: [Int32], into writer: inout ByteWriter) {
        for row in rows { writer.write(value(Int(row))) }
    }

    override func decode(_ rows: Int, from reader: inout ByteReader) throws(SnapshotFault) {
        for _ in 0..<rows {
            let row = values.count
            grow(to: row + 1)
            switch (try reader.readValue(), isTime) {
            case (.null, _): continue
            case (.integer(let number), false), (.timestamp(let number), true): take(number, row)
            default: throw reader.fault("an extreme is of another type")
            }
        }
    }
}

/// The least or greatest floating-point number; NaN is above all others.
final class DoubleExtremeState: AggregateState {
    private var values: [Double] = []
    private var isSet: [Bool] = []
    private let isMaximum: Bool

    init(isMaximum: Bool) { self.isMaximum = isMaximum }

    override func grow(to rows: Int) {
        guard rows > values.count else { return }
        values.append(contentsOf: repeatElement(0, count: rows - values.count))
        isSet.append(contentsOf: repeatElement(false, count: rows - isSet.count))
    }

    @inline(__always)
    private func take(_ value: Double, _ row: Int) {
        let isBetter = isMaximum ? FloatOrder.isLess(values[row], value) : FloatOrder.isLess(value, values[row])
        guard !isSet[row] || isBetter else { return }
        // One form of equal numbers, as which of them came first must not matter.
        values[row] = FloatOrder.canonical(value)
        isSet[row] = true
    }

    override func update(_ targets: [Int32], _ records: [Int32], _ input: AggregateInput) {
        guard let column = input.column, case .doubles(let numbers) = column.storage else { return }
        forEachValue(targets, records, column.validity) { row, record in take(numbers[record], row) }
    }

    override func merge(_ other: AggregateState, _ from: Int, into row: Int) {
        if let other = other as? DoubleExtremeState, other.isSet[from] { take(other.values[from], row) }
    }

    override func value(_ row: Int) -> StreamValue { isSet[row] ? .double(values[row]) : .null }
    override func reset(_ row: Int) { isSet[row] = false }

    override func encode(_ rows: [Int32], into writer: inout ByteWriter) {
        for row in rows { writer.write(value(Int(row))) }
    }

    override func decode(_ rows: Int, from reader: inout ByteReader) throws(SnapshotFault) {
        for _ in 0..<rows {
            let row = values.count
            grow(to: row + 1)
            switch try reader.readValue() {
            case .null: continue
            case .double(let number): take(number, row)
            default: throw reader.fault("an extreme is of another type")
            }
        }
    }
}

/// The least or greatest text or truth value.
final class ValueExtremeState: AggregateState {
    private var values: [StreamValue] = []
    private let isMaximum: Bool

    init(isMaximum: Bool) { self.isMaximum = isMaximum }

    override func grow(to rows: Int) {
        if rows > values.count { values.append(contentsOf: repeatElement(.null, count: rows - values.count)) }
    }

    private func take(_ value: StreamValue, _ row: Int) {
        guard value != .null else { return }
        let kept = values[row]
        let isBetter =
            isMaximum ? StreamValue.isOrdered(kept, before: value) : StreamValue.isOrdered(value, before: kept)
        if kept == .null || isBetter { values[row] = value }
    }

    override func update(_ targets: [Int32], _ records: [Int32], _ input: AggregateInput) {
        guard let column = input.column else { return }
        forEachValue(targets, records, column.validity) { row, record in take(column[record], row) }
    }

    override func merge(_ other: AggregateState, _ from: Int, into row: Int) {
        if let other = other as? ValueExtremeState { take(other.values[from], row) }
    }

    override func value(_ row: Int) -> StreamValue { values[row] }
    override func reset(_ row: Int) { values[row] = .null }

    override func encode(_ rows: [Int32], into writer: inout ByteWriter) {
        for row in rows { writer.write(values[Int(row)]) }
    }

    override func decode(_ rows: Int, from reader: inout ByteReader) throws(SnapshotFault) {
        for _ in 0..<rows { values.append(try reader.readValue()) }
    }
}
