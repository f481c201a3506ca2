public import MartletCore
import MartletScheduling

/// Says what a backfill would do, before anything is done.
public enum BackfillPlanning {
    /// The dates of a backfill and what would be done for each.
    ///
    /// - Parameters:
    ///   - request: what is asked for.
    ///   - manifest: the pipeline, in the version whose schedule counts.
    ///   - project: where the runs there are stand.
    ///   - now: the present instant.
    /// - Returns: the dates, in the order of their runs.
    /// - Throws: ``MartletError`` MT1060 to MT1064 for a request that makes no sense.
    public static func dates(
        _ request: BackfillRequest,
        of manifest: PipelineManifest,
        in project: any ProjectStore,
        at now: Timestamp
    ) async throws(MartletError) -> [BackfillDate] {
        let timetable = try manifest.schedule.map { (spec) throws(MartletError) in
            try Timetable(spec, pipeline: manifest.pipeline)
        }
        let runs = try await project.runs(of: request.pipeline, from: request.from, through: request.through)
        var existing: [Timestamp: BackfillPlan.ExistingRun] = [:]
        for run in runs {
            if let date = run.occasion.logicalDate { existing[date] = BackfillPlan.ExistingRun(run.id, run.state) }
        }
        // One more than there may be, so that too many are noticed.
        let ticks = timetable?.ticks(from: request.from, through: request.through).prefix(Limits.backfillDates + 1)
        return try BackfillPlan(
            request,
            ticks: ticks.map(Array.init) ?? [],
            isPeriodic: timetable?.isPeriodic ?? false,
            existing: existing,
            dependingOnPast: manifest.steps.filter { $0.past != .ignored }.map(\.id),
            at: now
        ).dates
    }
}
