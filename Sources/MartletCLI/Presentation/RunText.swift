import MartletCore
import MartletRuntime
import OrderedCollections

/// A run as people read it when it has ended, or later.
struct RunText {
    let projection: RunProjection
    let style: Style
    /// The project's root, so that paths can be shown short.
    let root: String
    var interrupted = false
    /// Whether every instance of a mapped step has a line of its own.
    var showsInstances = false
    /// What is to be said of steps that wait.
    var reasons: [InstanceID: String] = [:]
    /// What counts as now, for a run that goes on.
    let now: Timestamp
    /// Most errors of the instances of one mapped step, unless all are to be shown.
    private static let shownErrors = 5

    var lines: [String] {
        header + [""] + stepTable + errors + checks + values + outputs + publication
    }

    private var header: [String] {
        let run = projection.run
        let word = interrupted ? "interrupted" : run.state.rawValue
        let mark = StateMark.paint(run.state, "\(StateMark.glyph(run.state)) \(word)", style)
        let duration = run.startedAt.map { ((run.finishedAt ?? now) - $0).shortText } ?? ""
        let reason = run.reason.map { ": \($0)" } ?? ""
        let first = "\(mark)  \(style.bold(run.pipeline.rawValue))  \(duration)\(reason)"
        return [first, "  \(style.faint(run.id.description))"] + occasion(run.occasion).map { "  \(style.faint($0))" }
    }

    /// Why there is the run, unless somebody just started it.
    private func occasion(_ occasion: RunOccasion) -> [String] {
        var parts: [String] = []
        if occasion.kind != .manual || occasion.logicalDate != nil { parts.append(occasion.kind.rawValue) }
        if let date = occasion.logicalDate { parts.append("for \(ClockText.utc(date))") }
        if let start = occasion.intervalStart, let end = occasion.intervalEnd, start != end {
            parts.append("data from \(ClockText.utc(start)) to \(ClockText.utc(end))")
        }
        if let backfill = occasion.backfill { parts.append("of backfill \(backfill)") }
        if let version = occasion.version { parts.append("version \(version)") }
        if let note = occasion.note { parts.append(DisplayText.line(note)) }
        return parts.isEmpty ? [] : [parts.joined(separator: ", ")]
    }

    private var stepTable: [String] {
        let header = ["", "step", "state", "", "time", "attempts", "rows in", "rows out", ""].map {
            TextTable.Cell(text: $0, paint: { style.faint($0) })
        }
        var table = TextTable([.left, .left, .left, .right, .right, .right, .right, .right, .left], header: header)
        let showsAttempts = projection.steps.values.contains { $0.attempts > 1 }
        for line in StepLine.lines(of: projection, expanded: showsInstances) {
            let paint: (String) -> String = { StateMark.paint(line.state, $0, style) }
            let attempts = line.instances.map(\.attempts).max() ?? 0
            table.add([
                TextTable.Cell(text: StateMark.glyph(line.state), paint: paint),
                TextTable.Cell(text: line.name),
                TextTable.Cell(text: StateMark.word(line.state), paint: paint),
                TextTable.Cell(text: line.progress),
                TextTable.Cell(text: line.duration(at: now)?.shortText ?? ""),
                TextTable.Cell(text: showsAttempts && attempts > 0 ? String(attempts) : ""),
                TextTable.Cell(text: line.rows("rows_in")),
                TextTable.Cell(text: line.rows("rows_out")),
                TextTable.Cell(text: DisplayText.line(reason(of: line)), paint: { style.faint($0) }),
            ])
        }
        return table.lines()
    }

    /// What the step waits for; of several instances only what holds for all that wait.
    private func reason(of line: StepLine) -> String {
        let found = Set(line.instances.compactMap { reasons[$0.id] })
        if found.count == 1 { return found.first ?? "" }
        let notes = Set(line.instances.map { cacheNote($0) })
        return notes.count == 1 ? notes.first ?? "" : ""
    }

