import MartletCore

/// What the parts of a value amount to.
struct StrftimeMoment {
    private var year = 1900
    private var month = 1
    private var day = 1
    private var second = 0
    private var offsetSeconds = 0
    /// Whether the parts contradict no rule of `strptime`.
    private var isConsistent = true

    /// Whether it is a moment that `datetime` can hold.
    var exists: Bool {
        isConsistent && (1...9999).contains(year) && (1...12).contains(month) && day >= 1
            && day <= CivilDate.length(ofMonth: month, year: year) && second < 60 && Swift.abs(offsetSeconds) < 86_400
    }

    /// Works out what `match` found; nil for an offset that makes no sense.
    init?(_ match: StrftimeMatch) {
        let named = match.last(
            (.year, match.number(.year)),
            (.shortYear, match.number(.shortYear).map { $0 + ($0 <= 68 ? 2000 : 1900) })
        )
        func month(_ directive: StrftimeDirective) -> Int? {
            match.text(directive).flatMap { name in StrftimeNames.months.firstIndex { $0.hasPrefix(name) } }.map {
                $0 + 1
            }
        }
        self.month =
            match.last(
                (.month, match.number(.month)),
                (.monthName, month(.monthName)),
                (.shortMonthName, month(.shortMonthName))
            ) ?? 1
        day = match.number(.day) ?? 1
        second = match.number(.second) ?? 0
        guard let offset = Self.offset(match.text(.offset)) else { return nil }
        offsetSeconds = offset

        let weekday = Self.weekday(match)
        let isoYear = match.number(.isoYear)
        let isoWeek = match.number(.isoWeek)
        let week = match.last(
            (.weekOfSundays, match.number(.weekOfSundays).map { ($0, false) }),
            (.weekOfMondays, match.number(.weekOfMondays).map { ($0, true) })
        )
        let dayOfYear = match.number(.dayOfYear)
        if named == nil, isoYear != nil {
            if isoWeek == nil || weekday == nil || dayOfYear != nil { isConsistent = false }
        } else if week == nil, isoWeek != nil {
            isConsistent = false
        }
        guard isConsistent else { return }

        // Without a year a leap day is looked for in 1904, and then not found in 1900.
        let isLeapDay = named == nil && self.month == 2 && day == 29
        year = named ?? (isLeapDay ? 1904 : 1900)
        if let ordinal = dayOfYear {
            settle(ordinal: ordinal)
        } else if let weekday, let week {
            settle(week: week.0, startsOnMonday: week.1, weekday: weekday)
        } else if let weekday, let isoYear, let isoWeek {
            settle(isoYear: isoYear, isoWeek: isoWeek, weekday: weekday)
        }
        if isLeapDay { year = 1900 }
    }

    /// From Monday, 0.
    private static func weekday(_ match: StrftimeMatch) -> Int? {
        func index(_ directive: StrftimeDirective) -> Int? {
            match.text(directive).flatMap { name in StrftimeNames.weekdays.firstIndex { $0.hasPrefix(name) } }
        }
        return match.last(
            (.weekdayName, index(.weekdayName)),
            (.shortWeekdayName, index(.shortWeekdayName)),
            (.weekdayFromSunday, match.number(.weekdayFromSunday).map { ($0 + 6) % 7 }),
            (.weekdayFromMonday, match.number(.weekdayFromMonday).map { $0 - 1 })
        )
    }

    /// Seconds east of UTC; nil when colons stand in one place and not in the other.
    private static func offset(_ text: String?) -> Int? {
        guard let text, text != "z" else { return 0 }
        let hasColon = text.dropFirst(3).first == ":"
        let whole = text.prefix { $0 != "." }
        let digits = whole.filter { $0 != ":" }.dropFirst()
        let colons = whole.filter { $0 == ":" }.count
        guard colons == (hasColon ? digits.count / 2 - 1 : 0) else { return nil }
        let numbers = stride(from: 0, to: digits.count, by: 2).compactMap { Int(digits.dropFirst($0).prefix(2)) }
        return zip(numbers, [3600, 60, 1]).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Moves to the day of the year, which may lie in a year before or after.
    private mutating func settle(ordinal: Int) {
        guard (1...9999).contains(year) else { return }
        let days = CivilDate.days(year: year, month: 1, day: 1) + Int64(ordinal - 1)
        let range = CivilDate.days(year: 1, month: 1, day: 1)...CivilDate.days(year: 9999, month: 12, day: 31)
        guard range.contains(days) else {
            isConsistent = false
            return
        }
        let date = CivilDate(of: Timestamp(microseconds: days * 86_400_000_000))
        (year, month, day) = (date.year, date.month, date.day)
    }

    private mutating func settle(week: Int, startsOnMonday: Bool, weekday: Int) {
        guard (1...9999).contains(year) else { return }
        let shift = startsOnMonday ? 0 : 1
        let first = (Self.weekday(year: year, month: 1, day: 1) + shift) % 7
        let wanted = (weekday + shift) % 7
        let fullWeeksStart = (7 - first) % 7 + 7 * (week - 1)
        settle(ordinal: week == 0 ? 1 + wanted - first : 1 + fullWeeksStart + wanted)
    }

    private mutating func settle(isoYear: Int, isoWeek: Int, weekday: Int) {
        year = isoYear
        guard (1...9999).contains(year) else { return }
        // Week 1 is the one with the fourth of January (ISO 8601).
        let correction = Self.weekday(year: year, month: 1, day: 4) + 4
        settle(ordinal: isoWeek * 7 + weekday + 1 - correction)
    }

    /// From Monday, 0; the first of January 1970 was a Thursday.
    private static func weekday(year: Int, month: Int, day: Int) -> Int {
        let days = CivilDate.days(year: year, month: month, day: day) + 3
        return Int(days % 7 + 7) % 7
    }
}

extension StrftimeMatch {
    /// The value of that directive which stands last in the format: it wins over others of its kind.
    fileprivate func last<Value>(_ values: (StrftimeDirective, Value?)...) -> Value? {
        var best: (place: Int, value: Value)?
        for (directive, value) in values {
            guard let value, let place = taken[directive]?.lowerBound else { continue }
            if best.map({ place > $0.place }) ?? true { best = (place, value) }
        }
        return best?.value
    }
}
