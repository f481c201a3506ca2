/// Numbers of series, to and from bytes, faster than the general ways.
enum SeriesNumber {
    /// A power of ten up to the 22nd, which are exact.
    private static func power(_ exponent: Int) -> Double {
        var result = 1.0
        for _ in 0..<exponent { result *= 10 }
        return result
    }

    /// What a field holds.
    struct Reading {
        /// NaN when there is no number.
        var value = Double.nan
        /// Whether the field can stand in JSON as it is.
        var isJSON = false
        /// Whether the field says that there is no value, rather than something that is no number.
        var isMissing = false
    }

    /// Reads a decimal number, as in `-12.5e3`; infinities count as unreadable.
    ///
    /// A number of up to 19 digits and a small exponent is made of two exact doubles by one rounding (Clinger 1990);
    /// others take the standard library's way.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Reading {
        var at = start
        var end = end
        while at < end, bytes[at] == 32 || bytes[at] == 9 { at += 1 }
        while end > at, bytes[end - 1] == 32 || bytes[end - 1] == 9 { end -= 1 }
        guard at < end else { return Reading(isMissing: true) }
        let first = at
        var isJSON = true
        let isNegative = bytes[at] == UInt8(ascii: "-")
        if isNegative || bytes[at] == UInt8(ascii: "+") {
            isJSON = isNegative
            at += 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        let whole = at
        while at < end, bytes[at] &- 48 < 10 {
            if digits < 19 { mantissa = mantissa &* 10 &+ UInt64(bytes[at] &- 48) } else { exponent += 1 }
            if mantissa > 0 { digits += 1 }
            at += 1
        }
        let wholeDigits = at - whole
        if wholeDigits == 0 || (wholeDigits > 1 && bytes[whole] == 48) { isJSON = false }
        var fractionDigits = 0
        if at < end, bytes[at] == UInt8(ascii: ".") {
            at += 1
            let fraction = at
            while at < end, bytes[at] &- 48 < 10 {
                if digits < 19 {
                    mantissa = mantissa &* 10 &+ UInt64(bytes[at] &- 48)
                    exponent -= 1
                    if mantissa > 0 { digits += 1 }
                }
                at += 1
            }
            fractionDigits = at - fraction
            if fractionDigits == 0 { isJSON = false }
        }
        guard wholeDigits + fractionDigits > 0 else { return word(bytes, first, end) }
        if at < end {
            guard bytes[at] | 32 == UInt8(ascii: "e"), let written = power(bytes, at + 1, end) else {
                return Reading()
            }
            exponent += written
            at = end
        }
        if mantissa < 1 << 53, exponent >= -22, exponent <= 22 {
            let magnitude = exponent < 0 ? Double(mantissa) / power(-exponent) : Double(mantissa) * power(exponent)
            return Reading(value: isNegative ? -magnitude : magnitude, isJSON: isJSON)
        }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[first..<end]), as: UTF8.self)
        guard let value = Double(text), value.isFinite else { return Reading() }
        return Reading(value: value, isJSON: isJSON)
    }

    private static func power(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var at = start
        var isNegative = false
        if at < end, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") {
            isNegative = bytes[at] == UInt8(ascii: "-")
            at += 1
        }
        guard at < end else { return nil }
        var result = 0
        while at < end {
            guard bytes[at] &- 48 < 10 else { return nil }
            result = min(100_000, result * 10 + Int(bytes[at] &- 48))
            at += 1
        }
        return isNegative ? -result : result
    }

    /// Whether a field that is no number says so on purpose.
    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Reading {
        guard end - start <= 5 else { return Reading() }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self).lowercased()
        return Reading(isMissing: ["null", "na", "n/a", "nan", "none", "nil", "-", "?", ".", "\\n"].contains(text))
    }

    /// Appends a number with eight significant digits, without zeros at its end; `null` for one that is not finite.
    static func append(_ value: Double, to output: inout [UInt8]) {
        guard value.isFinite else { return output.append(contentsOf: "null".utf8) }
        let magnitude = value.magnitude
        guard magnitude < 1e15, magnitude >= 1e-6 else {
            return output.append(contentsOf: (magnitude == 0 ? "0" : value.description).utf8)
        }
        var decimals = 7
        var factor = 1e7
        var least = magnitude
        while decimals > 0, least >= 10 {
            least *= 0.1
            factor *= 0.1
            decimals -= 1
        }
        // Whole powers again, where the products have strayed.
        factor = factor.rounded()
        while least < 1 {
            least *= 10
            factor *= 10
            decimals += 1
        }
        let digits = UInt64((magnitude * factor).rounded())
        append(digits, decimals: decimals, isNegative: value < 0, to: &output)
    }

    /// Appends a number from 0 to 1 with six decimals, the rest cut off.
    static func append(score: Double, to output: inout [UInt8]) {
        append(UInt64(min(1, max(0, score)) * 1_000_000), decimals: 6, isNegative: false, to: &output)
    }

    /// Appends a whole number.
    static func append(_ value: Int, to output: inout [UInt8]) {
        append(UInt64(value.magnitude), decimals: 0, isNegative: value < 0, to: &output)
    }

    /// Appends `number` with a point before the last `decimals` digits.
    private static func append(_ number: UInt64, decimals: Int, isNegative: Bool, to output: inout [UInt8]) {
        var rest = number
        var places = decimals
        while places > 0, rest % 10 == 0 {
            rest /= 10
            places -= 1
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 40) { scratch in
            var at = scratch.count
            var left = places
            repeat {
                if left == 0, places > 0, at < scratch.count {
                    at -= 1
                    scratch[at] = UInt8(ascii: ".")
                }
                at -= 1
                scratch[at] = 48 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
                left -= 1
            } while rest > 0 || left >= 0
            if isNegative {
                at -= 1
                scratch[at] = UInt8(ascii: "-")
            }
            output.append(contentsOf: UnsafeMutableBufferPointer(rebasing: scratch[at...]))
        }
    }
}
