import MartletCore

/// A sum of floating-point numbers that is exact whatever they are: a fixed-point number as wide as the format itself.
///
/// The idea is Kulisch's long accumulator: digits of 32 bits with room for carries, from 2^-1088 upwards.
struct WideSum: Hashable, Sendable {
    /// The digits, lowest first; each may be negative or above 2^32 until it is normalised.
    private var digits = [Int64](repeating: 0, count: Self.size)
    /// Additions since the carries were last passed on.
    private var pending = 0
    private var hasNaN = false
    private var hasPositiveInfinity = false
    private var hasNegativeInfinity = false

    private static let size = 70
    /// The exponent of the lowest bit.
    private static let lowest = -1088

    init() {}

    mutating func add(_ value: Double) {
        if value.isNaN {
            hasNaN = true
        } else if value.isInfinite {
            if value > 0 { hasPositiveInfinity = true } else { hasNegativeInfinity = true }
        } else if value != 0 {
            let bits = value.bitPattern
            let biased = Int(bits >> 52 & 0x7FF)
            let fraction = bits & 0xF_FFFF_FFFF_FFFF
            let mantissa = biased == 0 ? fraction : fraction | 1 << 52
            let place = max(biased, 1) - 1075 - Self.lowest
            let wide = UInt128(mantissa) << UInt128(place & 31)
            let first = place >> 5
            for part in 0..<3 {
                let digit = Int64(truncatingIfNeeded: UInt32(truncatingIfNeeded: wide >> UInt128(32 * part)))
                digits[first + part] += value < 0 ? -digit : digit
            }
            pending += 1
            if pending >= 1 << 30 { normalise() }
        }
    }

    mutating func add(_ other: WideSum) {
        var other = other
        other.normalise()
        normalise()
        for index in digits.indices { digits[index] += other.digits[index] }
        pending = 1
        hasNaN = hasNaN || other.hasNaN
        hasPositiveInfinity = hasPositiveInfinity || other.hasPositiveInfinity
        hasNegativeInfinity = hasNegativeInfinity || other.hasNegativeInfinity
    }

    /// Passes the carries on: all digits but the last are then from 0 to 2^32 - 1, and the last has the sign.
    private mutating func normalise() {
        var carry: Int64 = 0
        for index in 0..<(Self.size - 1) {
            let total = digits[index] + carry
            digits[index] = total & 0xFFFF_FFFF
            carry = total >> 32
        }
        digits[Self.size - 1] += carry
        pending = 0
    }

    /// The sum, rounded to the nearest double, ties to even.
    var value: Double {
        if hasNaN || (hasPositiveInfinity && hasNegativeInfinity) { return .nan }
        if hasPositiveInfinity { return .infinity }
        if hasNegativeInfinity { return -.infinity }
        var sum = self
        sum.normalise()
        let isNegative = sum.digits[Self.size - 1] < 0
        if isNegative {
            for index in sum.digits.indices { sum.digits[index].negate() }
            sum.normalise()
        }
        guard let top = sum.digits.lastIndex(where: { $0 != 0 }) else { return 0 }
        // The 64 bits from the highest one, with all lower ones gathered in the last.
        var window: UInt128 = 0
        for offset in 0..<4 {
            window = window << 32 | UInt128(top >= offset ? UInt64(sum.digits[top - offset]) : 0)
        }
        let shift = window.leadingZeroBitCount
        var head = UInt64(truncatingIfNeeded: (window << UInt128(shift)) >> 64)
        let below = UInt64(truncatingIfNeeded: window << UInt128(shift))
        if below != 0 || (top > 3 && sum.digits[..<(top - 3)].contains { $0 != 0 }) { head |= 1 }
        let exponent = Self.lowest + 32 * (top - 3) + 64 - shift
        let magnitude = Double(sign: .plus, exponent: exponent, significand: Double(head))
        return isNegative ? -magnitude : magnitude
    }

    func encode(into writer: inout ByteWriter) {
        var sum = self
        sum.normalise()
        writer.write(UInt8((hasNaN ? 1 : 0) | (hasPositiveInfinity ? 2 : 0) | (hasNegativeInfinity ? 4 : 0)))
        for digit in sum.digits { writer.write(digit) }
    }

    init(from reader: inout ByteReader) throws(SnapshotFault) {
        let flags: UInt8 = try reader.read()
        hasNaN = flags & 1 != 0
        hasPositiveInfinity = flags & 2 != 0
        hasNegativeInfinity = flags & 4 != 0
        for index in digits.indices {
            let digit: Int64 = try reader.read()
            let isLast = index == Self.size - 1
            guard isLast ? (-(1 << 40)..<(1 << 40)).contains(digit) : digit >> 32 == 0 else {
                throw reader.fault("a digit of a sum is out of range")
            }
            digits[index] = digit
        }
    }
}
