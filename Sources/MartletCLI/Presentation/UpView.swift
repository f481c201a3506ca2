import MartletCore
import MartletRuntime
import Synchronization

/// Shows what a scheduler does: a line for each thing, for people or for programs.
final class UpView: SchedulerObserver {
    private let style: Style
    private let asJSON: Bool
    private let quiet: Bool
    private let folder: PipelineFolder
    private let attempts = Mutex<[RunID: Int]>([:])

    init(style: Style, asJSON: Bool, quiet: Bool, folder: PipelineFolder) {
        self.style = style
        self.asJSON = asJSON
        self.quiet = quiet
        self.folder = folder
    }

    /// Says where the log server of the project listens.
    func serves(_ address: String) {
        if asJSON {
            Output.result(JSONValue.object(["event": "streams", "address": .string(address)]).jsonText)
        } else if !quiet {
            Output.talk(style.faint("streams at \(address)"))
        }
    }

    /// Says where metrics are served.
    func measures(_ address: String) {
        if asJSON {
            Output.result(JSONValue.object(["event": "metrics", "address": .string(address)]).jsonText)
        } else if !quiet {
            Output.talk(style.faint("metrics at http://\(address)/metrics"))
        }
    }

    func heard(_ news: SchedulerNews) {
        if asJSON {
            if let value = SchedulerReport.json(news) { Output.result(value.jsonText) }
            return
        }
        for line in lines(news) { Output.talk(line) }
    }

    private func lines(_ news: SchedulerNews) -> [String] {
        switch news {
        case .ready(let pipelines):
            if pipelines.isEmpty { return ["no pipelines yet; write one below pipelines/"] }
            return pipelineTable(pipelines) + [style.faint("Ctrl-C stops; runs go on with the next start")]
        case .registered(let status):
            return [line("＋", "pipeline \(status.record.pipeline) has version \(status.record.version)")]
        case .problem(let source, let errors):
            if let failure = folder.failure(of: source) {
                return [ErrorListing.text(failure, style: style.listing)]
            }
            return errors.map { ErrorText.plain($0, style) }
        case .created(let run, _, let occasion):
            if quiet { return [] }
            let date = occasion.logicalDate.map { " for \($0)" } ?? ""
            return [line("◷", "\(run)  \(occasion.kind.rawValue)\(date)")]
        case .recorded(let run, _, let events):
            return quiet ? [] : events.compactMap { line($0, run) }
        case .ended(let projection):
            let run = projection.run
            let took = run.startedAt.flatMap { start in run.finishedAt.map { ($0 - start).shortText } } ?? ""
            let why = run.reason.map { ": \(DisplayText.line($0))" } ?? ""
            let glyph = StateMark.paint(run.state, StateMark.glyph(run.state), style)
            return [line(glyph, "\(run.id)  \(run.state.rawValue)  \(took)\(why)")]
        case .broken(let run, let error):
            return [line(style.bad("✕"), "\(run)  its execution broke off"), ErrorText.plain(error, style)]
        case .answered(let request):
            if quiet { return [] }
            let what = SchedulerReport.words(request.request)
            if let error = request.error { return [line(style.warn("✕"), "\(request.by): \(what): \(error.message)")] }
            return [line("✎", "\(request.by): \(what)")]
        case .alert(let alert):
            return [line(style.warn("!"), DisplayText.line(alert.text))]
        case .stopping:
            return ["stopping"]
        }
    }

    /// Of a run's events only what went wrong, and what people have to do.
    private func line(_ entry: RecordedEvent, _ run: RunID) -> String? {
        switch entry.event {
        case .attemptFinished(let finished) where finished.state == .failed || finished.state == .upForRetry:
            let glyph = StateMark.paint(finished.state, StateMark.glyph(finished.state), style)
            let why = finished.outcome.error.map { ": \(DisplayText.line($0.message))" } ?? ""
            let again = finished.state == .upForRetry ? ", tried again" : ""
            return line(glyph, "\(run)  \(finished.step)\(again)\(why)")
        case .runResumed: return line("▶", "\(run)  resumed")
        default: return nil
        }
    }

