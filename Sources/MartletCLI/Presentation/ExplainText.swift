import MartletCore
import MartletScheduling

/// Explanations as people read them.
struct ExplainText {
    let style: Style
    /// Most entries of the history that are shown, the latest ones.
    private static let shownEntries = 30

    func lines(_ explanation: Explanation) -> [String] {
        [headline(explanation.state, explanation.sentence)] + checkLines(explanation.checks)
            + history(explanation.history)
    }

    func lines(_ run: RunExplanation) -> [String] {
        let glyph = StateMark.paint(run.state, StateMark.glyph(run.state), style)
        var lines = ["\(glyph) \(style.bold(DisplayText.line(run.sentence)))"]
        // When nothing is in the way of the run itself, its steps are of interest.
        if run.checks.contains(where: \.isInTheWay) { lines += checkLines(run.checks) }
        return lines + (run.groups.isEmpty ? [] : [""] + groupLines(run.groups))
    }

    func lines(_ groups: [RunExplanation.Group], of step: StepID) -> [String] {
        let all = groups.reduce(0) { $0 + $1.instances.count }
        let ended = groups.filter(\.state.isTerminal).reduce(0) { $0 + $1.instances.count }
        return [style.bold("\(step): \(ended) of \(all) instances have ended"), ""] + groupLines(groups)
    }

    private func headline(_ state: StepState, _ sentence: String) -> String {
        let glyph = StateMark.paint(state, StateMark.glyph(state), style)
        return "\(glyph) \(style.bold(DisplayText.line(sentence)))"
    }

    private func checkLines(_ checks: [ExplanationCheck]) -> [String] {
        // Of what has ended the sentence says it all.
        let shown = checks.filter { $0.kind != .ended }
        if shown.isEmpty { return [] }
        var table = TextTable([.left, .left, .left])
        for check in shown {
            let paint: (String) -> String = { self.paint(check.verdict, $0) }
            table.add([
                TextTable.Cell(text: glyph(check.verdict), paint: paint),
                TextTable.Cell(text: check.kind.rawValue.replacing("_", with: " "), paint: { style.faint($0) }),
                TextTable.Cell(text: DisplayText.line(check.text), paint: { check.isInTheWay ? $0 : style.faint($0) }),
            ])
            if !check.heldBy.isEmpty {
                table.add([
                    TextTable.Cell(text: ""), TextTable.Cell(text: ""),
                    TextTable.Cell(text: "  taken by \(names(check.heldBy.map(\.description), 10))"),
                ])
            }
        }
        return [""] + table.lines()
    }

    private func history(_ entries: [ExplanationEntry]) -> [String] {
        if entries.isEmpty { return [] }
        let shown = entries.suffix(Self.shownEntries)
        var table = TextTable([.left, .left])
        if shown.count < entries.count {
            table.add(["", "\(entries.count - shown.count) earlier entries; --json has all"])
        }
        for entry in shown {
            table.add([
                TextTable.Cell(text: ClockText.utc(entry.at), paint: { style.faint($0) }),
                TextTable.Cell(text: DisplayText.line(entry.text)),
            ])
        }
        return ["", "  " + style.faint("what was decided")] + table.lines()
    }

    private func groupLines(_ groups: [RunExplanation.Group]) -> [String] {
        var table = TextTable([.left, .left, .left])
        for group in groups {
            let paint: (String) -> String = { StateMark.paint(group.state, $0, style) }
            table.add([
                TextTable.Cell(text: StateMark.glyph(group.state), paint: paint),
                TextTable.Cell(text: names(group.instances.map(\.description), 2)),
                TextTable.Cell(text: DisplayText.line(group.predicate)),
            ])
        }
        return table.lines()
    }

    private func names(_ names: [String], _ most: Int) -> String {
        names.count <= most + 1
            ? names.joined(separator: ", ")
            : "\(names.prefix(most).joined(separator: ", ")) and \(names.count - most) more"
    }

    private func glyph(_ verdict: ExplanationCheck.Verdict) -> String {
        switch verdict {
        case .passes: "✓"
        case .blocks: "◷"
        case .never: "✕"
        case .later: "·"
        }
    }

    private func paint(_ verdict: ExplanationCheck.Verdict, _ text: String) -> String {
        switch verdict {
        case .passes: style.good(text)
        case .blocks: style.warn(text)
        case .never: style.bad(text)
        case .later: style.faint(text)
        }
    }
}

/// Explanations as JSON: the documented contract of `martlet explain --json`.
enum ExplainReport {
    static func json(_ explanation: Explanation, of run: RunID) -> JSONValue {
        .object([
            "run_id": .string(run.rawValue),
            "step": .string(explanation.instance.description),
            "state": .string(explanation.state.rawValue),
            "summary": .string(explanation.sentence),
            "checks": .array(explanation.checks.map(json)),
            "history": .array(
                explanation.history.map { .object(["at": .string($0.at.description), "text": .string($0.text)]) }
            ),
        ])
    }

    static func json(_ run: RunExplanation) -> JSONValue {
        .object([
            "run_id": .string(run.run.rawValue),
            "state": .string(run.state.rawValue),
            "summary": .string(run.sentence),
            "checks": .array(run.checks.map(json)),
            "steps": .array(run.groups.map(json)),
        ])
    }

    static func json(_ groups: [RunExplanation.Group], of step: StepID, in run: RunID) -> JSONValue {
        .object([
            "run_id": .string(run.rawValue), "step": .string(step.rawValue), "steps": .array(groups.map(json)),
        ])
    }

    private static func json(_ group: RunExplanation.Group) -> JSONValue {
        .object([
            "steps": .array(group.instances.map { .string($0.description) }),
            "state": .string(group.state.rawValue),
            "text": .string(group.predicate),
        ])
    }

    private static func json(_ check: ExplanationCheck) -> JSONValue {
        .object([
            "kind": .string(check.kind.rawValue),
            "verdict": .string(check.verdict.rawValue),
            "text": .string(check.text),
            "waits_for": .array(check.waitsFor.map { .string($0.description) }),
            "held_by": .array(
                check.heldBy.map {
                    .object(["run_id": .string($0.run.rawValue), "step": .string($0.instance.description)])
                }
            ),
        ])
    }
}
