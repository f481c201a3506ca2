/// Detector 5: so many or so short tasks that starting them is what takes the time.
struct TooManyTasksDetector: FindingDetector {
    /// A stage that may be a finding, as far as it is known without a simulation.
    private struct Candidate {
        var index: Int
        var median: Int
        /// Milliseconds that starting its tasks took.
        var overhead: Int
        /// That as a share of the time that they ran.
        var share: Double
        /// How many tasks it should have.
        var wanted: Int
    }

    func findings(in run: RunProfile) -> [Finding] {
        // The simulation of each runs the whole application.
        var worst = WorstFirst<Candidate>()
        for index in run.app.stages.indices {
            if let candidate = candidate(run.app.stages[index].tasks, at: index, run) {
                worst.add(candidate, badness: candidate.overhead)
            }
        }
        return worst.elements.map { finding($0, run) }
    }

    private func candidate(_ tasks: StageTasks, at index: Int, _ run: RunProfile) -> Candidate? {
        let limits = run.thresholds
        guard tasks.count >= limits.overheadTasks, tasks.count >= 4 * run.shape.slots else { return nil }
        let median = TaskDistribution(tasks).medianDuration
        guard median < limits.shortTask else { return nil }
        let overhead = tasks.totals.deserializeTime + tasks.totals.schedulerDelay
        let share = Double(overhead) / Double(max(1, tasks.totals.runTime))
        guard tasks.count > limits.manyTasks || share > limits.taskOverhead else { return nil }
        // As many as give tasks of a second or so, and a few rounds for each slot.
        let wanted = max(2 * run.shape.slots, min(tasks.count / 10, max(1, tasks.totals.runTime / 1000)))
        guard wanted < tasks.count else { return nil }
        return Candidate(index: index, median: median, overhead: overhead, share: share, wanted: wanted)
    }

    private func finding(_ candidate: Candidate, _ run: RunProfile) -> Finding {
        let stage = run.app.stages[candidate.index]
        let tasks = stage.tasks
        let totals = tasks.totals
        let wanted = candidate.wanted
        let effect = run.effect(spreading: candidate.index, over: wanted)
        return Finding(
            .tooManyTasks,
            Severity.of(effect?.timeSaved ?? 0, moderate: 0.03, high: 0.15, critical: 0.4),
            "\(run.name(stage)) has \(AdviceText.count(tasks.count)) tasks of \(AdviceText.time(candidate.median)) "
                + "each",
            explanation: "Starting a task costs some milliseconds on the driver and the executor, whatever it does.",
            evidence: [
                .count("tasks", tasks.count), .time("median task", candidate.median),
                .time("starting tasks", candidate.overhead), .time("running tasks", totals.runTime),
                .share("starting per running", candidate.share),
            ],
            stages: [stage.id],
            patches: patches(tasks, wanted, run),
            advice: totals.inputBytes + totals.shuffleReadBytes == 0
                ? ["Make fewer partitions where the data is made: coalesce(\(wanted)) or repartition(\(wanted))."] : [],
            effect: effect,
            confidence: tasks.count > run.thresholds.manyTasks ? .high : .medium
        )
    }

    private func patches(_ tasks: StageTasks, _ wanted: Int, _ run: RunProfile) -> [ConfigurationPatch] {
        if tasks.totals.inputBytes > 0 {
            let key = "spark.sql.files.maxPartitionBytes"
            let now = SparkSize.bytes(run.app.property(key)) ?? 128 << 20
            let bytes = max(now, tasks.totals.inputBytes / max(1, wanted))
            return [
                ConfigurationPatch(
                    key,
                    from: setting(key, in: run, default: "128m"),
                    to: AdviceText.setting(bytes: max(bytes, 128 << 20)),
                    "larger splits of files are fewer tasks"
                )
            ]
        }
        guard tasks.totals.shuffleReadBytes > 0 else { return [] }
        if isOn("spark.sql.adaptive.enabled", in: run, default: true) {
            let key = "spark.sql.adaptive.coalescePartitions.parallelismFirst"
            return [
                ConfigurationPatch(
                    key,
                    from: setting(key, in: run, default: "true"),
                    to: "false",
                    "adaptive execution then aims at advisoryPartitionSizeInBytes instead of many small partitions"
                )
            ]
        }
        let key = "spark.sql.shuffle.partitions"
        return [
            ConfigurationPatch(
                key,
                from: setting(key, in: run, default: "200"),
                to: String(wanted),
                "fewer, larger tasks"
            )
        ]
    }
}
