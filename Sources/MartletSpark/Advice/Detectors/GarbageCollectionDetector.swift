/// Detector 3: the JVM spends its time collecting garbage, or has far more heap than it needs.
struct GarbageCollectionDetector: FindingDetector {
    func findings(in run: RunProfile) -> [Finding] {
        let limits = run.thresholds
        let runTime = run.app.stages.lazy.map(\.tasks.totals.runTime).boundedSum
        let gcTime = run.app.stages.lazy.map(\.tasks.totals.gcTime).boundedSum
        guard runTime > 0 else { return [] }
        let share = Double(gcTime) / Double(runTime)
        let key = run.shape.isLocal ? "spark.driver.memory" : "spark.executor.memory"
        let heap = SparkSize.bytes(run.app.property(key), unit: 1 << 20) ?? 1 << 30
        let peak = run.app.executors.map(\.peaks.heap).max() ?? 0
        let evidence: [Evidence] = [
            .share("garbage collection of run time", share), .time("garbage collection", gcTime),
            .time("run time of all tasks", runTime), .bytes("heap", heap), .bytes("highest heap in use", peak),
        ]
        let now = setting(key, in: run, default: "1g")
        if share > limits.gcShare, gcTime >= limits.gcTime {
            let worst = run.app.stages.max { $0.tasks.totals.gcTime < $1.tasks.totals.gcTime }
            return [
                Finding(
                    .garbageCollection,
                    Severity.of(share, moderate: 0.10, high: 0.15, critical: 0.30),
                    "\(AdviceText.share(share)) of the run time of all tasks was garbage collection",
                    explanation: "The heap is too small for what tasks keep in it, or too many tasks share it.",
                    evidence: evidence,
                    stages: worst.map { [$0.id] } ?? [],
                    patches: [
                        ConfigurationPatch(
                            key,
                            from: now,
                            to: grown(heap, by: 1.5),
                            "more heap is collected less often"
                        )
                    ],
                    advice: [
                        "Fewer cores per executor give each task more of the heap.",
                        "Cache serialised (MEMORY_AND_DISK_SER) or not at all.",
                    ],
                    confidence: .high
                )
            ]
        }
        // Little garbage and half of a large heap never used.
        if share < limits.gcIdleShare, peak > 0, heap >= 4 << 30, peak < heap / 2,
            run.app.wall >= 5 * limits.memoryTime,
            !run.shape.isLocal
        {
            return [
                Finding(
                    .garbageCollection,
                    .low,
                    "hardly any garbage collection, and less than half of the heap was in use",
                    explanation: "Memory that is paid for and not used; smaller executors would do.",
                    evidence: evidence,
                    patches: [
                        ConfigurationPatch(key, from: now, to: grown(max(peak, 1 << 30), by: 1.3), "the peak and 30 %")
                    ],
                    confidence: .medium
                )
            ]
        }
        return []
    }
}
