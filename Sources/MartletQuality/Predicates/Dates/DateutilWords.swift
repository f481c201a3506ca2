import MartletCore

/// The words that python-dateutil knows, each in lower case.
enum DateutilWords {
    /// Words and signs that stand between the parts of a date and say nothing.
    static let jumps: Set<String> = [
        " ", ".", ",", ";", "-", "/", "'", "at", "on", "and", "ad", "m", "t", "of", "st", "nd", "rd", "th",
    ]
    /// Units of a time of day: hours, minutes, seconds.
    static let units = [
        "h": 0, "hour": 0, "hours": 0, "m": 1, "minute": 1, "minutes": 1, "s": 2, "second": 2, "seconds": 2,
    ]
    /// Halves of a day.
    static let halves = ["am": 0, "a": 0, "pm": 1, "p": 1]
    /// Names of UTC, as they may be written.
    static let utc: Set<String> = ["UTC", "GMT", "Z", "z"]

    static func isJump(_ token: String) -> Bool { jumps.contains(token.lowercased()) }
    static func unit(_ token: String) -> Int? { units[token.lowercased()] }
    static func half(_ token: String) -> Int? { halves[token.lowercased()] }

    /// Whether it names a day of the week, in full or by three letters.
    static func isWeekday(_ token: String) -> Bool {
        let word = token.lowercased()
        return StrftimeNames.weekdays.contains { $0 == word || $0.prefix(3) == word }
    }

    /// The month it names, from 1.
    static func month(_ token: String) -> Int? {
        let word = token.lowercased() == "sept" ? "september" : token.lowercased()
        return StrftimeNames.months.firstIndex { $0 == word || $0.prefix(3) == word }.map { $0 + 1 }
    }

    /// Whether it may be the name of a time zone.
    static func couldBeZone(_ token: String) -> Bool {
        token.unicodeScalars.count <= 5
            && (token.unicodeScalars.allSatisfy { ("A"..."Z").contains($0) } || utc.contains(token))
    }
}
