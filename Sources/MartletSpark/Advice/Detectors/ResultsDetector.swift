/// Detector 14: large results sent to the driver.
struct ResultsDetector: FindingDetector {
    func findings(in run: RunProfile) -> [Finding] {
        let key = "spark.driver.maxResultSize"
        // A number alone is bytes here, unlike in the settings of memory, where it is MiB.
        let most = SparkSize.bytes(run.app.property(key)) ?? 1 << 30
        var worst = WorstFirst<SparkStage>()
        for stage in run.app.stages where stage.tasks.totals.resultBytes >= run.thresholds.resultBytes {
            worst.add(stage, badness: stage.tasks.totals.resultBytes)
        }
        return worst.elements.map { stage in
            let bytes = stage.tasks.totals.resultBytes
            let share = most > 0 ? Double(bytes) / Double(most) : 0
            let fetching = stage.tasks.totals.gettingResultTime
            return Finding(
                .results,
                Severity.of(share, moderate: 0.25, high: 0.5, critical: 0.9),
                "\(run.name(stage)) sends \(AdviceText.bytes(bytes)) to the driver",
                explanation: "All of it goes through one process; beyond spark.driver.maxResultSize the job is ended.",
                evidence: [
                    .bytes("results", bytes), .share("of spark.driver.maxResultSize", share),
                    .time("fetching results", fetching), .count("tasks", stage.tasks.count),
                ],
                stages: [stage.id],
                queries: Array(Set(run.nodes(of: stage).map(\.query))).sorted(),
                patches: share > 0.5
                    ? [
                        ConfigurationPatch(
                            key,
                            from: setting(key, in: run, default: "1g"),
                            to: AdviceText.setting(bytes: 2 * ((bytes >> 20) + 1) << 20),
                            "room for growth, until the result is written instead"
                        )
                    ] : [],
                advice: ["Write the rows to a table or files, or aggregate or limit them before collecting."],
                confidence: .high
            )
        }
    }
}
