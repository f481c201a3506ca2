public import MartletCore

/// Says when a pipeline starts by itself, and for which time each run is.
///
/// It decides from the schedule, the last run it called for and the present instant alone; it keeps nothing.
public struct Timetable: Sendable {
    /// What its ticks come from.
    enum Kind: Sendable {
        /// Datasets or people start the pipeline, not time.
        case none
        case once
        case continuous
        /// A run at each tick, for the time before it.
        case triggers(interval: Duration)
        /// A run for the time between each two ticks, at the second.
        case dataIntervals
    }

    /// The schedule it follows.
    public let spec: ScheduleSpec
    /// The zone in which the schedule's times count.
    public let zone: Zone
    let kind: Kind
    let ticks: any TickSource

    /// The timetable of a schedule.
    ///
    /// - Parameters:
    ///   - spec: the schedule.
    ///   - pipeline: the pipeline's name, which `H` and `R` in cron expressions depend on.
    /// - Throws: ``MartletError`` MT1022 for an unknown zone, MT1011 for a cron expression that is wrong or never
    ///   fires, MT1023 for a schedule that contradicts itself, MT1025 for one whose every time is on a day off.
    public init(_ spec: ScheduleSpec, pipeline: PipelineID) throws(MartletError) {
        try self.init(spec, seed: pipeline.rawValue)
    }

    /// The timetable of a schedule that need not be a pipeline's; `H` and `R` depend on `seed`.
    public init(_ spec: ScheduleSpec, seed: String) throws(MartletError) {
        if let problem = spec.problems(seed: seed).first { throw problem.error }
        self.spec = spec
        zone = try spec.zone()
        kind =
            switch spec.rule {
            case nil: .none
            case .once: .once
            case .continuous: .continuous
            case .instants: .triggers(interval: .zero)
            case .cron, .every, .everyMonths:
                spec.dataIntervals ? .dataIntervals : .triggers(interval: .seconds(spec.intervalSeconds))
            }
        let ticks = try Self.ticks(of: spec, in: zone, seed: seed)
        guard let calendar = spec.calendar else {
            self.ticks = ticks
            return
        }
        self.ticks = BusinessTicks(ticks, calendar: calendar, zone: zone)
        let first = spec.start ?? Timestamp(microseconds: 0)
        if ticks.ceiling(first) != nil, self.ticks.ceiling(first) == nil {
            throw MartletError(
                .scheduleExhausted,
                "the schedule never starts anything",
                reason: "all its times are on days off",
                remedy: "set calendar: { policy: next_business_day } to move them"
            )
        }
    }

    /// Whether its ticks recur, so that the past can be filled with them.
    public var isPeriodic: Bool {
        switch kind {
        case .none, .once, .continuous: false
        case .triggers, .dataIntervals: true
        }
    }

    private static func ticks(
        of spec: ScheduleSpec,
        in zone: Zone,
        seed: String
    ) throws(MartletError) -> any TickSource {
        // Days off can only be told of ticks that stand somewhere.
        let anchor = spec.start ?? (spec.calendar == nil ? nil : Timestamp(microseconds: 0))
        switch spec.rule {
        case .cron(let texts):
            var sources: [any TickSource] = []
            for text in texts { sources.append(try cron(text, spec.daylight, zone, seed)) }
            return sources.count == 1 ? sources[0] : MergedTicks(sources)
        case .every(let seconds):
            // Data intervals follow each other; ticks stand on the grid of the start.
            let isCounted = spec.dataIntervals && spec.calendar == nil
            return IntervalTicks(period: Duration.seconds(seconds).microseconds, anchor: isCounted ? nil : anchor)
        case .everyMonths(let months): return MonthTicks(months: months, anchor: anchor, zone: zone)
        case .instants(let instants): return ListedTicks(instants)
        case .once, .continuous, nil: return ListedTicks([])
        }
    }

    private static func cron(
        _ text: String,
        _ daylight: DaylightPolicy?,
        _ zone: Zone,
        _ seed: String
    ) throws(MartletError) -> any TickSource {
        do {
            let cron = try CronExpression(text, seed: seed)
            if let daylight { return ResolvedCronTicks(cron, zone: zone, policy: daylight) }
            return CronTicks(cron, zone: zone)
        } catch {
            throw MartletError(cron: text, error)
        }
    }
}
