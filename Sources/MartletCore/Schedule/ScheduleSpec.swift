/// When a pipeline starts by itself: at points in time, when datasets change, or both.
///
/// As JSON its keys are in snake case, durations in seconds, instants in UTC; what is as usual is left out.
public struct ScheduleSpec: Hashable, Sendable {
    /// The points in time; nil when only datasets, or people, start it.
    public var rule: ScheduleRule?
    /// The IANA time zone in which cron expressions, months and holidays count; nil is UTC.
    public var timezone: String?
    /// The first logical date there may be; nil sets no bound.
    public var start: Timestamp?
    /// The last logical date there may be; nil sets no bound.
    public var end: Timestamp?
    /// Whether runs missed in the past are made up for.
    public var catchup: Bool
    /// Whether a run is for the interval between two ticks and starts at its end, rather than at one tick.
    public var dataIntervals: Bool
    /// How far back from its tick the interval of a run reaches when it is for one tick.
    public var intervalSeconds: Double
    /// Whether a new pipeline starts at once.
    public var firstRun: FirstRun
    /// What becomes of local times that are left out or repeated; nil is Airflow's rule.
    public var daylight: DaylightPolicy?
    /// Days on which it does not start.
    public var calendar: BusinessCalendar?
    /// The datasets whose change starts it.
    public var datasets: DatasetCondition?
    /// How changes become runs; nil is ``DatasetPolicy/collapse``.
    public var datasetPolicy: DatasetPolicy?

    /// A schedule; people alone start a pipeline whose schedule has neither rule nor datasets.
    public init(
        rule: ScheduleRule? = nil,
        timezone: String? = nil,
        start: Timestamp? = nil,
        end: Timestamp? = nil,
        catchup: Bool = false,
        dataIntervals: Bool = false,
        intervalSeconds: Double = 0,
        firstRun: FirstRun = .whenNear,
        daylight: DaylightPolicy? = nil,
        calendar: BusinessCalendar? = nil,
        datasets: DatasetCondition? = nil,
        datasetPolicy: DatasetPolicy? = nil
    ) {
        self.rule = rule
        self.timezone = timezone
        self.start = start
        self.end = end
        self.catchup = catchup
        self.dataIntervals = dataIntervals
        self.intervalSeconds = intervalSeconds
        self.firstRun = firstRun
        self.daylight = daylight
        self.calendar = calendar
        self.datasets = datasets
        self.datasetPolicy = datasetPolicy
    }

    /// A schedule with one cron expression, in UTC and without catching up unless told otherwise.
    public init(cron: String, timezone: String? = nil, catchup: Bool = false) {
        self.init(rule: .cron([cron]), timezone: timezone, catchup: catchup)
    }

    /// The zone in which its times count.
    ///
    /// - Throws: ``MartletError`` MT1022 when there is no such zone.
    public func zone() throws(MartletError) -> Zone {
        guard let timezone else { return .utc }
        return try Zone(timezone)
    }
}
