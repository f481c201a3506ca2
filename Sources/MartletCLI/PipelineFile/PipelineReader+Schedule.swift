import MartletCore
import MartletScheduling

extension PipelineReader {
    /// When the pipeline starts by itself: one text, or a mapping.
    func schedule(_ entry: YAMLEntry?) -> ScheduleSpec? {
        guard let entry else { return nil }
        if case .scalar(let scalar) = entry.value.content, !scalar.isNull {
            if scalar.text == "none" { return nil }
            return rule(entry) { text throws(MartletError) in try ScheduleRule(text: text) }
                .map { ScheduleSpec(rule: $0) }
        }
        guard let entries = entry.value.entries else {
            diagnostics.reject(
                entry.value,
                "schedule must be a text or a mapping; it is \(entry.value.kindName)",
                remedy: "write schedule: \"@daily\" or schedule: { cron: \"0 6 * * *\" }"
            )
            return nil
        }
        KnownKeys.schedule.check(entries, diagnostics)
        return schedule(entry.value, entries)
    }

    private func schedule(_ node: YAMLNode, _ entries: [YAMLEntry]) -> ScheduleSpec? {
        var spec = ScheduleSpec(timezone: diagnostics.text(node.entry("timezone")))
        // The validator says that a zone is unknown.
        let zone = (try? spec.zone()) ?? .utc
        spec.start = instant(node.entry("start"), zone)
        spec.end = instant(node.entry("end"), zone)
        spec.catchup = diagnostics.bool(node.entry("catchup")) ?? false
        spec.dataIntervals = diagnostics.bool(node.entry("data_intervals")) ?? false
        spec.intervalSeconds = diagnostics.seconds(node.entry("interval")) ?? 0
        spec.firstRun = firstRun(node.entry("run_immediately")) ?? .whenNear
        spec.daylight = daylight(node.entry("dst"))
        spec.calendar = calendar(node.entry("calendar"))
        spec.datasets = condition(node.entry("datasets"))
        spec.datasetPolicy = datasetPolicy(node.entry("dataset_policy"))
        let rules = entries.filter { KnownKeys.scheduleRules.contains($0.key) }
        if rules.count > 1 {
            diagnostics.report(
                .scheduleInvalid,
                "the schedule has both \(rules[0].key) and \(rules[1].key)",
                reason: "a schedule has one rule; cron and at take lists",
                remedy: "keep one of \(KnownKeys.scheduleRules.joined(separator: ", "))",
                at: rules[1].keyPosition
            )
        }
        if let first = rules.first {
            guard let rule = rule(first, zone) else { return nil }
            spec.rule = rule
        } else if node.entry("datasets") == nil {
            diagnostics.report(
                .keyMissing,
                "the schedule does not say when",
                remedy: "add cron: \"0 6 * * *\" (every day at 6:00), every: 15m, or datasets: [name]",
                at: node.position
            )
            return nil
        }
        checkThatItFires(spec, at: node)
        return spec
    }

    /// Reports a schedule whose every time is on a day off; other problems are found with the whole manifest.
    private func checkThatItFires(_ spec: ScheduleSpec, at node: YAMLNode) {
        guard spec.calendar != nil, spec.problems(seed: "").isEmpty else { return }
        do {
            _ = try Timetable(spec, seed: "")
        } catch {
            diagnostics.reject(node, error)
        }
    }

    private func rule(_ entry: YAMLEntry, _ zone: Zone) -> ScheduleRule? {
        switch entry.key {
        case "cron":
            guard case .list = entry.value.content else { return diagnostics.text(entry).map { .cron([$0]) } }
            return diagnostics.texts(entry).map { .cron($0) }
        case "every":
            return rule(entry) { text throws(MartletError) in try ScheduleRule(period: text) }
        case "at":
            guard let texts = diagnostics.texts(entry), case .list(let elements) = entry.value.content else {
                return nil
            }
            let instants = zip(texts, elements).map { $0.isEmpty ? nil : instant($1, "an element of at", zone) }
            return instants.contains(nil) ? nil : .instants(instants.compactMap(\.self))
        default:
            guard let isOn = diagnostics.bool(entry) else { return nil }
            if !isOn { diagnostics.reject(entry.value, "\(entry.key) can only be true", remedy: "remove it") }
            return isOn ? (entry.key == "once" ? .once : .continuous) : nil
        }
    }

    /// A rule written as one text.
    private func rule(
        _ entry: YAMLEntry,
        _ read: (String) throws(MartletError) -> ScheduleRule
    ) -> ScheduleRule? {
        guard let text = diagnostics.text(entry) else { return nil }
        do {
            return try read(text)
        } catch {
            diagnostics.reject(entry.value, error)
            return nil
        }
    }

    private func instant(_ entry: YAMLEntry?, _ zone: Zone) -> Timestamp? {
        entry.flatMap { instant($0.value, $0.key, zone) }
    }

    private func instant(_ node: YAMLNode, _ key: String, _ zone: Zone) -> Timestamp? {
        guard let text = diagnostics.text(node, for: key) else { return nil }
        do {
            return try Timestamp(text: text, in: zone)
        } catch {
            diagnostics.reject(node, error)
            return nil
        }
    }

    /// True, false, or how long ago a time may be to be made up for.
    private func firstRun(_ entry: YAMLEntry?) -> FirstRun? {
        guard let entry else { return nil }
        if case .scalar(let scalar) = entry.value.content, let isOn = scalar.bool {
            return isOn ? .immediately : .whenNear
        }
        return diagnostics.seconds(entry).map { .within(seconds: $0) }
    }
}
