/// What a clock on the wall shows, without a zone.
public struct LocalTime: Hashable, Comparable, Sendable {
    /// Microseconds that such a clock counts from its 1970-01-01T00:00:00.
    public let microseconds: Int64

    /// The time so many microseconds after 1970-01-01T00:00:00.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The time of day so many seconds into `day`.
    public init(day: LocalDay, seconds: Int64 = 0) {
        microseconds = (Int64(day.number) * 86_400 + seconds) * 1_000_000
    }

    /// Whether `left` is earlier.
    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// The day.
    public var day: LocalDay { LocalDay(number: Int(microseconds.flooredQuotient(86_400_000_000))) }

    /// Its year, month, day and time of day.
    package var civil: CivilDate { CivilDate(of: Timestamp(microseconds: microseconds)) }
}

extension LocalTime: CustomStringConvertible {
    /// As people write it, without fractions: `2026-01-02 03:04:05`.
    public var description: String { "\(civil.dayText) \(civil.timeText(separator: ":"))" }
}

/// A day of the calendar, without a zone.
public struct LocalDay: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public let number: Int

    /// The day so many days after 1970-01-01.
    public init(number: Int) { self.number = number }

    /// The day of a date; a month or day beyond its year or month runs on into the next.
    public init(year: Int, month: Int, day: Int) {
        let months = Int64(year) * 12 + Int64(month) - 1
        let (year, month) = (Int(months.flooredQuotient(12)), Int(months - months.flooredQuotient(12) * 12) + 1)
        number = Int(CivilDate.days(year: year, month: month, day: 1)) + day - 1
    }

    /// Whether `left` is earlier.
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    /// The weekday, 0 for Sunday.
    public var weekday: Int { ((number + 4) % 7 + 7) % 7 }
}

extension LocalDay: CustomStringConvertible, Codable {
    /// ISO 8601, as in `2026-12-25`.
    public var description: String { LocalTime(day: self).civil.dayText }

    /// The day written as `2026-12-25`, or nil.
    public init?(text: String) {
        guard let instant = Timestamp(rfc3339: "\(text)T00:00:00Z"), text.utf8.count == 10 else { return nil }
        number = LocalTime(microseconds: instant.microseconds).day.number
    }

    /// Decodes `"2026-12-25"`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let day = LocalDay(text: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a day such as 2026-12-25")
        }
        self = day
    }

    /// Encodes as `"2026-12-25"`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Int64 {
    /// The quotient rounded down, also below zero.
    package func flooredQuotient(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
