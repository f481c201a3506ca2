import MartletCore

@testable import MartletScheduling

/// Days of January 2026, with a run for each; numbers beyond 31 count on.
enum Days {
    static func start(_ day: Int) -> Timestamp {
        Timestamp(microseconds: 1_767_225_600_000_000) + .seconds(86_400 * (day - 1))
    }

    static func ticks(_ days: ClosedRange<Int>) -> [ScheduledTick] {
        days.map { day in
            ScheduledTick(runAfter: start(day + 1), interval: DataInterval(start: start(day), end: start(day + 1)))
        }
    }

    static func request(
        _ days: ClosedRange<Int>,
        isBackwards: Bool = false,
        limit: Int = 10,
        reprocess: ReprocessRule = .none
    ) -> BackfillRequest {
        BackfillRequest(
            pipeline: PipelineID(trusted: "churn"),
            from: start(days.lowerBound),
            through: start(days.upperBound),
            isBackwards: isBackwards,
            maxActiveRuns: limit,
            reprocess: reprocess
        )
    }

    static func plan(
        _ days: ClosedRange<Int>,
        isBackwards: Bool = false,
        limit: Int = 10,
        reprocess: ReprocessRule = .none,
        existing: [Timestamp: BackfillPlan.ExistingRun] = [:],
        now: Timestamp = start(100)
    ) throws -> BackfillPlan {
        try BackfillPlan(
            request(days, isBackwards: isBackwards, limit: limit, reprocess: reprocess),
            ticks: ticks(days),
            isPeriodic: true,
            existing: existing,
            at: now
        )
    }
}
