import MartletCore

/// The sample standard deviation, from the exact sums of the values and of their squares.
///
/// Both sums are read as two doubles and combined in twice the usual precision, so that values far from zero with a
/// small spread lose nothing.
final class DeviationState: AggregateState {
    private var sums = ExactSums()
    private var squares = ExactSums()
    private let counts = CountState()

    override func grow(to rows: Int) {
        sums.grow(to: rows)
        squares.grow(to: rows)
        counts.grow(to: rows)
    }

    override func update(_ targets: [Int32], _ records: [Int32], _ input: AggregateInput) {
        guard let column = input.column else { return }
        switch column.storage {
        case .doubles(let values):
            forEachValue(targets, records, column.validity) { row, record in add(values[record], to: row) }
        case .integers(let values):
            forEachValue(targets, records, column.validity) { row, record in add(Double(values[record]), to: row) }
        default: return
        }
        counts.update(targets, records, input)
    }

    private func add(_ value: Double, to row: Int) {
        sums.add(value, to: row)
        let square = value * value
        squares.add(square, to: row)
        if square.isFinite { squares.add((-square).addingProduct(value, value), to: row) }
    }

    override func merge(_ other: AggregateState, _ from: Int, into row: Int) {
        guard let other = other as? DeviationState else { return }
        sums.add(other.sums.part(from), to: row)
        squares.add(other.squares.part(from), to: row)
        counts.merge(other.counts, from, into: row)
    }

    override func value(_ row: Int) -> StreamValue {
        guard case .integer(let count) = counts.value(row), count > 1 else { return .null }
        let number = Double(count)
        let scaled = TwofoldNumber(squares.pair(row)).times(TwofoldNumber((number, 0)))
        let sum = TwofoldNumber(sums.pair(row))
        let spread = scaled.minus(sum.times(sum)).rounded
        if spread.isNaN { return .double(.nan) }
        return .double((max(0, spread) / number / (number - 1)).squareRoot())
    }

    override func reset(_ row: Int) {
        sums.reset(row)
        squares.reset(row)
        counts.reset(row)
    }

    override func encode(_ rows: [Int32], into writer: inout ByteWriter) {
        sums.encode(rows, into: &writer)
        squares.encode(rows, into: &writer)
        counts.encode(rows, into: &writer)
    }

    override func decode(_ rows: Int, from reader: inout ByteReader) throws(SnapshotFault) {
        try sums.decode(rows, from: &reader)
        try squares.decode(rows, from: &reader)
        try counts.decode(rows, from: &reader)
    }
}

/// A number as the sum of two doubles (Dekker, "A floating-point technique for extending the available precision").
private struct TwofoldNumber {
    var high: Double
    var low: Double

    init(_ parts: (sum: Double, rest: Double)) { (high, low) = parts }

    func times(_ other: TwofoldNumber) -> TwofoldNumber {
        let product = high * other.high
        let rest = (-product).addingProduct(high, other.high) + (high * other.low + low * other.high)
        return TwofoldNumber(ExactSums.twoSum(product, rest))
    }

    func minus(_ other: TwofoldNumber) -> TwofoldNumber {
        let (sum, rest) = ExactSums.twoSum(high, -other.high)
        return TwofoldNumber(ExactSums.twoSum(sum, rest + (low - other.low)))
    }

    var rounded: Double { high + low }
}
