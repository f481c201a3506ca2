/// Schedules as they are written in Swift.
///
/// ```swift
/// Pipeline("report", schedule: .cron("0 6 * * 1-5", timezone: "Europe/Berlin").skipping()) { p in }
/// Pipeline("train", schedule: .datasets(.all(["flights/features", "weather/daily"]))) { p in }
/// ```
extension ScheduleSpec {
    /// At the times of one or several cron expressions or presets, such as `@daily`.
    public static func cron(_ expressions: String..., timezone: String? = nil, catchup: Bool = false) -> ScheduleSpec {
        ScheduleSpec(rule: .cron(expressions), timezone: timezone, catchup: catchup)
    }

    /// Every so much time that passes.
    public static func every(_ period: Duration, catchup: Bool = false) -> ScheduleSpec {
        ScheduleSpec(rule: .every(seconds: period.seconds), catchup: catchup)
    }

    /// Every so many months of the calendar.
    public static func every(months: Int, timezone: String? = nil, catchup: Bool = false) -> ScheduleSpec {
        ScheduleSpec(rule: .everyMonths(months), timezone: timezone, catchup: catchup)
    }

    /// At these instants.
    public static func at(_ instants: Timestamp...) -> ScheduleSpec { ScheduleSpec(rule: .instants(instants)) }

    /// Once, as soon as it may.
    public static var once: ScheduleSpec { ScheduleSpec(rule: .once) }

    /// Again and again, the next run when the last has ended.
    public static var continuous: ScheduleSpec { ScheduleSpec(rule: .continuous) }

    /// When datasets have changed.
    public static func datasets(_ condition: DatasetCondition, policy: DatasetPolicy? = nil) -> ScheduleSpec {
        ScheduleSpec(datasets: condition, datasetPolicy: policy)
    }

    /// The same from the first instant of a day in the schedule's zone.
    public func starting(_ day: LocalDay) -> ScheduleSpec { changing { $0.start = instant(of: day) } }

    /// The same up to the first instant of a day in the schedule's zone.
    public func ending(_ day: LocalDay) -> ScheduleSpec { changing { $0.end = instant(of: day) } }

    /// The same without weekends and holidays, or with what falls on them moved to the next business day.
    public func skipping(
        weekends: Bool = true,
        holidays: [LocalDay] = [],
        policy: BusinessCalendar.Policy = .skip
    ) -> ScheduleSpec {
        changing {
            $0.calendar = BusinessCalendar(skipsWeekends: weekends, holidays: holidays, policy: policy)
        }
    }

    /// The same with something else set: `.cron("@daily").changing { $0.dataIntervals = true }`.
    public func changing(_ change: (inout ScheduleSpec) -> Void) -> ScheduleSpec {
        var spec = self
        change(&spec)
        return spec
    }

    private func instant(of day: LocalDay) -> Timestamp {
        // An unknown zone is a problem of the pipeline, and found with the others.
        ((try? zone()) ?? .utc).instants(of: LocalTime(day: day)).usual
    }
}
