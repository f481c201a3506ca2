/// Detector 2: tasks had more data than memory and wrote part of it to disk.
struct SpillDetector: FindingDetector {
    func findings(in run: RunProfile) -> [Finding] {
        var worst = WorstFirst<SparkStage>()
        for stage in run.app.stages where stage.tasks.totals.diskSpilled > 0 {
            worst.add(stage, badness: stage.tasks.totals.diskSpilled)
        }
        return worst.elements.map { finding($0, run) }
    }

    private func finding(_ stage: SparkStage, _ run: RunProfile) -> Finding {
        let tasks = stage.tasks
        let totals = tasks.totals
        let read = totals.shuffleReadBytes + totals.inputBytes
        let share = read > 0 ? Double(totals.diskSpilled) / Double(read) : 1
        let severity: Severity =
            share < run.thresholds.spillShare
            ? .low : Severity.of(share, moderate: 0, high: 0.5, critical: totals.diskSpilled > 10 << 30 ? 1 : .infinity)
        return Finding(
            .spill,
            severity,
            "\(run.name(stage)) spilled \(AdviceText.bytes(totals.diskSpilled)) to disk",
            explanation:
                "Sorting or aggregating needed more memory than a task may have, so rows were written to disk and "
                + "read again.",
            evidence: [
                .bytes("spilled to disk", totals.diskSpilled), .bytes("spilled, in memory", totals.memorySpilled),
                .count("tasks that spilled", tasks.spilling), .count("tasks", tasks.count),
                .bytes("read from shuffles", totals.shuffleReadBytes), .bytes("read from files", totals.inputBytes),
                .share("spilled per byte read", share),
            ],
            stages: [stage.id],
            patches: patches(tasks, run),
            advice: ["Select fewer columns before the shuffle; a narrower row is less to sort."],
            effect: nil,
            confidence: share >= run.thresholds.spillShare ? .high : .medium
        )
    }

    /// Smaller partitions first; more memory only when they are small already.
    private func patches(_ tasks: StageTasks, _ run: RunProfile) -> [ConfigurationPatch] {
        let size = run.thresholds.partitionBytes
        // What a task held is what it spilled, or else what it read.
        let bytes = max(tasks.totals.shuffleReadBytes, tasks.totals.memorySpilled)
        let wanted = min(100_000, max((tasks.totals.shuffleReadBytes + size - 1) / size, (bytes + size - 1) / size))
        if tasks.totals.shuffleReadBytes > 0, wanted > tasks.count {
            let key = "spark.sql.shuffle.partitions"
            return [
                ConfigurationPatch(
                    key,
                    from: setting(key, in: run, default: "200"),
                    to: String(wanted),
                    "\(AdviceText.bytes(bytes)) over \(AdviceText.count(wanted)) partitions are "
                        + "\(AdviceText.bytes(size)) each; \(AdviceText.plural(tasks.count, "task")) had "
                        + "\(AdviceText.bytes(bytes / max(1, tasks.count)))"
                )
            ]
        }
        if tasks.totals.inputBytes > 0, tasks.largestInput > size {
            let key = "spark.sql.files.maxPartitionBytes"
            return [
                ConfigurationPatch(
                    key,
                    from: setting(key, in: run, default: "128m"),
                    to: AdviceText.setting(bytes: max(16 << 20, size / 2)),
                    "one task read up to \(AdviceText.bytes(tasks.largestInput)) of files"
                )
            ]
        }
        let forced = "spark.shuffle.spill.numElementsForceSpillThreshold"
        if let value = run.app.property(forced) {
            return [
                ConfigurationPatch(forced, from: value, to: "(unset)", "it makes tasks spill by count, not by memory")
            ]
        }
        let key = run.shape.isLocal ? "spark.driver.memory" : "spark.executor.memory"
        let now = SparkSize.bytes(run.app.property(key), unit: 1 << 20) ?? 1 << 30
        return [
            ConfigurationPatch(
                key,
                from: setting(key, in: run, default: "1g"),
                to: grown(now, by: 1.5),
                "partitions are small already, so the memory of a task is what is short"
            )
        ]
    }
}
