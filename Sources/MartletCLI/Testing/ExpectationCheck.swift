import MartletCore
import MartletRuntime
import MartletScheduling
import OrderedCollections

/// Holds what became of a run against what its test expects; looks at no file.
struct ExpectationCheck {
    let expectation: RunExpectation
    let result: TestRunResult
    /// The pipeline as it is written, before the test put its stubs in.
    let manifest: PipelineManifest
    let source: SourceText
    /// Where the test begins, for what it expects without saying so.
    let position: TextPosition
    private(set) var failures: [MartletError] = []

    init(
        _ expectation: RunExpectation,
        _ result: TestRunResult,
        _ manifest: PipelineManifest,
        _ source: SourceText,
        at position: TextPosition
    ) {
        self.expectation = expectation
        self.result = result
        self.manifest = manifest
        self.source = source
        self.position = position
    }

    /// Everything that is not as expected, but for datasets and logs.
    mutating func run() {
        checkRun()
        for step in expectation.steps { check(step.value.expected, of: step.value.instance, at: step.position) }
        checkOrder()
    }

    mutating func report(_ position: TextPosition, _ message: String, reason: String? = nil, remedy: String? = nil) {
        failures.append(
            MartletError(
                .expectationFailed,
                message,
                reason: reason,
                remedy: remedy,
                location: source.location(position)
            )
        )
    }

    private mutating func checkRun() {
        let run = result.projection.run
        if run.state != expectation.state.value {
            let failed = result.projection.steps.values.filter { [.failed, .upstreamFailed].contains($0.state) }
            let causes = failed.compactMap { step -> String? in
                guard step.state == .failed else { return nil }
                return step.outcome?.error?.description ?? step.reason.map { "step \(step.id): \($0)" }
            }
            report(
                expectation.state.position == .start ? position : expectation.state.position,
                "the run ended as \(run.state.rawValue), not as \(expectation.state.value.rawValue)",
                reason: causes.isEmpty ? run.reason : causes.joined(separator: "\n")
            )
        }
        if let reason = expectation.reason, !(run.reason ?? "").contains(reason.value) {
            report(
                reason.position,
                "the run's reason does not contain \"\(reason.value)\"",
                reason: run.reason ?? "it has none"
            )
        }
    }

    /// The instances that an expectation is about: all of a step, or the one it names.
    func instances(_ wanted: InstanceID) -> [StepSummary] {
        result.projection.steps.values.filter { wanted.index == nil ? $0.id.step == wanted.step : $0.id == wanted }
    }

    private mutating func check(_ expected: StepExpectation, of wanted: InstanceID, at position: TextPosition) {
        let found = instances(wanted)
        if found.isEmpty {
            let isKnown = manifest.step(wanted.step) != nil
            let known = manifest.steps.map(\.id.rawValue)
            report(
                position,
                isKnown
                    ? "the run had no instance \(wanted)" : "pipeline \(manifest.pipeline) has no step \(wanted.step)",
                remedy: isKnown
                    ? nil
                    : NearestName.of(wanted.step.rawValue, among: known).map { "did you mean \($0)?" }
                        ?? "it has \(known.joined(separator: ", "))"
            )
        }
        for step in found { check(expected, of: step) }
    }

    private mutating func check(_ expected: StepExpectation, of step: StepSummary) {
        if let state = expected.state, step.state != state.value {
            report(
                state.position,
                "step \(step.id) is \(step.state.rawValue), not \(state.value.rawValue)",
                reason: step.outcome?.error?.description ?? step.reason
            )
        }
        if let attempts = expected.attempts, let why = attempts.value.objection(to: .integer(step.attempts)) {
            report(attempts.position, "the number of attempts of step \(step.id) \(why)")
        }
        for value in expected.values {
            guard let why = value.value.expected.objection(to: step.outcome?.values[value.value.name]) else { continue }
            report(value.position, "value \(value.value.name) of step \(step.id) \(why)", reason: told(step, \.values))
        }
        for metric in expected.metrics {
            let number = step.outcome?.metrics[metric.value.name].map(JSONValue.number)
            guard let why = metric.value.expected.objection(to: number) else { continue }
            report(metric.position, "metric \(metric.value.name) of step \(step.id) \(why)")
        }
        if let error = expected.error { check(error, of: step) }
        if let render = expected.render { check(render, of: step) }
    }

    /// What a step did report, for whoever misspelt a name.
    private func told(_ step: StepSummary, _ values: (AttemptOutcome) -> [String: JSONValue]) -> String {
        let names = step.outcome.map(values)?.keys.sorted() ?? []
        return names.isEmpty ? "it reported none" : "it reported \(names.joined(separator: ", "))"
    }

    private mutating func check(_ error: Placed<String>, of step: StepSummary) {
        let found = step.outcome?.error
        if found?.code.description == error.value { return }
        let text = [found?.description, step.reason].compactMap(\.self).joined(separator: "\n")
        if text.contains(error.value) { return }
        report(
            error.position,
            "the error of step \(step.id) is not \"\(error.value)\"",
            reason: text.isEmpty ? "it has none" : text
        )
    }

    private mutating func check(_ render: Placed<JSONValue>, of step: StepSummary) {
        guard let rendering = result.rendering(of: step.id, in: manifest) else {
            report(render.position, "step \(step.id) was never launched, so its templates became nothing")
            return
        }
        failures += RenderingCheck.failures(
            render.value,
            rendering,
            of: step.id.description,
            at: source.location(render.position)
        )
    }

    private mutating func checkOrder() {
        let times = StepTimes(result.events, manifest)
        var last: (steps: [StepID], end: Int)?
        for group in expectation.order {
            var start = Int.max
            var end = 0
            for step in group.value {
                guard let time = times[step] else {
                    let known = manifest.steps.map(\.id.rawValue)
                    report(
                        group.position,
                        manifest.step(step) == nil
                            ? "pipeline \(manifest.pipeline) has no step \(step)" : "step \(step) never started",
                        remedy: manifest.step(step) == nil
                            ? NearestName.of(step.rawValue, among: known).map { "did you mean \($0)?" } : nil
                    )
                    continue
                }
                if let last, time.start < last.end {
                    let before = last.steps.map(\.rawValue).joined(separator: ", ")
                    report(group.position, "step \(step) started before the end of \(before)")
                }
                start = min(start, time.start)
                end = max(end, time.end)
            }
            if end > 0 { last = (group.value, end) }
        }
    }
}

/// When each step started and ended, by the places in the run's log.
private struct StepTimes {
    private var times: [StepID: (start: Int, end: Int)] = [:]

    init(_ events: [RecordedEvent], _ manifest: PipelineManifest) {
        for entry in events {
            switch entry.event {
            case .attemptStarted(let step, _), .attemptDeferred(let step, _, _), .branchDecided(let step, _):
                note(step, entry.sequence)
            case .attemptFinished(let finished):
                note(finished.step, entry.sequence)
            case .stepResolved(let step, .success, _):
                note(step, entry.sequence)
            default:
                break
            }
        }
    }

    subscript(_ step: StepID) -> (start: Int, end: Int)? { times[step] }

    private mutating func note(_ instance: InstanceID, _ sequence: Int) {
        let known = times[instance.step]
        times[instance.step] = (known?.start ?? sequence, sequence)
    }
}
