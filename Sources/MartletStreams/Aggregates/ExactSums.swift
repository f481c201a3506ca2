import MartletCore

/// Sums of floating-point numbers, one a row, that do not depend on the order of additions or merges.
///
/// A row is two doubles whose sum is exact, as long as that is possible (Shewchuk's expansions, "Adaptive Precision
/// Floating-Point Arithmetic", 1997, cut off at two); a row that needs more has a ``WideSum``. Both are exact, so the
/// one rounding at the end gives the same bits for any order.
struct ExactSums {
    /// The larger parts; NaN marks a row that is in `wide`.
    private var high: [Double] = []
    private var low: [Double] = []
    private var wide: [Int32: WideSum] = [:]

    var count: Int { high.count }

    mutating func grow(to rows: Int) {
        guard rows > high.count else { return }
        high.append(contentsOf: repeatElement(0, count: rows - high.count))
        low.append(contentsOf: repeatElement(0, count: rows - low.count))
    }

    mutating func reset(_ row: Int) {
        if high[row].isNaN { wide[Int32(row)] = nil }
        high[row] = 0
        low[row] = 0
    }

    @inline(__always)
    mutating func add(_ value: Double, to row: Int) {
        let top = high[row]
        let (middle, lowest) = Self.twoSum(value, low[row])
        let (sum, rest) = Self.twoSum(middle, top)
        if lowest == 0, sum.isFinite {
            high[row] = sum
            low[row] = rest
        } else if rest == 0, sum.isFinite {
            high[row] = sum
            low[row] = lowest
        } else {
            addThree(value, sum, rest, lowest, to: row)
        }
    }

    /// Packs three parts into two when their bits fit, which they do unless the values are far apart.
    private mutating func addThree(_ value: Double, _ sum: Double, _ rest: Double, _ lowest: Double, to row: Int) {
        let (middle, bottom) = Self.twoSum(rest, lowest)
        let (top, between) = Self.twoSum(sum, middle)
        if top.isFinite, bottom == 0 || between == 0 {
            high[row] = top
            low[row] = bottom == 0 ? between : bottom
        } else {
            addWide(value, to: row)
        }
    }

    private mutating func addWide(_ value: Double, to row: Int) {
        promote(row)
        wide[Int32(row), default: WideSum()].add(value)
    }

    private mutating func promote(_ row: Int) {
        guard !high[row].isNaN else { return }
        var sum = WideSum()
        sum.add(high[row])
        sum.add(low[row])
        wide[Int32(row)] = sum
        high[row] = .nan
        low[row] = 0
    }

    /// The exact sum of two numbers: the rounded one and what was rounded off (Knuth's TwoSum).
    @inline(__always)
    static func twoSum(_ left: Double, _ right: Double) -> (sum: Double, rest: Double) {
        let sum = left + right
        let virtual = sum - left
        return (sum, (left - (sum - virtual)) + (right - virtual))
    }

    /// The exact sum of one row, to be added to another.
    struct Part {
        fileprivate var high: Double
        fileprivate var low: Double
        fileprivate var wide: WideSum?
    }

    func part(_ row: Int) -> Part {
        Part(high: high[row], low: low[row], wide: high[row].isNaN ? wide[Int32(row)] : nil)
    }

    mutating func add(_ part: Part, to row: Int) {
        if let sum = part.wide {
            promote(row)
            wide[Int32(row), default: WideSum()].add(sum)
        } else {
            add(part.high, to: row)
            add(part.low, to: row)
        }
    }

    /// The sum of a row, rounded once; never a negative zero.
    func value(_ row: Int) -> Double {
        high[row].isNaN ? (wide[Int32(row)]?.value ?? 0) + 0 : high[row] + low[row] + 0
    }

    /// The sum of a row as two doubles: the rounded sum, and the rounded rest.
    func pair(_ row: Int) -> (sum: Double, rest: Double) {
        guard high[row].isNaN, var sum = wide[Int32(row)] else {
            return Self.twoSum(high[row], low[row])
        }
        let rounded = sum.value
        guard rounded.isFinite else { return (rounded, 0) }
        sum.add(-rounded)
        return (rounded, sum.value)
    }

    func encode(_ rows: [Int32], into writer: inout ByteWriter) {
        for row in rows {
            let index = Int(row)
            let sum = high[index].isNaN ? wide[row] : nil
            writer.write(sum != nil)
            if let sum {
                sum.encode(into: &writer)
            } else {
                writer.write(high[index])
                writer.write(low[index])
            }
        }
    }

    mutating func decode(_ rows: Int, from reader: inout ByteReader) throws(SnapshotFault) {
        for _ in 0..<rows {
            let row = high.count
            if try reader.readTruth() {
                wide[Int32(row)] = try WideSum(from: &reader)
                high.append(.nan)
                low.append(0)
            } else {
                let (top, rest) = (try reader.readDouble(), try reader.readDouble())
                guard top.isFinite, rest.isFinite else { throw reader.fault("a sum is not finite") }
                high.append(top)
                low.append(rest)
            }
        }
    }
}
