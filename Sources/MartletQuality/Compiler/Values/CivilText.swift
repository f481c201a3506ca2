import MartletCore

/// Dates and times as ISO 8601 text, and back.
enum CivilText {
    static let dayMicroseconds: Int64 = 86_400_000_000

    /// `2020-01-31`; years before 1 or after 9999 keep their sign and digits.
    static func date(days: Int64) -> String {
        // Beyond 292,000 years from 1970 microseconds do not fit; the ends stand for infinity there.
        guard abs(days) < 106_000_000 else { return days < 0 ? "-infinity" : "infinity" }
        let day = CivilDate(of: Timestamp(microseconds: days * dayMicroseconds))
        return padded(Int64(day.year), 4) + "-" + padded(Int64(day.month), 2) + "-" + padded(Int64(day.day), 2)
    }

    /// `13:05:00`, with six digits after the point when there is a fraction.
    static func time(microseconds: Int64) -> String {
        let seconds = microseconds / 1_000_000
        let fraction = microseconds % 1_000_000
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        return fraction == 0 ? clock : clock + "." + padded(fraction, 6)
    }

    /// Date, `separator` and time.
    static func timestamp(microseconds: Int64, separator: String = "T") -> String {
        let days = floorDivide(microseconds, dayMicroseconds)
        return date(days: days) + separator + time(microseconds: microseconds - days * dayMicroseconds)
    }

    /// Digits of a number, with zeros in front up to `width`.
    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value.magnitude)
        return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}
