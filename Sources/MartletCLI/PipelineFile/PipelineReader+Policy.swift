import MartletCore

extension PipelineReader {
    /// How the pipeline's runs are run.
    func policy(_ root: YAMLNode) -> PipelinePolicy {
        let plain = PipelinePolicy()
        return PipelinePolicy(
            maxActiveRuns: diagnostics.integer(root.entry("max_active_runs")) ?? plain.maxActiveRuns,
            maxActiveSteps: diagnostics.integer(root.entry("max_active_steps")),
            maxConsecutiveFailures: diagnostics.integer(root.entry("max_consecutive_failures"))
                ?? plain.maxConsecutiveFailures,
            runTimeoutSeconds: diagnostics.seconds(root.entry("run_timeout")),
            failFast: diagnostics.bool(root.entry("fail_fast")) ?? plain.failFast,
            startsPaused: diagnostics.bool(root.entry("paused")) ?? plain.startsPaused,
            rerunsWithLatest: diagnostics.bool(root.entry("rerun_with_latest_version")) ?? plain.rerunsWithLatest,
            deadlines: deadlines(root.entry("deadline")),
            notifyOnFailure: diagnostics.texts(root.entry("notify_on_failure")) ?? [],
            publish: diagnostics.publish(root.entry("publish"))
        )
    }

    /// One deadline, or a list of them; one that cannot be read is kept, so that the others keep their positions.
    private func deadlines(_ entry: YAMLEntry?) -> [DeadlineSpec] {
        guard let entry else { return [] }
        if case .list(let elements) = entry.value.content { return elements.map { deadline($0) } }
        return [deadline(entry.value)]
    }

    private func deadline(_ node: YAMLNode) -> DeadlineSpec {
        // Stands for what could not be read; nothing is wrong with it.
        let placeholder = DeadlineSpec(from: .runStart, withinSeconds: 1)
        guard let entries = node.entries else {
            diagnostics.reject(
                node,
                "a deadline must be a mapping; it is \(node.kindName)",
                remedy: "write deadline: { within: \(node.scalarText ?? "15m") }"
            )
            return placeholder
        }
        KnownKeys.deadline.check(entries, diagnostics)
        // An instant says by itself what it is counted from.
        let plain: DeadlineSpec.Reference = node.entry("at") == nil ? .runStart : .instant
        guard let from = node.entry("from") == nil ? plain : reference(node.entry("from")) else { return placeholder }
        let isComplete = from == .instant || from == .average
        if node.entry("within") == nil, !isComplete {
            diagnostics.report(
                .keyMissing,
                "the deadline allows no time",
                remedy: "add within: 15m",
                at: node.position
            )
        }
        for key in ["runs", "minimum_runs"] where from != .average {
            guard let entry = node.entry(key) else { continue }
            diagnostics.report(
                .deadlineInvalid,
                "the deadline has \(key) and is counted from \(from.rawValue)",
                reason: "only an average is made of past runs",
                remedy: "write from: average, or remove \(key)",
                at: entry.keyPosition
            )
        }
        return DeadlineSpec(
            from: from,
            withinSeconds: diagnostics.seconds(node.entry("within")) ?? (isComplete ? 0 : placeholder.withinSeconds),
            at: instant(node.entry("at")),
            runs: diagnostics.integer(node.entry("runs")) ?? placeholder.runs,
            minimumRuns: minimumRuns(node) ?? placeholder.minimumRuns,
            notify: diagnostics.texts(node.entry("notify")) ?? []
        )
    }

    /// The fewest runs that make an average: no more than it is made of.
    private func minimumRuns(_ node: YAMLNode) -> Int? {
        if let entry = node.entry("minimum_runs") { return diagnostics.integer(entry) }
        guard case .scalar(let scalar)? = node.child("runs")?.content, let runs = scalar.integer else { return nil }
        return min(DeadlineSpec(from: .average, withinSeconds: 0).minimumRuns, runs)
    }

    /// What a deadline is counted from, also by Airflow's names.
    private func reference(_ entry: YAMLEntry?) -> DeadlineSpec.Reference? {
        let synonyms: [String: DeadlineSpec.Reference] = [
            "logical_date": .schedule, "dagrun_logical_date": .schedule, "scheduled": .schedule,
            "queued_at": .queued, "dagrun_queued_at": .queued, "created": .queued,
            "start": .runStart, "start_date": .runStart, "started": .runStart,
            "fixed_datetime": .instant, "datetime": .instant, "average_runtime": .average,
        ]
        guard let entry else { return nil }
        guard let text = entry.value.scalarText, let meant = synonyms[text] else {
            return diagnostics.choice(entry, "start of a deadline")
        }
        diagnostics.reject(
            entry.value,
            "\"\(text)\" is not a start of a deadline",
            remedy: "did you mean \(meant.rawValue)?"
        )
        return nil
    }

    /// The instant of a deadline; another one when it cannot be read, so that it does not count as missing.
    private func instant(_ entry: YAMLEntry?) -> Timestamp? {
        guard let entry, let text = diagnostics.text(entry) else { return nil }
        if let instant = Timestamp(rfc3339: text) { return instant }
        diagnostics.reject(
            entry.value,
            "\"\(text)\" is not an instant",
            remedy: "write it in UTC, as in 2026-01-31T06:30:00Z"
        )
        return Timestamp(microseconds: 0)
    }
}
