/// A cron expression, parsed: which values each field allows.
///
/// Five fields (minute hour day month weekday), six (seconds last) or seven (then the year), with lists, ranges, steps,
/// names, and in the day fields `?`, `L`, `15W`, `5#3` and `L5`; hashed `H` and drawn `R`; presets `@hourly` to
/// `@yearly`. The dialect is Airflow's; where releases of the library under it read a text differently, the newest
/// reading counts and ``warnings`` says so.
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
    /// The years, 1970 to 2099; nil for every year there is.
    public let years: Set<Int>?
    /// Whether the day-of-month field chooses days.
    ///
    /// Both day fields choosing means either may match. `*` and `?` choose nothing; `*/2` does, and so does a range
    /// over all days, unless the other field has a `*` in it.
    public let restrictsMonthDay: Bool
    /// Whether the day-of-week field chooses days.
    public let restrictsWeekDay: Bool
    /// What other readers of this expression would take differently.
    public let warnings: [String]
    let dayFields: CronDays

    /// The presets and what they stand for.
    public static let presets: [String: String] = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
        "@quarterly": "0 0 1 */3 *", "@yearly": "0 0 1 1 *",
    ]

    /// Reads an expression.
    ///
    /// - Parameters:
    ///   - text: the expression.
    ///   - seed: what `H` and `R` follow from, so that the same text and seed give the same times: the pipeline's name.
    /// - Throws: ``InvalidCron`` that names the field and what is wrong with it.
    public init(_ text: String, seed: String = "") throws(InvalidCron) {
        self.text = text
        let parts = try Self.fields(of: text)
        var reader = CronReader(seed: seed)
        minutes = try reader.values(parts[0], of: .minute)
        hours = try reader.values(parts[1], of: .hour)
        monthDays = try reader.monthDays(parts[2])
        months = try reader.values(parts[3], of: .month)
        weekDays = try reader.weekDays(parts[4])
        seconds = parts.count > 5 ? try reader.values(parts[5], of: .second) : [0]
        let chosenYears = parts.count > 6 ? try reader.values(parts[6], of: .year) : nil
        years = chosenYears?.count == CronField.year.range.count ? nil : chosenYears
        restrictsMonthDay = Self.chooses(parts[2], all: monthDays.count == 31, other: parts[4])
        restrictsWeekDay = Self.chooses(parts[4], all: weekDays.count == 7, other: parts[2])
        dayFields = CronDays(
            monthDays,
            restrictsMonthDay: restrictsMonthDay,
            weekDays,
            restrictsWeekDay: restrictsWeekDay
        )
        if restrictsMonthDay, restrictsWeekDay { reader.noteWhichDayFieldCounts(monthDays, weekDays) }
        warnings = reader.warnings
        try checkThatItOccurs()
    }

    /// Whether the hour field allows every hour.
    public var coversEveryHour: Bool { hours.count == 24 }

    /// The five to seven fields in upper case.
    private static func fields(of text: String) throws(InvalidCron) -> [String] {
        // Only the blanks of ASCII part fields; a reader sees no other.
        let words = text.split { $0.isASCII && $0.isWhitespace }
        var fields = words.map { $0.uppercased() }
        if fields.count == 1, let name = words.first, name.hasPrefix("@") {
            guard let preset = presets[name.lowercased()] else {
                let nearest = NearestName.of(String(name), among: presets.keys.sorted())
                throw InvalidCron(
                    field: nil,
                    reason: "\(name) is not a preset",
                    remedy: nearest.map { "did you mean \($0)?" }
                        ?? "presets are \(presets.keys.sorted().joined(separator: ", "))"
                )
            }
            fields = preset.split(separator: " ").map(String.init)
        }
        guard (5...7).contains(fields.count) else {
            throw InvalidCron(
                field: nil,
                reason: "it has \(fields.count) field\(fields.count == 1 ? "" : "s")",
                remedy:
                    "write five: minute hour day-of-month month day-of-week (a sixth is seconds, a seventh the year)"
            )
        }
        return fields
    }

    private static func chooses(_ field: String, all: Bool, other: String) -> Bool {
        if field == "?" || field.split(separator: ",").contains("*") { return false }
        return !(all && other.contains("*"))
    }
}
