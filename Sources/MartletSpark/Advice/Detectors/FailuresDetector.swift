/// Detector 11: tasks that failed and were tried again, and executors that were lost.
struct FailuresDetector: FindingDetector {
    func findings(in run: RunProfile) -> [Finding] { [tasks(run), executors(run)].compactMap(\.self) }

    private func tasks(_ run: RunProfile) -> Finding? {
        let stages = run.app.stages.filter { $0.tasks.failed > 0 || $0.failure != nil }
        guard !stages.isEmpty else { return nil }
        let failed = stages.reduce(0) { $0 + $1.tasks.failed }
        var reasons: [String: Int] = [:]
        for stage in stages { reasons.merge(stage.tasks.failures) { $0 + $1 } }
        for stage in stages where stage.tasks.failures.isEmpty {
            if let failure = stage.failure { reasons[failure, default: 0] += 1 }
        }
        let common = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
        let isMemory = reasons.keys.contains { blamesMemory($0) }
        let isFetch = reasons.keys.contains { $0.contains("FetchFailed") }
        let stopped = run.app.jobs.contains { $0.succeeded == false }
        var patches: [ConfigurationPatch] = []
        if isMemory { patches += memory(run) }
        if isFetch {
            let key = "spark.shuffle.io.maxRetries"
            patches.append(
                ConfigurationPatch(
                    key,
                    from: setting(key, in: run, default: "3"),
                    to: "10",
                    "blocks of a busy or lost executor are asked for longer"
                )
            )
        }
        return Finding(
            .failures,
            stopped ? .critical : isMemory || isFetch ? .high : .moderate,
            stopped
                ? "a job failed; \(AdviceText.plural(failed, "task")) failed before"
                : "\(AdviceText.plural(failed, "task")) failed and ran again",
            explanation: "Repeats cost time, and one that keeps failing ends the job (spark.task.maxFailures).",
            evidence: [
                .count("failed tasks", failed), .count("stages with failures", stages.count),
                .count("repeated attempts of stages", run.app.stages.count { $0.attempt > 0 }),
            ] + common.map { Evidence.text("reason", $0.value, "\($0.value)x \($0.key.prefix(200))") },
            stages: Array(Set(stages.map(\.id))).sorted(),
            patches: patches,
            advice: isFetch
                ? [
                    "An external shuffle service, or decommissioning with shuffle migration, keeps blocks of lost executors."
                ]
                : isMemory ? [] : ["The reason is in the program or its data: see the first one above."],
            confidence: isMemory || isFetch ? .medium : .low
        )
    }

    private func executors(_ run: RunProfile) -> Finding? {
        let lost = run.app.executors.filter { isLoss($0, run) }
        guard !lost.isEmpty else { return nil }
        let reasons = lost.compactMap(\.reason)
        let isKilled = reasons.contains { blamesMemory($0) }
        return Finding(
            .failures,
            isKilled ? .high : .moderate,
            "\(AdviceText.plural(lost.count, "executor")) \(lost.count == 1 ? "was" : "were") lost"
                + (isKilled ? ", killed for their memory" : ""),
            explanation: "Their running tasks and shuffle output are lost and made again.",
            evidence: [.count("lost executors", lost.count), .count("executors", run.app.executors.count)]
                + reasons.prefix(3).map { Evidence.text("reason", 0, String($0.prefix(200))) },
            patches: isKilled ? memory(run) : [],
            advice: isKilled ? [] : ["See why in the cluster manager: preempted and spot nodes are lost like this."],
            confidence: isKilled ? .high : .low
        )
    }

    /// How cluster managers and Spark say that memory was the reason.
    ///
    /// 137 is the signal KILL, and 52 is what Spark's JVM ends with when it is out of memory. 143 is not among them, as it
    /// is the usual way to end a process.
    private static let memoryPhrases = [
        "code 137", "code: 137", "status 137", "status: 137", "memory limits", "oomkilled", "outofmemory", "code 52",
        "status: 52",
    ]

    /// Whether a reason says that memory was short.
    private func blamesMemory(_ reason: String) -> Bool {
        let text = reason.lowercased()
        return Self.memoryPhrases.contains { phrase in
            // A longer number that begins alike is another code.
            text.ranges(of: phrase).contains { range in
                range.upperBound == text.endIndex || !text[range.upperBound].isNumber
            }
        }
    }

    /// Whether an executor went without being told to.
    private func isLoss(_ executor: SparkExecutor, _ run: RunProfile) -> Bool {
        guard executor.removed != nil, let reason = executor.reason?.lowercased() else { return false }
        let harmless = [
            "idle", "killed by driver", "killed by the driver", "decommission", "exit code 0", "exited normally",
            "exit status 0",
            "was shut down", "shutting down", "app is shutting down", "stopped",
        ]
        if harmless.contains(where: { reason.contains($0) }) { return false }
        // At the end of an application all executors go.
        if let end = run.app.end, let removed = executor.removed, removed >= end - 1000 { return false }
        return true
    }

    private func memory(_ run: RunProfile) -> [ConfigurationPatch] {
        let container = ContainerMemory(run.app)
        let key = "spark.executor.memoryOverhead"
        return [
            ConfigurationPatch(
                key,
                from: AdviceText.setting(bytes: container.overhead),
                to: grown(max(container.overhead * 2, container.heap / 5), by: 1),
                "exit code 137 is the cluster manager's kill: the container, not the heap, was full"
            )
        ]
    }
}
