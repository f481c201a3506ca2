/// Detector 10: time in which no task ran, because the driver was at work.
struct DriverTimeDetector: FindingDetector {
    func findings(in run: RunProfile) -> [Finding] {
        let wall = run.app.wall - run.startup
        let idle = run.driverTime
        guard wall > 0, idle >= run.thresholds.driverTime else { return [] }
        let share = Double(idle) / Double(wall)
        guard share > run.thresholds.driverShare else { return [] }
        let gaps = run.gaps.sorted { $0.count > $1.count }.prefix(3)
        return [
            Finding(
                .driverTime,
                Severity.of(share, moderate: 0.3, high: 0.5, critical: 0.8),
                "no task ran for \(AdviceText.share(share)) of the time, \(AdviceText.time(idle))",
                explanation:
                    "The driver listed files, planned, collected, committed or ran its own code; all executors "
                    + "waited. More executors do not help here.",
                evidence: [
                    .time("without a task", idle), .share("of the time after the first job", share),
                    .time("before the first job", run.startup),
                ]
                    + gaps.enumerated().map { place, gap in
                        Evidence.text(
                            "gap \(place + 1)",
                            gap.count,
                            "\(AdviceText.time(gap.count)), \(around(gap, run))"
                        )
                    },
                queries: [],
                advice: [
                    "Do not collect rows to work on them one by one; express it in SQL, or write them.",
                    "Many partitions or files make listing and committing slow: compact them, or use a table format.",
                    "Run independent actions from several threads, so that one plans while another runs.",
                ],
                effect: nil,
                confidence: .high
            )
        ]
    }

    /// What came before and after a gap.
    private func around(_ gap: Range<Int>, _ run: RunProfile) -> String {
        let before = run.app.jobs.last { ($0.completed ?? .max) <= gap.lowerBound + 1000 }
        let after = run.app.jobs.first { $0.submitted >= gap.lowerBound }
        switch (before, after) {
        case (let before?, let after?): return "between job \(before.id) and job \(after.id)\(query(after, run))"
        case (let before?, nil): return "after job \(before.id)\(query(before, run))"
        case (nil, let after?): return "before job \(after.id)\(query(after, run))"
        default: return "within a job"
        }
    }

    private func query(_ job: SparkJob, _ run: RunProfile) -> String {
        guard let id = job.query, let query = run.app.queries.first(where: { $0.id == id }), !query.description.isEmpty
        else { return "" }
        return " of query \(id) (\(query.description.prefix(60)))"
    }
}
