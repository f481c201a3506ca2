import MartletCore

/// Dates and times as suites write them.
extension CivilText {
    /// A moment that text names.
    struct Moment: Hashable {
        /// Microseconds since 1970-01-01T00:00:00, in UTC when a zone is told.
        var microseconds: Int64
        /// Whether only a date is told.
        var isDate: Bool
        /// Whether a zone is told.
        var hasZone: Bool
    }

    /// Reads `2020-1-31`, and with `T` or a space `13:05`, `13:05:00`, `13:05:00.25`, each with `Z` or `+01:00` or none.
    static func moment(_ text: String) -> Moment? {
        var rest = text.drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        guard let days = readDate(&rest) else { return nil }
        let midnight = days * dayMicroseconds
        guard let separator = rest.first else { return Moment(microseconds: midnight, isDate: true, hasZone: false) }
        guard separator == "T" || separator == " " else { return nil }
        rest.removeFirst()
        guard let time = readTime(&rest) else { return nil }
        guard !rest.isEmpty else { return Moment(microseconds: midnight + time, isDate: false, hasZone: false) }
        guard let offset = readOffset(rest) else { return nil }
        return Moment(microseconds: midnight + time - offset, isDate: false, hasZone: true)
    }

    private static func readDate(_ rest: inout Substring) -> Int64? {
        guard let year = digits(&rest, 4...4), take("-", &rest), let month = digits(&rest, 1...2), take("-", &rest),
            let day = digits(&rest, 1...2), (1...12).contains(month), day >= 1,
            Int(day) <= CivilDate.length(ofMonth: Int(month), year: Int(year))
        else { return nil }
        return CivilDate.days(year: Int(year), month: Int(month), day: Int(day))
    }

    private static func readTime(_ rest: inout Substring) -> Int64? {
        guard let hour = digits(&rest, 1...2), take(":", &rest), let minute = digits(&rest, 2...2), hour < 24,
            minute < 60
        else { return nil }
        var microseconds = (hour * 60 + minute) * 60_000_000
        guard take(":", &rest) else { return microseconds }
        guard let second = digits(&rest, 2...2), second < 60 else { return nil }
        microseconds += second * 1_000_000
        guard take(".", &rest) else { return microseconds }
        let fraction = rest.prefix { $0.isASCII && $0.isNumber }
        guard (1...9).contains(fraction.count) else { return nil }
        rest.removeFirst(fraction.count)
        guard let value = Int64((fraction + "000000").prefix(6)) else { return nil }
        return microseconds + value
    }

    private static func readOffset(_ text: Substring) -> Int64? {
        if text == "Z" || text == "z" { return 0 }
        var rest = text
        guard let sign = rest.popFirst(), sign == "+" || sign == "-", let hour = digits(&rest, 2...2) else {
            return nil
        }
        _ = take(":", &rest)
        let minute = rest.isEmpty ? 0 : digits(&rest, 2...2)
        guard let minute, rest.isEmpty, hour < 24, minute < 60 else { return nil }
        return (sign == "-" ? -1 : 1) * (hour * 60 + minute) * 60_000_000
    }

    private static func digits(_ rest: inout Substring, _ counts: ClosedRange<Int>) -> Int64? {
        let found = rest.prefix(counts.upperBound).prefix { $0.isASCII && $0.isNumber }
        guard counts.contains(found.count), let value = Int64(found) else { return nil }
        rest.removeFirst(found.count)
        return value
    }

    private static func take(_ character: Character, _ rest: inout Substring) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }
}
