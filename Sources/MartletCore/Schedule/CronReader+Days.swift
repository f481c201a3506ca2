extension CronReader {
    /// The days of a month that a list of items allows.
    mutating func monthDays(_ text: String) throws(InvalidCron) -> Set<CronExpression.MonthDay> {
        let field = CronField.monthDay
        if text == "?" { return Set(field.range.map { .day($0) }) }
        var found: Set<CronExpression.MonthDay> = []
        let items = try field.items(text)
        for item in items {
            if item == "L" {
                found.insert(.last)
            } else if item.hasSuffix("W") || item.hasPrefix("W") {
                let digits = item.hasSuffix("W") ? item.dropLast() : item.dropFirst()
                let day = try field.value(String(digits))
                if items.count > 1 { throw field.fail("\(item) stands in a list", "write it alone, as in 0 0 15W * *") }
                found.insert(.nearestWeekday(day))
            } else {
                found.formUnion(try values(ofItem: item, of: field).map { .day($0) })
            }
        }
        return found
    }

    /// The days of a week that a list of items allows.
    mutating func weekDays(_ text: String) throws(InvalidCron) -> Set<CronExpression.WeekDay> {
        let field = CronField.weekDay
        if text == "?" { return Set(field.range.map { .every($0) }) }
        var plain: Set<CronExpression.WeekDay> = []
        var special: Set<CronExpression.WeekDay> = []
        for item in try field.items(text) {
            if let hash = item.firstIndex(of: "#") {
                let occurrence = field.number(item[item.index(after: hash)...]) ?? 0
                guard (1...5).contains(occurrence) else {
                    throw field.fail("after # stands 1 to 5", "5#3 is the third Friday")
                }
                let days = String(item[..<hash])
                let bounds = days.contains("-") ? try values(ofItem: days, of: field) : [try field.value(days)]
                special.formUnion(bounds.map { .nth($0, occurrence) })
            } else if item.hasPrefix("L"), item.count > 1 {
                special.insert(.last(try field.value(String(item.dropFirst()))))
            } else {
                plain.formUnion(try values(ofItem: item, of: field).map { .every($0) })
            }
        }
        if !plain.isEmpty, !special.isEmpty {
            throw field.fail("it mixes plain weekdays with # or L", "write two schedules, one for each kind")
        }
        return plain.isEmpty ? special : plain
    }

    /// Says which day field decides when one has a day that depends on the month.
    mutating func noteWhichDayFieldCounts(
        _ monthDays: Set<CronExpression.MonthDay>,
        _ weekDays: Set<CronExpression.WeekDay>
    ) {
        if weekDays.contains(where: \.dependsOnMonth) {
            warn(.weekDay, "# and L decide alone; the day-of-month field does not count")
        } else if monthDays.contains(where: \.isNearestWeekday) {
            warn(.monthDay, "W decides alone; the day-of-week field does not count")
        }
    }
}

extension CronExpression.MonthDay {
    var isNearestWeekday: Bool {
        if case .nearestWeekday = self { true } else { false }
    }
}

extension CronExpression.WeekDay {
    var dependsOnMonth: Bool {
        if case .every = self { false } else { true }
    }
}
