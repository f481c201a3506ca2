/// A cron expression, parsed: which values each field allows.
///
/// Five fields (minute hour day month weekday) or six (seconds last), with lists, ranges, steps, names, `?`, and in
/// the day fields `L`, `15W`, `5#3` and `L5`; presets `@hourly` to `@yearly`. The dialect is Airflow's, in the
/// newest meaning of `max/step` where library releases differ.
public struct CronExpression: Hashable, Sendable {
    /// A day of the month that depends on the month.
    public enum MonthDay: Hashable, Sendable {
        /// A day by its number, 1 to 31.
        case day(Int)
        /// The last day of the month.
        case last
        /// The weekday nearest to a day.
        case nearestWeekday(Int)
    }

    /// A day of the week that may depend on the month; 0 is Sunday.
    public enum WeekDay: Hashable, Sendable {
        /// Every such weekday.
        case every(Int)
        /// Its nth occurrence in the month.
        case nth(Int, Int)
        /// Its last occurrence in the month.
        case last(Int)
    }

    /// The expression as written.
    public let text: String
    /// The seconds of a minute, 0 to 59; only 0 when the expression has five fields.
    public let seconds: Set<Int>
    /// The minutes of an hour, 0 to 59.
    public let minutes: Set<Int>
    /// The hours of a day, 0 to 23.
    public let hours: Set<Int>
    /// The days of a month; all of them when the field is `*` or `?`.
    public let monthDays: Set<MonthDay>
    /// The months of a year, 1 to 12.
    public let months: Set<Int>
    /// The days of a week; all of them when the field is `*` or `?`.
    public let weekDays: Set<WeekDay>
    /// Whether the day-of-month field is other than `*` or `?`.
    ///
    /// Both day fields restricted means either may match.
    public let restrictsMonthDay: Bool
    /// Whether the day-of-week field is other than `*` or `?`.
    public let restrictsWeekDay: Bool

    /// The presets and what they stand for.
    public static let presets: [String: String] = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
        "@quarterly": "0 0 1 */3 *", "@yearly": "0 0 1 1 *",
    ]

    /// Reads an expression.
    ///
    /// - Throws: ``InvalidCron`` that names the field and what is wrong with it.
    public init(_ text: String) throws(InvalidCron) {
        self.text = text
        let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if trimmed.hasPrefix("@"), Self.presets[trimmed] == nil {
            let nearest = NearestName.of(trimmed, among: Self.presets.keys.sorted())
            throw InvalidCron(
                field: nil,
                reason: "\(trimmed) is not a preset",
                remedy: nearest.map { "did you mean \($0)?" }
                    ?? "presets are \(Self.presets.keys.sorted().joined(separator: ", "))"
            )
        }
        let parts = (Self.presets[trimmed] ?? trimmed).split(separator: " ").map { $0.uppercased() }
        guard parts.count == 5 || parts.count == 6 else {
            throw InvalidCron(
                field: nil,
                reason: "it has \(parts.count) fields",
                remedy: "write five: minute hour day-of-month month day-of-week (a sixth, last, is seconds)"
            )
        }
        minutes = try CronField.minute.values(parts[0])
        hours = try CronField.hour.values(parts[1])
        months = try CronField.month.values(parts[3])
        seconds = parts.count == 6 ? try CronField.second.values(parts[5]) : [0]
        restrictsMonthDay = parts[2] != "*" && parts[2] != "?"
        restrictsWeekDay = parts[4] != "*" && parts[4] != "?"
        monthDays = try CronField.monthDays(parts[2])
        weekDays = try CronField.weekDays(parts[4])
        try checkThatItOccurs()
    }

    /// Refuses dates such as 30 February, which no year has.
    private func checkThatItOccurs() throws(InvalidCron) {
        if !restrictsMonthDay || restrictsWeekDay { return }
        let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let occurs = months.contains { month in
            monthDays.contains { day in
                switch day {
                case .day(let day), .nearestWeekday(let day): day <= longest[month - 1]
                case .last: true
                }
            }
        }
        if !occurs {
            throw InvalidCron(
                field: "day-of-month",
                reason: "no chosen month has such a day, so it would never fire",
                remedy: "use L for the last day of the month"
            )
        }
    }
}

/// A cron expression that is wrong.
public struct InvalidCron: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field, when one is to blame.
    public let field: String?
    /// What is wrong.
    public let reason: String
    /// What to do.
    public let remedy: String

    /// The reason, with the field before it.
    public var description: String { (field.map { "\($0): " } ?? "") + reason }
}
