public import MartletCore

/// What a backfill does for each of its dates, before anything is done.
public struct BackfillPlan: Hashable, Sendable {
    /// A run that has a date of the backfill already.
    public struct ExistingRun: Hashable, Sendable {
        /// The run.
        public var id: RunID
        /// Where it stands; nil when that cannot be told.
        public var state: RunState?

        /// The run `id` in `state`.
        public init(_ id: RunID, _ state: RunState?) {
            self.id = id
            self.state = state
        }
    }

    /// The dates in the order of their runs; ordinals count from 0.
    public let dates: [BackfillDate]

    /// Decides for every date whether a run is made, or the one there is run again, or nothing is done.
    ///
    /// - Parameters:
    ///   - request: what is asked for.
    ///   - ticks: what the pipeline's timetable calls for from the first date through the last, oldest first; those
    ///     that are not over yet are left out.
    ///   - isPeriodic: whether the timetable's times recur.
    ///   - existing: the runs of the pipeline by logical date.
    ///   - dependingOnPast: the steps that wait for the run before theirs.
    ///   - now: the present instant.
    /// - Throws: ``MartletError`` MT1060 when the last date is before the first, MT1061 when both have not come yet,
    ///   MT1062 for a schedule that does not recur, MT1063 when there is no date, MT1064 when steps depend on their
    ///   past and dates would come in reverse or existing runs stay as they are, MT1005 when no run may be active, and
    ///   MT1016 for more dates than ``Limits/backfillDates``.
    public init(
        _ request: BackfillRequest,
        ticks: some Sequence<ScheduledTick>,
        isPeriodic: Bool,
        existing: [Timestamp: ExistingRun],
        dependingOnPast: [StepID] = [],
        at now: Timestamp
    ) throws(MartletError) {
        try Self.check(request, isPeriodic: isPeriodic, at: now)
        try Self.check(request, dependingOnPast: dependingOnPast)
        var chosen = try Self.dates(of: ticks, endedBy: now)
        if chosen.isEmpty {
            throw MartletError(
                .backfillEmpty,
                "the backfill of \(request.pipeline) has no dates",
                reason: "its schedule has no time from \(request.from) through \(request.through) that is over",
                remedy: "see its times with `martlet schedule next \(request.pipeline)`, and widen the dates"
            )
        }
        if request.isBackwards { chosen.reverse() }
        dates = chosen.enumerated().map { ordinal, tick in
            let run = existing[tick.logicalDate]
            let (decision, reason) = Self.decide(run, request.reprocess)
            return BackfillDate(
                ordinal: ordinal,
                logicalDate: tick.logicalDate,
                intervalStart: tick.dataIntervalStart,
                intervalEnd: tick.dataIntervalEnd,
                decision: decision,
                reason: reason?.rawValue,
                run: run?.id
            )
        }
    }

    /// Why nothing is done for a date; the words are Airflow's.
    public enum SkipReason: String, Hashable, Sendable, CaseIterable {
        /// A run of the date has not ended yet.
        case inFlight = "in flight"
        /// A run of the date has ended, and is not to run again.
        case alreadyExists = "already exists"
        /// There is a run of the date, but where it stands cannot be told.
        case unknown
    }

    /// What is done for a date that `run` has already, if any.
    static func decide(_ run: ExistingRun?, _ rule: ReprocessRule) -> (BackfillDate.Decision, SkipReason?) {
        guard let run else { return (.create, nil) }
        switch (run.state, rule) {
        case (nil, _): return (.skip, .unknown)
        case (.queued, _), (.running, _): return (.skip, .inFlight)
        case (_, .none), (.success, .failed): return (.skip, .alreadyExists)
        case (.failed, .failed), (.cancelled, .failed), (_, .completed): return (.reprocess, nil)
        }
    }

    private static func dates(
        of ticks: some Sequence<ScheduledTick>,
        endedBy now: Timestamp
    ) throws(MartletError) -> [ScheduledTick] {
        var chosen: [ScheduledTick] = []
        var known: Set<Timestamp> = []
        for tick in ticks {
            if tick.runAfter > now { break }
            guard known.insert(tick.logicalDate).inserted else { continue }
            guard chosen.count < Limits.backfillDates else {
                throw MartletError(
                    .limitExceeded,
                    "the backfill has more than \(Limits.backfillDates) dates",
                    remedy: "make several backfills, one after the other"
                )
            }
            chosen.append(tick)
        }
        return chosen
    }
}
