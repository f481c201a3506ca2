import MartletCore
import MartletRuntime
import Synchronization

/// Watches a run as one line an event, for pipes, files and CI.
final class PlainRunView: RunObserver {
    private let style: Style
    private let starts = Mutex<[InstanceID: Timestamp]>([:])
    private let hidesSteps: Bool

    init(style: Style, quiet: Bool) {
        self.style = style
        hidesSteps = quiet
    }

    func recorded(_ events: [RecordedEvent], of run: RunID) {
        if hidesSteps { return }
        for entry in events {
            guard let text = line(entry, run) else { continue }
            let clock = entry.at.description.split(separator: "T").last?.prefix(8) ?? ""
            Output.talk("\(style.faint(String(clock)))  \(text)")
        }
    }

    func received(_ message: StepMessage, from step: InstanceID, attempt: Int) {
        if hidesSteps { return }
        if case .progress(let progress) = message, let text = progress.text {
            let part = progress.fraction.map { " \(Int($0 * 100))%" } ?? ""
            Output.talk("          \(step)\(part) \(DisplayText.line(text))")
        }
    }

    private func line(_ entry: RecordedEvent, _ run: RunID) -> String? {
        switch entry.event {
        case .runStarted: return "run \(run) started"
        case .runResumed: return "run \(run) resumed"
        case .attemptStarted(let step, let attempt):
            starts.withLock { $0[step] = entry.at }
            return mark(.running, step, attempt > 1 ? "attempt \(attempt)" : "started")
        case .attemptFinished(let finished) where finished.outcome.result == .interrupted:
            return mark(finished.state, finished.step, "attempt \(finished.attempt) was interrupted; a new one follows")
        case .attemptFinished(let finished):
            let took = starts.withLock { $0[finished.step] }.map { (entry.at - $0).shortText } ?? ""
            let due = finished.retryAt.map { ", again in \(($0 - entry.at).shortText)" } ?? ""
            let why = finished.outcome.error.map { ": \(DisplayText.line($0.message))" } ?? ""
            if let reused = finished.outcome.reused {
                return mark(finished.state, finished.step, "unchanged, reused from \(reused.run)")
            }
            return mark(finished.state, finished.step, "\(StateMark.word(finished.state)) after \(took)\(due)\(why)")
        case .stepResolved(let step, let state, let reason):
            return mark(state, step, "\(StateMark.word(state)): \(DisplayText.line(reason))")
        case .cancelRequested(let reason): return "stopping: \(reason)"
        case .runFinished(let state, let reason):
            let why = reason.map { ": \($0)" } ?? ""
            return "run \(StateMark.paint(state, state.rawValue, style))\(why)"
        case .stopRequested(_, let reason): return "stopping: \(DisplayText.line(reason))"
        case .attemptDeferred(let step, _, let state): return mark(state, step, StateMark.word(state))
        case .stepsMapped(let mapped):
            let names = mapped.steps.map(\.rawValue).joined(separator: ", ")
            return "\(names)  mapped over \(mapped.items.count) item\(mapped.items.count == 1 ? "" : "s")"
        case .cleared(let cleared): return "\(cleared.steps.count) steps cleared"
        case .marked(let marked):
            let names = marked.steps.prefix(5).map(\.description).joined(separator: ", ")
            return "\(names)  marked as \(StateMark.word(marked.state))"
        case .published(let publication): return "published in \(publication.target) as \(publication.commit.short)"
        case .publishRefused(let error): return ErrorText.plain(error, style)
        case .deadlineMissed: return "a deadline was missed"
        case .runCreated, .stepScheduled, .stepsHeld, .branchDecided, .datasetsTaken: return nil
        }
    }

    private func mark(_ state: StepState, _ step: InstanceID, _ text: String) -> String {
        "\(StateMark.paint(state, StateMark.glyph(state), style)) \(step)  \(text)"
    }
}
