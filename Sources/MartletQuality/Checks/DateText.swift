/// Dates and times as the bounds of expectations have them.
enum DateText {
    /// `text` in the form of ISO 8601, such as `2026-01-31` or `2026-01-31T10:00:00+00:00`; nil when it is no date.
    ///
    /// Taken are a date whose month and day may have one digit, and after it, behind a `T` or a space, a time with or
    /// without seconds, a fraction, and an offset.
    static func normalised(_ text: String) -> String? {
        var reader = Digits(text)
        guard let year = reader.number(4...4), reader.takes("-"), let month = reader.number(1...2), reader.takes("-"),
            let day = reader.number(1...2), (1...12).contains(month), year > 0,
            (1...length(ofMonth: month, year: year)).contains(day)
        else { return nil }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        if reader.isAtEnd { return date }
        guard reader.takes("T") || reader.takes(" "), let hour = reader.number(1...2), reader.takes(":"),
            let minute = reader.number(2...2), hour < 24, minute < 60
        else { return nil }
        var second = 0
        var fraction = ""
        if reader.takes(":") {
            guard let read = reader.number(2...2), read < 60 else { return nil }
            second = read
            if reader.takes(".") {
                guard let digits = reader.digits(1...12) else { return nil }
                fraction = String((digits + "00000").prefix(6))
            }
        }
        guard let zone = offset(&reader), reader.isAtEnd else { return nil }
        let time = "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
        return "\(date)T\(time)" + (fraction.allSatisfy { $0 == "0" } ? "" : ".\(fraction)") + zone
    }

    private static func offset(_ reader: inout Digits) -> String? {
        if reader.isAtEnd { return "" }
        if reader.takes("Z") || reader.takes("z") { return "+00:00" }
        guard let sign = reader.takes("+") ? "+" : reader.takes("-") ? "-" : nil, let hours = reader.number(2...2)
        else { return nil }
        if reader.isAtEnd { return "\(sign)\(padded(hours, 2)):00" }
        _ = reader.takes(":")
        guard let minutes = reader.number(2...2) else { return nil }
        return "\(sign)\(padded(hours, 2)):\(padded(minutes, 2))"
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Reads digits and single characters.
    private struct Digits {
        private var rest: Substring

        init(_ text: String) { rest = text[...] }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func takes(_ character: Character) -> Bool {
            guard rest.first == character else { return false }
            rest.removeFirst()
            return true
        }

        mutating func digits(_ count: ClosedRange<Int>) -> String? {
            let found = rest.prefix { $0.isASCII && $0.isNumber }.prefix(count.upperBound)
            guard found.count >= count.lowerBound else { return nil }
            rest = rest.dropFirst(found.count)
            return String(found)
        }

        mutating func number(_ count: ClosedRange<Int>) -> Int? { digits(count).flatMap { Int($0) } }
    }
}
