import Foundation
import MartletCore

/// Values as text, as Spark casts them to strings.
enum ArrowText {
    /// All digits of a decimal.
    static func decimal(_ value: Int128, scale: Int) -> String {
        let magnitude = value.magnitude
        var digits = UInt64(exactly: magnitude).map { String($0) } ?? String(magnitude)
        if scale > 0 {
            if digits.utf8.count <= scale {
                digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits
            }
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -scale))
        }
        return value < 0 ? "-" + digits : digits
    }

    /// `2024-02-29`; a year above 9999 has a plus, as in ISO 8601.
    static func date(_ days: Int64) -> String {
        // Whole cycles of the calendar apart, so that no day is too far for the arithmetic.
        let (cycles, rest) = days.floorDivided(by: 146_097)
        let day = CivilDate(of: Timestamp(microseconds: rest * 86_400_000_000))
        let year = Int64(day.year) + cycles * 400
        let sign = year < 0 ? "-" : year > 9999 ? "+" : ""
        return "\(sign)\(padded(Int64(year.magnitude), 4))-\(padded(Int64(day.month), 2))-\(padded(Int64(day.day), 2))"
    }

    /// `13:05:00.25`, without zeros at the end of a fraction.
    static func time(_ value: Int64, _ unit: ArrowTimeUnit) -> String {
        let (seconds, rest) = value.floorDivided(by: unit.perSecond)
        return clock(seconds) + fraction(rest, unit)
    }

    /// Date, `separator` and time.
    static func timestamp(_ value: Int64, _ unit: ArrowTimeUnit, offset: Int64 = 0, separator: String = " ") -> String {
        let (seconds, rest) = value.floorDivided(by: unit.perSecond)
        let (days, time) = (seconds &+ offset).floorDivided(by: 86_400)
        return date(days) + separator + clock(time) + fraction(rest, unit)
    }

    private static func clock(_ seconds: Int64) -> String {
        "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    }

    private static func fraction(_ rest: Int64, _ unit: ArrowTimeUnit) -> String {
        if rest == 0 { return "" }
        var digits = padded(rest, unit.rawValue * 3)
        while digits.hasSuffix("0") { digits.removeLast() }
        return "." + digits
    }

    /// `INTERVAL '1 02:03:04.5' DAY TO SECOND`.
    static func duration(_ value: Int64, _ unit: ArrowTimeUnit) -> String {
        let perSecond = unit.perSecond.magnitude
        let (seconds, rest) = value.magnitude.quotientAndRemainder(dividingBy: perSecond)
        let time = clock(Int64(seconds % 86_400)) + fraction(Int64(rest), unit)
        return "INTERVAL '\(value < 0 ? "-" : "")\(seconds / 86_400) \(time)' DAY TO SECOND"
    }

    /// `INTERVAL '1-2' YEAR TO MONTH`.
    static func months(_ months: Int32) -> String {
        let count = months.magnitude
        return "INTERVAL '\(months < 0 ? "-" : "")\(count / 12)-\(count % 12)' YEAR TO MONTH"
    }

    /// `1 years 2 months 3 days 4 hours 5 minutes 6.5 seconds`, without the parts that are 0.
    static func interval(months: Int32, days: Int32, nanoseconds: Int64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        let rest = nanoseconds % 1_000_000_000
        var parts = [(Int64(months / 12), "years"), (Int64(months % 12), "months"), (Int64(days), "days")]
        parts += [(seconds / 3600, "hours"), (seconds / 60 % 60, "minutes")]
        var words = parts.filter { $0.0 != 0 }.map { "\($0.0) \($0.1)" }
        if seconds % 60 != 0 || rest != 0 {
            let sign = nanoseconds < 0 ? "-" : ""
            words.append("\(sign)\((seconds % 60).magnitude)\(fraction(Int64(rest.magnitude), .nanosecond)) seconds")
        }
        return words.isEmpty ? "0 seconds" : words.joined(separator: " ")
    }

    /// A floating-point number as Java writes it: `1.0`, `1.0E10`, `Infinity`.
    ///
    /// - Parameters:
    ///   - description: the number as Swift writes it, the shortest text that stands for it.
    ///   - magnitude: the number without its sign.
    /// - Returns: the text.
    static func floating(_ description: String, magnitude: Double) -> String {
        if magnitude.isNaN { return "NaN" }
        let sign = description.hasPrefix("-") ? "-" : ""
        if magnitude.isInfinite { return sign + "Infinity" }
        if magnitude == 0 { return sign + "0.0" }
        // Its significant digits, and the place of the point: 0.DIGITS times 10 to the power of `point`.
        let halves = description.drop { $0 == "-" }.split(separator: "e")
        let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        var digits = parts.joined()
        var point = (parts.first?.count ?? 0) + (halves.count > 1 ? Int(halves[1]) ?? 0 : 0)
        while digits.hasPrefix("0"), digits.count > 1 {
            digits.removeFirst()
            point -= 1
        }
        while digits.hasSuffix("0"), digits.count > 1 { digits.removeLast() }
        if magnitude < 1e-3 || magnitude >= 1e7 {
            let tail = digits.dropFirst()
            return "\(sign)\(digits.prefix(1)).\(tail.isEmpty ? "0" : tail)E\(point - 1)"
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        if digits.count <= point {
            return sign + digits + String(repeating: "0", count: point - digits.count) + ".0"
        }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        let missing = width - digits.utf8.count
        return missing > 0 ? String(repeating: "0", count: missing) + digits : digits
    }
}
