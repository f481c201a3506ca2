/// Fits a format to a value, trying the ways of each directive in the order of Python's regular expressions.
struct StrftimeMatch {
    let scalars: [Unicode.Scalar]
    /// Where the last part ended.
    private(set) var end = 0
    /// What each directive took.
    private(set) var taken = [StrftimeDirective: Range<Int>]()

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    /// Fits `parts` from the end so far; whether they fit.
    mutating func run(_ parts: ArraySlice<StrftimeFormat.Part>) -> Bool {
        guard let part = parts.first else { return true }
        let start = end
        for candidate in ends(of: part, from: start) {
            end = candidate
            if run(parts.dropFirst()) {
                // A later try of the same part would have replaced it.
                if case .directive(let directive) = part { taken[directive] = start..<candidate }
                return true
            }
        }
        end = start
        return false
    }

    /// The text that a directive took, in ASCII digits and folded letters; nil when it is not in the format.
    func text(_ directive: StrftimeDirective) -> String? {
        taken[directive].map { range in
            scalars[range].reduce(into: "") { text, scalar in
                if let digit = scalar.decimalDigit {
                    text += "\(digit)"
                } else {
                    text.unicodeScalars.append(scalar.folded)
                }
            }
        }
    }

    /// The number that a directive took; nil when it is not in the format.
    func number(_ directive: StrftimeDirective) -> Int? {
        text(directive).flatMap { Int($0.drop { $0 == " " }) }
    }

    private func ends(of part: StrftimeFormat.Part, from start: Int) -> [Int] {
        switch part {
        case .literal(let scalar): start < scalars.count && scalars[start].folded == scalar ? [start + 1] : []
        case .space: (start..<spaceEnd(start)).reversed().map { $0 + 1 }
        case .directive(.offset): offsetEnds(start)
        case .directive(let directive):
            if let names = StrftimeNames.of(directive) {
                names.compactMap { fits($0, at: start) ? start + $0.count : nil }
            } else {
                (Self.digits[directive] ?? []).compactMap { fits($0, at: start) ? start + $0.count : nil }
            }
        }
    }

    private func spaceEnd(_ start: Int) -> Int {
        scalars[start...].firstIndex { !$0.isPythonSpace } ?? scalars.count
    }

    private func fits(_ name: [Unicode.Scalar], at start: Int) -> Bool {
        start + name.count <= scalars.count && name.indices.allSatisfy { scalars[start + $0].folded == name[$0] }
    }

    private func fits(_ classes: [Class], at start: Int) -> Bool {
        start + classes.count <= scalars.count
            && classes.indices.allSatisfy { classes[$0].contains(scalars[start + $0]) }
    }

    /// One character of an alternative.
    private enum Class {
        /// One of these.
        case among(ClosedRange<Unicode.Scalar>)
        /// A decimal digit of any script.
        case digit

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .among(let range): range.contains(scalar)
            case .digit: scalar.decimalDigit != nil
            }
        }
    }

    private static let any = Class.digit
    private static func from(_ low: Unicode.Scalar, _ high: Unicode.Scalar) -> Class { .among(low...high) }
    private static func only(_ scalar: Unicode.Scalar) -> Class { .among(scalar...scalar) }
    private static let positive = from("1", "9")

    /// The alternatives of each directive of digits, in order.
    private static let digits: [StrftimeDirective: [[Class]]] = [
        .year: [[any, any, any, any]],
        .isoYear: [[any, any, any, any]],
        .shortYear: [[any, any]],
        .month: [[only("1"), from("0", "2")], [only("0"), positive], [positive]],
        .day: [
            [only("3"), from("0", "1")], [from("1", "2"), any], [only("0"), positive], [positive],
            [only(" "), positive],
        ],
        .dayOfYear: [
            [only("3"), only("6"), from("0", "6")], [only("3"), from("0", "5"), any], [from("1", "2"), any, any],
            [only("0"), positive, any], [only("0"), only("0"), positive], [positive, any], [only("0"), positive],
            [positive],
        ],
        .weekOfSundays: weeks,
        .weekOfMondays: weeks,
        .isoWeek: [[only("5"), from("0", "3")], [only("0"), positive], [from("1", "4"), any], [any]],
        .weekdayFromSunday: [[from("0", "6")]],
        .weekdayFromMonday: [[from("1", "7")]],
        .hour: [[only("2"), from("0", "3")], [from("0", "1"), any], [any]],
        .halfDayHour: [[only("1"), from("0", "2")], [only("0"), positive], [positive]],
        .minute: [[from("0", "5"), any], [any]],
        .second: [[only("6"), from("0", "1")], [from("0", "5"), any], [any]],
        .fraction: (1...6).reversed().map { Array(repeating: from("0", "9"), count: $0) },
    ]
    private static let weeks: [[Class]] = [[only("5"), from("0", "3")], [from("0", "4"), any], [any]]

    /// The ends of `+hh[:]mm[[:]ss[.ffffff]]`, longest first, or of `Z`.
    private func offsetEnds(_ start: Int) -> [Int] {
        guard start < scalars.count else { return [] }
        if scalars[start] == "Z" { return [start + 1] }
        guard scalars[start] == "+" || scalars[start] == "-", fits([.digit, .digit], at: start + 1) else { return [] }
        guard let minutes = sixtiethEnd(start + 3) else { return [] }
        guard let seconds = sixtiethEnd(minutes) else { return [minutes] }
        var ends = [minutes, seconds]
        if seconds < scalars.count, scalars[seconds] == "." {
            var index = seconds + 1
            while index < scalars.count, index - seconds <= 6, scalars[index].decimalDigit != nil {
                index += 1
                ends.append(index)
            }
        }
        return ends.reversed()
    }

    /// The end of two digits up to 59, after a colon or none.
    private func sixtiethEnd(_ start: Int) -> Int? {
        let hasColon = start < scalars.count && scalars[start] == ":"
        let first = hasColon ? start + 1 : start
        return fits([Self.from("0", "5"), .digit], at: first) ? first + 2 : nil
    }
}

/// The words of directives that are no numbers.
enum StrftimeNames {
    static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    /// The words of a directive, longest first, so that none hides a longer one that starts with it.
    static func of(_ directive: StrftimeDirective) -> [[Unicode.Scalar]]? { words[directive] }

    private static let words: [StrftimeDirective: [[Unicode.Scalar]]] = [
        .weekdayName: longestFirst(weekdays),
        .shortWeekdayName: longestFirst(weekdays.map { String($0.prefix(3)) }),
        .monthName: longestFirst(months),
        .shortMonthName: longestFirst(months.map { String($0.prefix(3)) }),
        .halfDay: longestFirst(["am", "pm"]),
        .zone: longestFirst(["utc", "gmt"]),
    ]

    private static func longestFirst(_ words: [String]) -> [[Unicode.Scalar]] {
        words.map { Array($0.unicodeScalars) }.sorted { $0.count > $1.count }
    }
}
