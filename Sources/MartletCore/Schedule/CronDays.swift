/// The two day fields of a cron expression, ready to tell the days of any month.
struct CronDays: Hashable, Sendable {
    /// Days of the month by their number, as bits 1 to 31.
    private var numbers: UInt32 = 0
    private var hasLast = false
    private var nearestTo: Int?
    /// Weekdays as bits 0 to 6.
    private var weekdays: UInt32 = 0
    /// Weekdays that depend on the month, and which of theirs; nil is the last.
    private var counted: [Counted] = []
    private let restrictsMonthDay: Bool
    private let restrictsWeekDay: Bool

    private struct Counted: Hashable, Sendable {
        var weekday: Int
        var count: Int?
    }

    init(
        _ monthDays: Set<CronExpression.MonthDay>,
        restrictsMonthDay: Bool,
        _ weekDays: Set<CronExpression.WeekDay>,
        restrictsWeekDay: Bool
    ) {
        self.restrictsMonthDay = restrictsMonthDay
        self.restrictsWeekDay = restrictsWeekDay
        for day in monthDays {
            switch day {
            case .day(let day): numbers |= 1 << UInt32(day)
            case .last: hasLast = true
            case .nearestWeekday(let day): nearestTo = day
            }
        }
        for day in weekDays {
            switch day {
            case .every(let weekday): weekdays |= 1 << UInt32(weekday)
            case .nth(let weekday, let count): counted.append(Counted(weekday: weekday, count: count))
            case .last(let weekday): counted.append(Counted(weekday: weekday))
            }
        }
    }

    /// Whether one of the fields decides alone, unless the other does so too: `5#3`, `L5`, `15W`.
    var hasFieldThatDecides: Bool { !counted.isEmpty || nearestTo != nil }

    /// The days of a month on which the expression fires, as bits 1 to 31.
    func bits(ofMonth month: Int, year: Int) -> UInt32 {
        let (byDay, byWeekday) = fields(ofMonth: month, year: year)
        if !counted.isEmpty { return nearestTo == nil ? byWeekday : byDay & byWeekday }
        if nearestTo != nil { return byDay }
        switch (restrictsMonthDay, restrictsWeekDay) {
        case (true, true): return byDay | byWeekday
        case (true, false): return byDay
        default: return byWeekday
        }
    }

    /// The days that each of the two fields allows.
    func fields(ofMonth month: Int, year: Int) -> (byDay: UInt32, byWeekday: UInt32) {
        let length = CivilDate.length(ofMonth: month, year: year)
        // 1970-01-01 was a Thursday.
        let first = Int((CivilDate.days(year: year, month: month, day: 1) % 7 + 11) % 7)
        let all = UInt32.max >> UInt32(31 - length) & ~1
        return (byDay(length, first) & all, byWeekday(length, first) & all)
    }

    private func byDay(_ length: Int, _ first: Int) -> UInt32 {
        var bits = numbers
        if hasLast { bits |= 1 << UInt32(length) }
        if let nearestTo { bits |= 1 << UInt32(Self.nearestWeekday(to: min(nearestTo, length), length, first)) }
        return bits
    }

    private func byWeekday(_ length: Int, _ first: Int) -> UInt32 {
        // The weekdays of the first seven days, then of the weeks after them.
        let week = (weekdays | weekdays << 7) >> UInt32(first) & 0x7F
        var bits = week << 1 | week << 8 | week << 15 | week << 22 | week << 29
        for item in counted {
            let day = 1 + (item.weekday - first + 7) % 7
            bits |= 1 << UInt32(day + 7 * ((item.count ?? (length - day) / 7 + 1) - 1))
        }
        return bits
    }

    /// Monday to Friday nearest to `day`, in the same month.
    private static func nearestWeekday(to day: Int, _ length: Int, _ first: Int) -> Int {
        switch (first + day - 1) % 7 {
        case 6: day > 1 ? day - 1 : day + 2
        case 0: day < length ? day + 1 : day - 2
        default: day
        }
    }
}
