/// By what a pipeline starts at points in time.
public enum ScheduleRule: Hashable, Sendable {
    /// One or several cron expressions or presets; several fire whenever one of them does.
    case cron([String])
    /// Every so many seconds that pass.
    case every(seconds: Double)
    /// Every so many months of the calendar, at the same day and time of day; a year is twelve.
    case everyMonths(Int)
    /// At these instants.
    case instants([Timestamp])
    /// Once.
    case once
    /// Again and again, the next run when the last has ended.
    case continuous
}

/// Whether a pipeline that is new starts at once.
///
/// It matters where neither a start nor an earlier run says where to begin.
public enum FirstRun: Hashable, Sendable {
    /// At the time just past if that is near: a tenth of the period, or five minutes if that is longer.
    case whenNear
    /// At the time just past.
    case immediately
    /// At the time just past if no more than so many seconds ago.
    case within(seconds: Double)
}
