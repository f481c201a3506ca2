import MartletCore
import OrderedCollections

/// The live view as a pure function of a run's state: lines that fit the terminal.
struct LivePicture {
    let projection: RunProjection
    let attemptStart: [InstanceID: Timestamp]
    let progress: [InstanceID: StepProgress]
    let now: Timestamp
    let style: Style

    func lines(width: Int, height: Int) -> [String] {
        let steps = Array(projection.steps.values)
        let room = max(1, height - 4)
        let shown = steps.count <= room ? steps : mostImportant(steps, room - 1)
        let nameWidth = min(30, max(4, width / 3), steps.map { $0.id.description.count }.max() ?? 0)
        var lines = [header(width)]
        lines += shown.map { line($0, nameWidth: nameWidth, width: width) }
        if shown.count < steps.count {
            lines.append(style.faint(String("  … \(counts(steps))".prefix(max(0, width - 1)))))
        }
        return lines
    }

    private func header(_ width: Int) -> String {
        let run = projection.run
        let done = projection.steps.values.filter(\.state.isTerminal).count
        let took = run.startedAt.map { (now - $0).shortText } ?? ""
        let text = "\(run.pipeline)  \(done)/\(projection.steps.count) steps  \(took)"
        return "\(style.accent(StateMark.glyph(run.state))) " + style.bold(String(text.prefix(max(0, width - 3))))
    }

    /// Running and failed steps first, then those that ended last, then those that wait, in the pipeline's order.
    private func mostImportant(_ steps: [StepSummary], _ room: Int) -> [StepSummary] {
        func rank(_ step: StepSummary) -> Int {
            switch step.state {
            case .running: 0
            case .failed: 1
            case .upForRetry: 2
            case .scheduled: 3
            case .none: 4
            default: 5
            }
        }
        let chosen = steps.indices.sorted { (rank(steps[$0]), $0) < (rank(steps[$1]), $1) }.prefix(max(1, room))
        return chosen.sorted().map { steps[$0] }
    }

    private func counts(_ steps: [StepSummary]) -> String {
        StepState.allCases.compactMap { state in
            let count = steps.filter { $0.state == state }.count
            return count > 0 ? "\(count) \(StateMark.word(state))" : nil
        }.joined(separator: ", ")
    }

    private func line(_ step: StepSummary, nameWidth: Int, width: Int) -> String {
        let word = StateMark.word(step.state)
        let time = duration(step)
        // The last column stays free: some terminals would begin a new line after it.
        var room = max(0, width - 1)
        func cut(_ text: String, _ paint: (String) -> String = { $0 }) -> String {
            let shown = String(text.prefix(room))
            room -= shown.count
            return shown.isEmpty ? "" : paint(shown)
        }
        func padded(_ text: String, _ columns: Int, right: Bool = false) -> String {
            let blanks = String(repeating: " ", count: max(0, columns - text.count))
            return right ? blanks + text : text + blanks
        }
        let mark = cut("  ") + cut(StateMark.glyph(step.state)) { StateMark.paint(step.state, $0, style) }
        let name = cut(" " + padded(String(step.id.description.prefix(nameWidth)), nameWidth) + "  ")
        let state = cut(padded(word, 10)) { StateMark.paint(step.state, $0, style) }
        let clock = cut(padded(time, 8, right: true) + "  ")
        return mark + name + state + clock + detail(step, room: room)
    }

    private func duration(_ step: StepSummary) -> String {
        switch step.state {
        case .running: (attemptStart[step.id] ?? step.startedAt).map { (now - $0).shortText } ?? ""
        case .upForRetry: step.retryAt.map { "in \(($0 - now).shortText)" } ?? ""
        default: step.startedAt.map { ((step.finishedAt ?? now) - $0).shortText } ?? ""
        }
    }

    private func detail(_ step: StepSummary, room: Int) -> String {
        guard room > 8 else { return "" }
        switch step.state {
        case .running:
            let attempt = step.attempts > 1 ? "attempt \(step.attempts) " : ""
            guard let progress = progress[step.id] else { return String(attempt.prefix(room)) }
            let picture = progress.fraction.map { "\(bar($0, width: min(20, room / 2))) \(Int($0 * 100))% " } ?? ""
            return String((attempt + picture + DisplayText.line(progress.text ?? "")).prefix(room))
        case .failed, .upForRetry, .skipped, .upstreamFailed:
            return style.faint(String(DisplayText.line(step.reason ?? "").prefix(room)))
        default:
            let rows = step.outcome?.metrics.filter { $0.key == "rows_out" || $0.key.hasPrefix("rows_out.") }.values
                .max()
            return rows.map { style.faint(String("\(NumberText.short($0)) rows".prefix(room))) } ?? ""
        }
    }

    private func bar(_ fraction: Double, width: Int) -> String {
        let eighths = Int((fraction * Double(width * 8)).rounded())
        let full = eighths / 8
        let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        let rest = width - full - (partial.isEmpty ? 0 : 1)
        return String(repeating: "█", count: full) + partial + String(repeating: "░", count: max(0, rest))
    }
}
