/// Detector 6: a long stage with too few tasks to keep the slots busy, or with tasks that read too much.
struct TooFewTasksDetector: FindingDetector {
    func findings(in run: RunProfile) -> [Finding] {
        // The simulation of each runs the whole application.
        var worst = WorstFirst<Candidate>()
        for index in run.critical.sorted() {
            if let candidate = candidate(run.app.stages[index], at: index, run) {
                worst.add(candidate, badness: candidate.span)
            }
        }
        return worst.elements.compactMap { finding($0, run) }
    }

    /// A stage that may be a finding, as far as it is known without a simulation.
    private struct Candidate {
        var index: Int
        /// Milliseconds from its first task to its last.
        var span: Int
        var median: Int
        var isFew: Bool
        var isGiant: Bool
        /// How many tasks it should have.
        var wanted: Int
    }

    private func candidate(_ stage: SparkStage, at index: Int, _ run: RunProfile) -> Candidate? {
        let limits = run.thresholds
        let tasks = stage.tasks
        guard let begin = stage.begin, let finish = stage.finish, run.app.wall > 0 else { return nil }
        let span = finish - begin
        let isLong =
            span >= limits.fewTasksTime && Double(span) >= limits.fewTasksShare * Double(run.app.wall)
        let isFew = Double(tasks.count) < limits.tasksPerSlot * Double(run.shape.slots)
        let isGiant = tasks.largestInput > limits.giantInput
        // A stage of skewed tasks gains nothing from more of them: that is another finding.
        let middle = TaskDistribution(tasks)
        let isSkewed = Double(tasks.longest) > limits.skewFactor * Double(max(1, middle.medianDuration))
        guard isGiant || (isFew && isLong && (!isSkewed || tasks.count < 3)) else { return nil }
        var wanted = max(3 * run.shape.slots, 1)
        if isGiant { wanted = max(wanted, tasks.totals.inputBytes / limits.partitionBytes) }
        guard wanted > tasks.count else { return nil }
        return Candidate(
            index: index,
            span: span,
            median: middle.medianDuration,
            isFew: isFew,
            isGiant: isGiant,
            wanted: wanted
        )
    }

    private func finding(_ candidate: Candidate, _ run: RunProfile) -> Finding? {
        let stage = run.app.stages[candidate.index]
        let tasks = stage.tasks
        let (isFew, wanted) = (candidate.isFew, candidate.wanted)
        let effect = run.effect(spreading: candidate.index, over: min(wanted, 100_000))
        let saved = effect?.timeSaved ?? 0
        // Where the stage is bounded by something else, more tasks are no advice.
        guard candidate.isGiant || saved > 0.02 else { return nil }
        return Finding(
            .tooFewTasks,
            Severity.of(saved, moderate: 0.05, high: 0.2, critical: 0.5),
            isFew
                ? "\(run.name(stage)) has \(AdviceText.plural(tasks.count, "task")) for "
                    + "\(AdviceText.plural(run.shape.slots, "slot")) and takes \(AdviceText.time(candidate.span))"
                : "\(run.name(stage)) has a task that reads \(AdviceText.bytes(tasks.largestInput)) of files",
            explanation: isFew
                ? "Slots without a task are idle, and the last round is only partly full."
                : "Large tasks need more memory, and make a repeat after a failure expensive.",
            evidence: [
                .count("tasks", tasks.count), .count("slots", run.shape.slots), .time("stage", candidate.span),
                .time("median task", candidate.median), .bytes("largest input of a task", tasks.largestInput),
                .bytes("read from shuffles", tasks.totals.shuffleReadBytes),
            ],
            stages: [stage.id],
            patches: patches(tasks, wanted, run),
            advice: advice(tasks, wanted),
            effect: effect,
            confidence: tasks.count == 1 ? .low : .medium
        )
    }

    private func patches(_ tasks: StageTasks, _ wanted: Int, _ run: RunProfile) -> [ConfigurationPatch] {
        if tasks.count == 1, tasks.totals.shuffleReadBytes > 0 { return [] }
        if tasks.totals.inputBytes > tasks.totals.shuffleReadBytes {
            let key = "spark.sql.files.maxPartitionBytes"
            let bytes = max(1 << 20, tasks.totals.inputBytes / wanted)
            return [
                ConfigurationPatch(
                    key,
                    from: setting(key, in: run, default: "128m"),
                    to: AdviceText.setting(bytes: bytes),
                    "smaller splits of files are more tasks"
                )
            ]
        }
        guard tasks.totals.shuffleReadBytes > 0 else { return [] }
        let key = "spark.sql.shuffle.partitions"
        if shufflePartitions(in: run) > tasks.count, isOn("spark.sql.adaptive.enabled", in: run, default: true) {
            // Adaptive execution has merged the partitions of this stage.
            let size = "spark.sql.adaptive.advisoryPartitionSizeInBytes"
            return [
                ConfigurationPatch(
                    size,
                    from: setting(size, in: run, default: "64m"),
                    to: AdviceText.setting(bytes: max(1 << 20, tasks.totals.shuffleReadBytes / wanted)),
                    "adaptive execution merged \(shufflePartitions(in: run)) partitions to "
                        + "\(AdviceText.plural(tasks.count, "task"))"
                )
            ]
        }
        return [
            ConfigurationPatch(
                key,
                from: setting(key, in: run, default: "200"),
                to: String(wanted),
                "three tasks for each slot even out what the last round leaves idle"
            )
        ]
    }

    private func advice(_ tasks: StageTasks, _ wanted: Int) -> [String] {
        if tasks.count == 1, tasks.totals.shuffleReadBytes > 0 {
            return [
                "One task means a global sort, limit or window: give the window a PARTITION BY, or order within partitions."
            ]
        }
        return tasks.totals.inputBytes + tasks.totals.shuffleReadBytes == 0
            ? ["Make more partitions where the data is made: repartition(\(wanted))."] : []
    }
}
