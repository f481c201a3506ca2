/// Detector 13: time in Python workers, to which rows are sent and from which they come back.
struct PythonDetector: FindingDetector {
    private static let names = [
        "BatchEvalPython", "ArrowEvalPython", "ArrowEvalPythonUDTF", "BatchEvalPythonUDTF", "FlatMapGroupsInPandas",
        "FlatMapGroupsInArrow", "FlatMapCoGroupsInPandas", "FlatMapCoGroupsInArrow", "MapInPandas", "MapInArrow",
        "PythonMapInArrow", "AggregateInPandas", "ArrowAggregatePython", "WindowInPandas", "ArrowWindowPython",
    ]

    func findings(in run: RunProfile) -> [Finding] {
        var stages: [SparkStage] = []
        var kinds: Set<String> = []
        var queries: Set<Int> = []
        for stage in run.app.stages {
            let nodes = run.nodes(of: stage).filter { Self.names.contains($0.node.name) }
            guard !nodes.isEmpty else { continue }
            stages.append(stage)
            kinds.formUnion(nodes.map(\.node.name))
            queries.formUnion(nodes.map(\.query))
        }
        let inPython = stages.lazy.map(\.tasks.totals.runTime).boundedSum
        let all = run.app.stages.lazy.map(\.tasks.totals.runTime).boundedSum
        guard all > 0, inPython >= run.thresholds.pythonTime else { return [] }
        let share = Double(inPython) / Double(all)
        guard share > run.thresholds.pythonShare else { return [] }
        let isBatch = kinds.contains { $0.hasPrefix("BatchEvalPython") }
        var patches: [ConfigurationPatch] = []
        let arrow = "spark.sql.execution.pythonUDF.arrow.enabled"
        if isBatch, run.app.property(arrow) != "true" {
            patches.append(
                ConfigurationPatch(
                    arrow,
                    from: setting(arrow, in: run, default: "(the version's default)"),
                    to: "true",
                    "rows go to Python in Arrow batches, not pickled one by one"
                )
            )
        }
        let overhead = "spark.executor.memoryOverheadFactor"
        if !run.shape.isLocal, run.app.property(overhead) == nil,
            run.app.property("spark.executor.memoryOverhead") == nil
        {
            patches.append(
                ConfigurationPatch(overhead, from: "0.10", to: "0.30", "Python workers live beside the heap")
            )
        }
        return [
            Finding(
                .python,
                isBatch
                    ? Severity.of(share, moderate: 0.25, high: 0.6, critical: 2)
                    : Severity.of(share, moderate: 0.5, high: 2, critical: 2),
                "\(AdviceText.share(share)) of the run time is in stages with Python functions "
                    + "(\(kinds.sorted().joined(separator: ", ")))",
                explanation: isBatch
                    ? "Each row is pickled, sent to a Python process, worked on and sent back."
                    : "Rows are sent to Python processes in batches and come back; SQL functions need neither.",
                evidence: [
                    .share("of the run time", share), .time("run time in these stages", inPython),
                    .time("run time of all tasks", all), .count("stages", stages.count),
                ],
                stages: stages.map(\.id),
                queries: queries.sorted(),
                patches: patches,
                advice: [
                    "Write the function with Spark's own SQL functions where they can; they run in the JVM, compiled.",
                    "Otherwise use a pandas or Arrow UDF, which works on batches.",
                ],
                confidence: .medium
            )
        ]
    }
}