    /// Whether an earlier result was used, and if not, why.
    private func cacheNote(_ step: StepSummary) -> String {
        guard let outcome = step.outcome, outcome.result == .success else { return "" }
        if let reused = outcome.reused { return "reused from \(reused.run)" }
        // Where nothing could be reused there is nothing to be explained.
        let isFirst = !projection.steps.values.contains { $0.outcome?.reused != nil }
        if isFirst, outcome.ranBecause?.hasPrefix("it has no ") == true { return "" }
        return outcome.ranBecause.map { "ran: \($0)" } ?? ""
    }

    /// Where the data of the run is for everyone, or why it is not.
    private var publication: [String] {
        let run = projection.run
        guard let branch = run.branch, let commit = run.commit else { return [] }
        if let target = run.published {
            return ["", "  published in \(style.bold(target.rawValue)) as \(commit.short)"]
        }
        if !run.state.isTerminal { return [] }
        return ["", "  nothing was published; what it made is on branch \(branch)"]
    }

    private var errors: [String] {
        StepLine.lines(of: projection, expanded: showsInstances).flatMap { line -> [String] in
            let blocks = line.instances.compactMap(error)
            if blocks.count <= Self.shownErrors { return blocks.flatMap { ["", $0] } }
            let rest = blocks.count - Self.shownErrors
            return blocks.prefix(Self.shownErrors).flatMap { ["", $0] } + [
                "", "  and \(rest) more of \(line.name); --all shows them",
            ]
        }
    }

    private func error(of step: StepSummary) -> String? {
        if step.state == .success || step.state == .cancelled { return nil }
        if let error = step.outcome?.error, step.state != .skipped { return ErrorText.plain(error, style) }
        guard let reason = step.reason, step.state == .failed || step.state == .skipped else { return nil }
        return "  \(StateMark.paint(step.state, step.id.description, style)): \(DisplayText.line(reason))"
    }

    /// What checks said of data that they let go on; why the others failed is told as their error.
    private var checks: [String] {
        projection.steps.values.flatMap { step -> [String] in
            guard let verdict = step.outcome?.verdict, verdict.state == .warned else { return [] }
            return ["", "  \(style.warn("warned")) \(step.id)"]
                + CheckVerdictText(verdict).lines.map { "    \($0)" }
        }
    }

    private var values: [String] {
        var table = TextTable([.left, .left])
        var isEmpty = true
        // What many instances report is told by --all.
        for step in StepLine.lines(of: projection, expanded: showsInstances).filter({ !$0.isFolded }).flatMap(
            \.instances
        ) {
            guard let outcome = step.outcome else { continue }
            let metrics = outcome.metrics.filter { !$0.key.hasPrefix("rows_in") && !$0.key.hasPrefix("rows_out") }
            for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
                table.add(["\(step.id).\(name)", NumberText.short(value)])
                isEmpty = false
            }
            for (name, value) in outcome.values.sorted(by: { $0.key < $1.key }) {
                let text = value.doubleValue.map(NumberText.short) ?? DisplayText.line(value.displayText)
                table.add(["\(step.id).\(name)", text.count > 100 ? text.prefix(99) + "…" : text])
                isEmpty = false
            }
        }
        return isEmpty ? [] : ["", "  " + style.faint("values")] + table.lines()
    }

    private var outputs: [String] {
        var table = TextTable([.left, .right, .left])
        let all = projection.steps.values.flatMap { $0.outcome?.outputs ?? [] }
        for output in all {
            table.add([output.dataset.rawValue, NumberText.bytes(output.bytes), short(output.path)])
        }
        let place = runFolder.hasPrefix(root + "/") ? String(runFolder.dropFirst(root.count + 1)) : runFolder
        return all.isEmpty ? [] : ["", "  " + style.faint("datasets, in \(place)")] + table.lines()
    }

    /// Paths below the run's folder are shown from there, others of the project from its root.
    private func short(_ path: String) -> String {
        for folder in [runFolder, root] where path.hasPrefix(folder + "/") {
            return String(path.dropFirst(folder.count + 1))
        }
        return path
    }

    private var runFolder: String { RunLayout(ProjectLayout(root: root), projection.run.id).root }
}
