import MartletCore

extension PipelineReader {
    /// What a `wait` step waits for.
    func wait(_ entry: YAMLEntry, in step: YAMLNode, _ name: String) -> StepAction? {
        refuseTimeout(of: step, name, kind: "wait")
        guard let entries = diagnostics.mapping(entry, form: "file: data/arrival.csv") else { return nil }
        KnownKeys.wait.check(entries, diagnostics)
        let kinds = entries.filter { KnownKeys.waitKinds.contains($0.key) }
        guard let kind = kinds.first else {
            if entries.allSatisfy({ KnownKeys.wait.contains($0.key) }) {
                diagnostics.report(
                    .keyMissing,
                    "\(name) does not say what it waits for",
                    remedy: "give it one of \(KnownKeys.waitKinds.joined(separator: ", "))",
                    at: entry.value.position
                )
            }
            return nil
        }
        if kinds.count > 1 {
            diagnostics.report(
                .valueInvalid,
                "\(name) waits for both \(kinds[0].key) and \(kinds[1].key)",
                reason: "a step waits for one thing",
                remedy: "make the other a step of its own, and wait for both with after:",
                at: kinds[1].keyPosition
            )
            return nil
        }
        let policy = waitPolicy(entry.value)
        return condition(kind).map { .wait(WaitAction($0, policy: policy)) }
    }

    private func waitPolicy(_ node: YAMLNode) -> WaitPolicy {
        let plain = WaitPolicy()
        return WaitPolicy(
            pollSeconds: diagnostics.seconds(node.entry("poll_interval")) ?? plain.pollSeconds,
            backoff: diagnostics.number(node.entry("backoff")) ?? plain.backoff,
            maxPollSeconds: diagnostics.seconds(node.entry("max_wait")),
            timeoutSeconds: diagnostics.seconds(node.entry("timeout")) ?? plain.timeoutSeconds,
            onTimeout: diagnostics.choice(node.entry("on_timeout"), "way to end a wait") ?? plain.onTimeout,
            onError: diagnostics.choice(node.entry("on_error"), "way to take an error") ?? plain.onError
        )
    }

    private func condition(_ kind: YAMLEntry) -> WaitCondition? {
        switch kind.key {
        case "file": file(kind).map(WaitCondition.file)
        case "dataset": dataset(kind).map(WaitCondition.dataset)
        case "until": until(kind).map(WaitCondition.until)
        case "step": stepWait(kind).map(WaitCondition.step)
        case "http": http(kind).map(WaitCondition.http)
        default: statement(kind).map { .sql(SQLWait(statement: $0)) }
        }
    }

    /// The entries of a condition that is written out; nil when it is only text.
    private func parts(_ entry: YAMLEntry, _ known: KnownKeys) -> YAMLNode? {
        guard let entries = entry.value.entries, !entry.value.startsWithBraces(in: diagnostics.source) else {
            return nil
        }
        known.check(entries, diagnostics)
        return entry.value
    }

    /// The text of a key that has to be there.
    private func required(_ key: String, in node: YAMLNode, _ owner: KnownKeys, _ example: String) -> YAMLEntry? {
        if let entry = node.entry(key) { return entry }
        diagnostics.report(
            .keyMissing,
            "\(owner.owner) has no \(key)",
            remedy: "add \(key): \(example)",
            at: node.position
        )
        return nil
    }

    private func file(_ entry: YAMLEntry) -> FileWait? {
        guard let node = parts(entry, .fileWait) else { return diagnostics.text(entry).map { FileWait(path: $0) } }
        let minBytes = diagnostics.integer(node.entry("min_bytes")) ?? 0
        let settled = diagnostics.seconds(node.entry("settled_for")) ?? 0
        return diagnostics.text(required("path", in: node, .fileWait, "data/arrival.csv")).map {
            FileWait(path: $0, minBytes: minBytes, settledSeconds: settled)
        }
    }

    private func dataset(_ entry: YAMLEntry) -> DatasetWait? {
        guard let node = parts(entry, .datasetWait) else {
            return diagnostics.name(entry, as: DatasetID.self).map { DatasetWait(dataset: $0) }
        }
        let since: DatasetWait.Since? = diagnostics.choice(node.entry("since"), "time to count from")
        return diagnostics.name(required("name", in: node, .datasetWait, "flights/raw"), as: DatasetID.self).map {
            DatasetWait(dataset: $0, since: since ?? .intervalStart)
        }
    }

