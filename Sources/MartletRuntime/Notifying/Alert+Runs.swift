public import MartletCore

extension Alert {
    /// Tells that a run failed; the same alert however often it is made.
    public static func runFailed(_ run: RunSummary, at now: Timestamp) -> Alert {
        Alert(
            id: "run_failed/\(run.id)/\(run.finishedAt?.description ?? "")",
            kind: .runFailed,
            at: now,
            text: "run \(run.id) failed: \(run.reason ?? "")",
            pipeline: run.pipeline,
            run: run.id
        )
    }
}
