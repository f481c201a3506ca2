import MartletCore

// What no backfill may ask for.
extension BackfillPlan {
    static func check(_ request: BackfillRequest, isPeriodic: Bool, at now: Timestamp) throws(MartletError) {
        if request.from > request.through {
            throw MartletError(
                .backfillReversed,
                "the backfill would end at \(request.through), before it begins at \(request.from)",
                remedy: "swap the dates; with --backwards the newest date comes first"
            )
        }
        if request.from > now {
            throw MartletError(
                .backfillInFuture,
                "the dates from \(request.from) through \(request.through) have not come yet",
                reason: "a backfill is for the past; it is \(now)",
                remedy: "leave those dates to the schedule"
            )
        }
        if !isPeriodic {
            throw MartletError(
                .backfillNotPeriodic,
                "pipeline \(request.pipeline) has no times that a backfill could fill",
                reason: "it has no schedule, or one without recurring times",
                remedy: "start single runs with `martlet trigger \(request.pipeline) --logical-date DATE`"
            )
        }
        if request.maxActiveRuns < 1 {
            throw MartletError(
                .valueInvalid,
                "a backfill cannot have \(request.maxActiveRuns) active runs",
                remedy: "use 1 or more; pause the backfill to hold it"
            )
        }
    }

    static func check(_ request: BackfillRequest, dependingOnPast steps: [StepID]) throws(MartletError) {
        guard let step = steps.first, request.isBackwards || request.reprocess == .none else { return }
        let others = steps.count > 1 ? " and \(steps.count - 1) more steps" : ""
        let reason = "step \(step)\(others) of \(request.pipeline) waits for the run before"
        if request.isBackwards {
            throw MartletError(
                .backfillDependsOnPast,
                "the backfill cannot go backwards",
                reason: reason,
                remedy: "leave out --backwards"
            )
        }
        throw MartletError(
            .backfillDependsOnPast,
            "the backfill cannot leave out runs that exist",
            reason: reason,
            remedy: "run them again: --reprocess failed or --reprocess completed"
        )
    }
}