    private func until(_ entry: YAMLEntry) -> UntilWait? {
        guard let node = parts(entry, .untilWait) else {
            guard let text = diagnostics.text(entry) else { return nil }
            return UntilWait.seconds(ofTime: text) == nil ? .instant(text) : .timeOfDay(text, timezone: nil)
        }
        let forms = ["at", "time", "delta"].compactMap(node.entry)
        guard let form = forms.first, forms.count == 1 else {
            diagnostics.reject(
                entry.value,
                "a wait for a time has \(forms.isEmpty ? "none" : "more than one") of at, time and delta",
                remedy: "write one of them: time: \"06:30\", or delta: 2h with from: interval_end"
            )
            return nil
        }
        for (key, owner) in [("timezone", "time"), ("from", "delta")] where form.key != owner {
            guard let misplaced = node.entry(key) else { continue }
            diagnostics.report(
                .keyUnknown,
                "a wait until \(form.key) has no \(key)",
                reason: "only \(owner) has one",
                remedy: "remove it",
                at: misplaced.keyPosition
            )
        }
        switch form.key {
        case "at":
            return diagnostics.text(form).map(UntilWait.instant)
        case "time":
            let timezone = diagnostics.text(node.entry("timezone"))
            return diagnostics.text(form).map { .timeOfDay($0, timezone: timezone) }
        default:
            let origin: UntilWait.Origin? = diagnostics.choice(node.entry("from"), "time of a run")
            return diagnostics.seconds(form).map { .delta(seconds: $0, from: origin ?? .intervalEnd) }
        }
    }

    private func stepWait(_ entry: YAMLEntry) -> StepWait? {
        guard let entries = diagnostics.mapping(entry, form: "pipeline: other, step: load") else { return nil }
        KnownKeys.stepWait.check(entries, diagnostics)
        let node = entry.value
        let step = diagnostics.name(node.entry("step"), as: StepID.self)
        if let later = node.entry("later_by"), node.entry("earlier_by") != nil {
            diagnostics.report(
                .valueInvalid,
                "a wait for a step has both earlier_by and later_by",
                remedy: "keep the one that is meant",
                at: later.keyPosition
            )
        }
        let offset =
            (diagnostics.seconds(node.entry("later_by")) ?? 0) - (diagnostics.seconds(node.entry("earlier_by")) ?? 0)
        let which: StepWait.Which? = diagnostics.choice(node.entry("run"), "choice of a run")
        let states = diagnostics.texts(node.entry("states"))
        let failed = diagnostics.texts(node.entry("failed_states"))
        let skipped = diagnostics.texts(node.entry("skipped_states"))
        let pipeline = required("pipeline", in: node, .stepWait, "other")
        return diagnostics.name(pipeline, as: PipelineID.self).map {
            StepWait(
                pipeline: $0,
                step: step,
                run: which ?? .sameDate,
                offsetSeconds: offset,
                states: states ?? [StepState.success.rawValue],
                failedStates: failed ?? [],
                skippedStates: skipped ?? []
            )
        }
    }

    private func http(_ entry: YAMLEntry) -> HTTPWait? {
        guard let node = parts(entry, .httpWait) else { return diagnostics.text(entry).map { HTTPWait(url: $0) } }
        let method = diagnostics.text(node.entry("method"))
        let headers = diagnostics.environment(node.entry("headers"))
        var status: [Int]?
        if let entry = node.entry("status") {
            if case .list(let elements) = entry.value.content {
                status = elements.compactMap { diagnostics.integer($0, for: "an element of status") }
            } else {
                status = diagnostics.integer(entry).map { [$0] }
            }
        }
        let contains = diagnostics.text(node.entry("contains"))
        let json = diagnostics.text(node.entry("json"))
        return diagnostics.text(required("url", in: node, .httpWait, "https://example.com/ready")).map {
            HTTPWait(
                url: $0,
                method: method ?? "GET",
                headers: headers,
                status: status ?? [200],
                contains: contains,
                json: json
            )
        }
    }

    private func statement(_ entry: YAMLEntry) -> String? {
        guard let text = diagnostics.text(entry) else { return nil }
        guard text.hasSuffix(".sql"), !text.contains(where: \.isWhitespace) else { return text }
        diagnostics.reject(
            entry.value,
            "a wait takes a statement, not a file of SQL",
            remedy: "write sql: SELECT count(*) > 0 FROM 'data/*.csv'"
        )
        return nil
    }

    /// A `timeout` of the step itself would be that of a process.
    func refuseTimeout(of step: YAMLNode, _ name: String, kind: String) {
        guard let entry = step.entry("timeout") else { return }
        diagnostics.report(
            .valueInvalid,
            "\(name) has a timeout outside of \(kind)",
            reason: "it would limit a process, and the step has none",
            remedy: "write it below \(kind):",
            at: entry.keyPosition
        )
    }
}
