/// An instant in UTC, in whole microseconds since 1970-01-01.
///
/// Time zones exist only in schedules and on screens.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let microseconds: Int64

    /// The instant so many microseconds after 1970-01-01T00:00:00Z.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The instant so many seconds after 1970-01-01T00:00:00Z.
    public init(seconds: Double) { microseconds = Int64((seconds * 1_000_000).rounded()) }

    /// Whether `left` is the earlier instant.
    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// The instant `duration` later.
    public static func + (instant: Self, duration: Duration) -> Self {
        Self(microseconds: instant.microseconds + duration.microseconds)
    }

    /// The instant `duration` earlier.
    public static func - (instant: Self, duration: Duration) -> Self {
        Self(microseconds: instant.microseconds - duration.microseconds)
    }

    /// The time from `right` to `left`.
    public static func - (left: Self, right: Self) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }
}

extension Timestamp: CustomStringConvertible, Codable {
    /// RFC 3339 in UTC with microseconds, as in `2026-01-02T03:04:05.678901Z`.
    public var description: String {
        let date = CivilDate(of: self)
        return "\(date.dayText)T\(date.timeText(separator: ":")).\(padded(date.microsecond, 6))Z"
    }

    /// `yyyymmddThhmmssZ`, for names of files.
    public var compact: String {
        let date = CivilDate(of: self)
        return "\(padded(date.year, 4))\(padded(date.month, 2))\(padded(date.day, 2))T\(date.timeText(separator: ""))Z"
    }

    /// The instant written as RFC 3339 in UTC (`...Z`), with up to six digits of fraction, or nil.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].allSatisfy(NameRules.isDigit) ? Int(String(decoding: bytes[range], as: UTF8.self)) : nil
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            bytes[4] == 45, bytes[7] == 45, bytes[10] == 84, bytes[13] == 58, bytes[16] == 58,
            (1...12).contains(month), (1...CivilDate.length(ofMonth: month, year: year)).contains(day), hour < 24,
            minute < 60, second < 60
        else { return nil }
        var micros = 0
        if bytes.count > 20 {
            let digits = bytes[20..<(bytes.count - 1)]
            guard bytes[19] == 46, (1...6).contains(digits.count), digits.allSatisfy(NameRules.isDigit),
                let fraction = Int(String(decoding: digits, as: UTF8.self))
            else { return nil }
            micros = (digits.count..<6).reduce(fraction) { value, _ in value * 10 }
        }
        let days = CivilDate.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        self.init(microseconds: seconds * 1_000_000 + Int64(micros))
    }

    /// Decodes an RFC 3339 string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Timestamp(rfc3339: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 instant in UTC")
        }
        self = value
    }

    /// Encodes as an RFC 3339 string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A day and a time of day in UTC, by the proleptic Gregorian calendar.
///
/// The day arithmetic is Howard Hinnant's `days_from_civil` and its inverse ("chrono-Compatible Low-Level Date
/// Algorithms"); a calendar of Foundation's would load ICU's data at every start.
package struct CivilDate: Hashable, Sendable {
    package var year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, microsecond = 0

    package init(of instant: Timestamp) {
        let perDay: Int64 = 86_400_000_000
        var days = instant.microseconds / perDay
        var rest = instant.microseconds % perDay
        if rest < 0 {
            rest += perDay
            days -= 1
        }
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
        microsecond = Int(rest % 1_000_000)
        let seconds = Int(rest / 1_000_000)
        (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    package static func days(year: Int, month: Int, day: Int) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    package static func length(ofMonth month: Int, year: Int) -> Int {
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 && isLeapYear ? 29 : [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    package var dayText: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

    package func timeText(separator: String) -> String {
        [hour, minute, second].map { padded($0, 2) }.joined(separator: separator)
    }
}

func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