    private func line(_ glyph: String, _ text: String) -> String {
        let clock = SystemTime().now.description.split(separator: "T").last?.prefix(8) ?? ""
        return "\(style.faint(String(clock)))  \(glyph) \(text)"
    }

    private func pipelineTable(_ pipelines: [PipelineStatus]) -> [String] {
        let zone = ClockText.zone
        var table = TextTable([.left, .left, .left])
        for status in pipelines {
            let otherwise = status.record.isPaused ? "paused" : ""
            let next = status.nextRun.map { "next \(ClockText.local($0, in: zone))" } ?? otherwise
            table.add([
                TextTable.Cell(text: status.record.pipeline.rawValue),
                TextTable.Cell(text: status.schedule ?? "by hand", paint: { self.style.faint($0) }),
                TextTable.Cell(text: next),
            ])
        }
        return table.lines(indent: "  ")
    }
}

/// What a scheduler does, as JSON and in words.
enum SchedulerReport {
    /// One object for a line of `martlet up --json`; nil for what only people are told.
    static func json(_ news: SchedulerNews) -> JSONValue? {
        switch news {
        case .ready(let pipelines):
            return .object(["event": "ready", "pipelines": .array(pipelines.map(status))])
        case .registered(let pipeline):
            return .object(["event": "registered", "pipeline": status(pipeline)])
        case .problem(let source, let errors):
            return .object([
                "event": "problem", "source": .string(source), "errors": .array(errors.map(ErrorJSON.value)),
            ])
        case .created(let run, let pipeline, let occasion):
            return .object([
                "event": "run_created", "run_id": .string(run.rawValue), "pipeline": .string(pipeline.rawValue),
                "kind": .string(occasion.kind.rawValue),
                "logical_date": occasion.logicalDate.map { .string($0.description) } ?? .null,
            ])
        case .recorded:
            return nil
        case .ended(let projection):
            return .object(["event": "run_ended", "run": RunReport.json(projection)])
        case .broken(let run, let error):
            return .object([
                "event": "run_broken", "run_id": .string(run.rawValue), "error": ErrorJSON.value(error),
            ])
        case .answered(let request):
            return .object([
                "event": "request", "id": .integer(request.id), "by": .string(request.by),
                "request": .string(words(request.request)), "answer": request.answer ?? .null,
                "error": request.error.map(ErrorJSON.value) ?? .null,
            ])
        case .alert(let alert):
            return .object([
                "event": "alert", "kind": .string(alert.kind.rawValue), "text": .string(alert.text),
                "run_id": alert.run.map { .string($0.rawValue) } ?? .null,
            ])
        case .stopping:
            return .object(["event": "stopping"])
        }
    }

    private static func status(_ status: PipelineStatus) -> JSONValue {
        .object([
            "pipeline": .string(status.record.pipeline.rawValue), "version": .integer(status.record.version),
            "paused": .bool(status.record.isPaused), "schedule": status.schedule.map(JSONValue.string) ?? .null,
            "next_run": status.nextRun.map { .string($0.description) } ?? .null,
        ])
    }

    /// A request in a few words.
    static func words(_ request: OperatorRequest) -> String {
        switch request {
        case .pause(let pipeline): "pause \(pipeline)"
        case .unpause(let pipeline): "unpause \(pipeline)"
        case .deletePipeline(let pipeline): "delete pipeline \(pipeline)"
        case .trigger(let request): "trigger \(request.pipeline)"
        case .cancel(let run): "cancel \(run)"
        case .clear(let request): request.isDryRun ? "look what to rerun of \(request.run)" : "rerun \(request.run)"
        case .mark(let request): "mark \(request.run) as \(request.state.rawValue)"
        case .answer(let request): "answer \(request.step) of \(request.run) with \(request.option)"
        case .backfill(let request): "backfill \(request.pipeline) from \(request.from) to \(request.through)"
        case .changeBackfill(let id, let state): "backfill \(id): \(state.rawValue)"
        case .datasetWritten(let dataset, _): "dataset \(dataset) was written"
        case .settingsChanged: "read the settings again"
        }
    }
}
