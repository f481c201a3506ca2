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
    /// What counts as now, for a run that goes on.
    let now: Timestamp

    var lines: [String] {
        [header] + [""] + stepTable + errors + values + outputs
    }

    private var header: String {
        let run = projection.run
        let word = interrupted ? "interrupted" : run.state.rawValue
        let mark = StateMark.paint(run.state, "\(StateMark.glyph(run.state)) \(word)", style)
        let duration = run.startedAt.map { ((run.finishedAt ?? now) - $0).shortText } ?? ""
        let reason = run.reason.map { ": \($0)" } ?? ""
        return "\(mark)  \(style.bold(run.pipeline.rawValue))  \(duration)\(reason)\n  \(style.faint(run.id.rawValue))"
    }

    private var stepTable: [String] {
        let header = ["", "step", "state", "time", "attempts", "rows in", "rows out"].map {
            TextTable.Cell(text: $0, paint: { style.faint($0) })
        }
        var table = TextTable([.left, .left, .left, .right, .right, .right, .right], header: header)
        let showsAttempts = projection.steps.values.contains { $0.attempts > 1 }
        for step in projection.steps.values {
            let paint: (String) -> String = { StateMark.paint(step.state, $0, style) }
            table.add([
                TextTable.Cell(text: StateMark.glyph(step.state), paint: paint),
                TextTable.Cell(text: step.id.rawValue),
                TextTable.Cell(text: StateMark.word(step.state), paint: paint),
                TextTable.Cell(text: duration(step)),
                TextTable.Cell(text: showsAttempts && step.attempts > 0 ? String(step.attempts) : ""),
                TextTable.Cell(text: rows("rows_in", step)),
                TextTable.Cell(text: rows("rows_out", step)),
            ])
        }
        return table.lines()
    }

    private func duration(_ step: StepSummary) -> String {
        guard let started = step.startedAt else { return "" }
        return ((step.finishedAt ?? now) - started).shortText
    }

    private func rows(_ kind: String, _ step: StepSummary) -> String {
        let counts = (step.outcome?.metrics ?? [:]).filter { $0.key == kind || $0.key.hasPrefix("\(kind).") }
        return counts.sorted { $0.key < $1.key }.map { NumberText.short($0.value) }.joined(separator: " + ")
    }

    private var errors: [String] {
        projection.steps.values.flatMap { step -> [String] in
            if step.state == .success || step.state == .cancelled { return [] }
            if let error = step.outcome?.error, step.state != .skipped { return ["", ErrorText.plain(error, style)] }
            guard let reason = step.reason, step.state == .failed || step.state == .skipped else { return [] }
            return ["", "  \(StateMark.paint(step.state, step.id.rawValue, style)): \(DisplayText.line(reason))"]
        }
    }

    private var values: [String] {
        var table = TextTable([.left, .left])
        var isEmpty = true
        for step in projection.steps.values {
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

    /// Paths below the run's folder are shown from there; it is named once above them.
    private func short(_ path: String) -> String {
        path.hasPrefix(runFolder + "/") ? String(path.dropFirst(runFolder.count + 1)) : path
    }

    private var runFolder: String { RunLayout(ProjectLayout(root: root), projection.run.id).root }
}
