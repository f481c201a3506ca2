import MartletCore
import MartletScheduling

/// Pipelines as people read them.
struct PipelineText {
    let style: Style
    let zone: Zone
    let now: Timestamp

    func list(_ entries: [PipelineCatalog.Entry]) -> [String] {
        var table = TextTable(
            [.left, .right, .left, .left, .left, .left],
            header: ["PIPELINE", "VERSION", "", "SCHEDULE", "NEXT RUN", "LAST RUN"].map {
                TextTable.Cell(text: $0, paint: { style.faint($0) })
            }
        )
        for entry in entries {
            table.add([
                TextTable.Cell(text: entry.manifest.pipeline.rawValue),
                TextTable.Cell(text: entry.record.map { String($0.version) } ?? "new"),
                TextTable.Cell(text: state(entry), paint: { style.warn($0) }),
                TextTable.Cell(text: entry.manifest.schedule?.summary ?? "by hand", paint: { style.faint($0) }),
                TextTable.Cell(text: entry.nextRun.map { ClockText.local($0, in: zone) } ?? ""),
                lastRun(entry),
            ])
        }
        return table.lines(indent: "")
    }

    func details(_ entry: PipelineCatalog.Entry, _ runs: [RunSummary]) -> [String] {
        let manifest = entry.manifest
        var lines = ["\(style.bold(manifest.pipeline.rawValue))  \(DisplayText.line(manifest.description ?? ""))"]
        var facts = TextTable([.left, .left])
        for (name, value) in self.facts(entry) where !value.isEmpty {
            facts.add([TextTable.Cell(text: name, paint: { style.faint($0) }), TextTable.Cell(text: value)])
        }
        lines += facts.lines() + section("parameters", parameters(manifest)) + section("steps", steps(manifest))
        return lines + section("last runs", self.runs(runs))
    }

    func versions(_ versions: [PipelineVersions.Version]) -> [String] {
        var table = TextTable([.right, .left, .left, .left])
        for version in versions {
            table.add([
                TextTable.Cell(text: String(version.number)),
                TextTable.Cell(text: ClockText.utc(version.at)),
                TextTable.Cell(text: String(version.hash.prefix(12)), paint: { style.faint($0) }),
                TextTable.Cell(text: version.diff.map(Self.summary) ?? "first seen"),
            ])
        }
        return table.lines(indent: "")
    }

    /// What a version changed, in a few words.
    static func summary(_ diff: ManifestDiff) -> String {
        func some(_ steps: [StepID], _ what: String) -> String? {
            if steps.isEmpty { return nil }
            let names = steps.prefix(3).map(\.rawValue).joined(separator: ", ")
            return "\(what) \(names)\(steps.count > 3 ? " and \(steps.count - 3) more" : "")"
        }
        let keys = Set(diff.pipeline.map { String($0.key.prefix { $0 != "." }) }).sorted().joined(separator: ", ")
        let parts = [
            keys.isEmpty ? nil : keys, some(diff.added, "added"), some(diff.removed, "removed"),
            some(diff.changed.map(\.step), "changed"), diff.isReordered ? "steps reordered" : nil,
        ]
        let text = parts.compactMap(\.self).joined(separator: "; ")
        return text.isEmpty ? "the same" : text
    }

    private func state(_ entry: PipelineCatalog.Entry) -> String {
        if !entry.isDefined { return "no file" }
        return entry.record?.isPaused ?? entry.manifest.policy.startsPaused ? "paused" : ""
    }

    private func lastRun(_ entry: PipelineCatalog.Entry) -> TextTable.Cell {
        guard let run = entry.lastRun else { return TextTable.Cell(text: "") }
        let word = entry.isInterrupted ? "‖ interrupted" : "\(StateMark.glyph(run.state)) \(run.state.rawValue)"
        let text = "\(word), \((now - run.createdAt).shortText) ago"
        return TextTable.Cell(text: text, paint: { StateMark.paint(run.state, $0, style) })
    }

    private func facts(_ entry: PipelineCatalog.Entry) -> [(String, String)] {
        let (manifest, policy) = (entry.manifest, entry.manifest.policy)
        let record = entry.record
        let paused = record?.pauseNote.map { ": \($0)" } ?? ""
        let versionAt = record.map { "\($0.version), since \(ClockText.utc($0.versionAt))" }
        let schedule = manifest.schedule.map { "\($0.summary)\($0.catchup ? ", catching up" : "")" }
        var limits = ["\(policy.maxActiveRuns) runs at once"]
        if let most = policy.maxActiveSteps { limits.append("\(most) steps at once") }
        if let most = manifest.maxParallelSteps { limits.append("\(most) steps of a run at once") }
        if let seconds = policy.runTimeoutSeconds { limits.append("\(Duration.seconds(seconds).shortText) a run") }
        return [
            ("file", entry.isDefined ? entry.source : "\(entry.source), which is gone"),
            ("version", versionAt ?? "none yet; `martlet up` makes it"),
            ("state", state(entry) == "paused" ? "paused\(paused)" : ""),
            ("owner", DisplayText.line(manifest.owner ?? "")), ("tags", manifest.tags.joined(separator: ", ")),
            ("schedule", schedule ?? "by hand"),
            ("next run", entry.nextRun.map { ClockText.local($0, in: zone) } ?? ""),
            ("limits", limits.joined(separator: ", ")),
        ]
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["", "  " + style.faint(title)] + lines
    }

    private func parameters(_ manifest: PipelineManifest) -> [String] {
        var table = TextTable([.left, .left, .left, .left])
        for spec in manifest.params {
            let value = spec.defaultValue.map { "= \(DisplayText.line($0.displayText))" } ?? "required"
            table.add([spec.name.rawValue, value, spec.summary, DisplayText.line(spec.description ?? "")])
        }
        return manifest.params.isEmpty ? [] : table.lines()
    }

    private func steps(_ manifest: PipelineManifest) -> [String] {
        let graph = PipelineGraph(manifest)
        var table = TextTable([.left, .left, .left, .left])
        for (index, step) in manifest.steps.enumerated() {
            let before = graph.upstream[index].map { graph.steps[$0].rawValue }
            let after = before.isEmpty ? "" : "after \(before.prefix(4).joined(separator: ", "))"
            let pool = step.limits.pool == .defaultPool ? "" : "pool \(step.limits.pool)"
            let kind = step.map == nil ? step.action.kind : "\(step.action.kind), mapped"
            table.add([
                step.id.rawValue, kind, before.count > 4 ? "\(after) and \(before.count - 4) more" : after, pool,
            ])
        }
        return table.lines()
    }

    private func runs(_ runs: [RunSummary]) -> [String] {
        var table = TextTable([.left, .left, .left])
        for run in runs {
            table.add([
                TextTable.Cell(
                    text: "\(StateMark.glyph(run.state)) \(run.state.rawValue)",
                    paint: { StateMark.paint(run.state, $0, style) }
                ),
                TextTable.Cell(text: run.id.rawValue),
                TextTable.Cell(text: "\((now - run.createdAt).shortText) ago"),
            ])
        }
        return runs.isEmpty ? [] : table.lines()
    }
}
