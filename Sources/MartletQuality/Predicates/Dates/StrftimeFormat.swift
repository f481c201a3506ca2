public import MartletCore

/// A format of dates and times, as Python's `datetime.strptime` understands it.
///
/// Names of days and months are the English ones, and the zones that `%Z` knows are UTC and GMT, as for a Python that
/// runs with the C locale in UTC. Where versions of Python differ, it is 3.11.
public struct StrftimeFormat: Hashable, Sendable {
    /// The format as it is written.
    public let text: String
    let parts: [Part]

    /// A piece of a format.
    enum Part: Hashable, Sendable {
        /// A character, in either case.
        case literal(Unicode.Scalar)
        /// One space or more, of any kind.
        case space
        case directive(StrftimeDirective)
    }

    /// Reads a format.
    ///
    /// - Throws: `.dateFormatInvalid` for a directive that is not known or stands twice, or a lone `%` at the end.
    public init(_ text: String) throws(MartletError) {
        self.text = text
        var parts = [Part]()
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            if scalar.isPythonSpace {
                if parts.last != .space { parts.append(.space) }
            } else if scalar != "%" {
                parts.append(.literal(scalar.folded))
            } else {
                parts += try Self.expanded(rest.popFirst(), of: text)
            }
        }
        var seen = Set<StrftimeDirective>()
        for case .directive(let directive) in parts where !seen.insert(directive).inserted {
            throw Self.invalid(text, "%\(directive.rawValue) stands in it twice", "say each part once")
        }
        self.parts = parts
    }

    /// Whether `datetime.strptime` takes `value`: the whole of it fits, and it is a moment that exists.
    public func accepts(_ value: String) -> Bool {
        var match = StrftimeMatch(Array(value.unicodeScalars))
        // Only the first way to fit counts, as in a regular expression; it has to end where the value does.
        guard match.run(parts[...]), match.end == match.scalars.count else { return false }
        return StrftimeMoment(match).map(\.exists) ?? false
    }

    private static func expanded(_ letter: Unicode.Scalar?, of text: String) throws(MartletError) -> [Part] {
        guard let letter else { throw invalid(text, "it ends with a lone %", "write %% for a percent sign") }
        switch letter {
        case "%": return [.literal("%")]
        case "c": return try StrftimeFormat("%a %b %d %H:%M:%S %Y").parts
        case "x": return try StrftimeFormat("%m/%d/%y").parts
        case "X": return try StrftimeFormat("%H:%M:%S").parts
        default:
            guard let directive = StrftimeDirective(rawValue: Character(letter)) else {
                let known = StrftimeDirective.allCases.map { String($0.rawValue) }.sorted().joined(separator: " ")
                throw invalid(text, "%\(letter) is no directive", "the directives are: \(known) c x X %")
            }
            return [.directive(directive)]
        }
    }

    private static func invalid(_ text: String, _ reason: String, _ remedy: String) -> MartletError {
        MartletError(
            .dateFormatInvalid,
            "\"\(text)\" is not a date format that strptime knows",
            reason: reason,
            remedy: remedy
        )
    }
}

/// What stands after a `%`.
enum StrftimeDirective: Character, Hashable, Sendable, CaseIterable {
    case year = "Y"
    case shortYear = "y"
    case isoYear = "G"
    case month = "m"
    case monthName = "B"
    case shortMonthName = "b"
    case day = "d"
    case dayOfYear = "j"
    case weekOfSundays = "U"
    case weekOfMondays = "W"
    case isoWeek = "V"
    case weekdayName = "A"
    case shortWeekdayName = "a"
    case weekdayFromSunday = "w"
    case weekdayFromMonday = "u"
    case hour = "H"
    case halfDayHour = "I"
    case halfDay = "p"
    case minute = "M"
    case second = "S"
    case fraction = "f"
    case offset = "z"
    case zone = "Z"
}
