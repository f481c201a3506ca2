extension CronExpression {
    /// The days of one month on which it fires, as bits 1 to 31.
    ///
    /// A weekday that depends on the month (`5#3`, `L5`) decides alone, and so does `15W`; two of them must both
    /// match. Otherwise, when both day fields choose, either may match.
    public func days(ofMonth month: Int, year: Int) -> UInt32 {
        months.contains(month) ? dayFields.bits(ofMonth: month, year: year) : 0
    }

    /// Refuses dates such as 30 February, which no year has.
    func checkThatItOccurs() throws(InvalidCron) {
        // Within 40 years every month has begun with every weekday, February as a leap month too.
        let candidates = years?.sorted() ?? Array(2000..<2040)
        func occurs(_ hasDay: (Int, Int) -> Bool) -> Bool {
            candidates.contains { year in months.contains { hasDay($0, year) } }
        }
        let inYears = years == nil ? "" : " in those years"
        if !occurs({ days(ofMonth: $0, year: $1) != 0 }) {
            throw InvalidCron(
                field: restrictsMonthDay ? CronField.monthDay.name : CronField.weekDay.name,
                reason: "no chosen month has such a day\(inYears), so it would never fire",
                remedy: restrictsMonthDay ? "use L for the last day of the month" : "use L5 for the last Friday"
            )
        }
        guard restrictsMonthDay, restrictsWeekDay, dayFields.hasFieldThatDecides else { return }
        let doFieldsMeet = occurs { month, year in
            let (byDay, byWeekday) = dayFields.fields(ofMonth: month, year: year)
            return byDay & byWeekday != 0
        }
        if doFieldsMeet { return }
        // Airflow fails on these; with plain fields either would match.
        throw InvalidCron(
            field: CronField.weekDay.name,
            reason: "the two day fields never fall on one day\(inYears), as they must beside #, L5 or W",
            remedy: "write * in one of them, or two schedules"
        )
    }
}
