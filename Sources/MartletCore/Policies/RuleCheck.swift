/// Holds one pipeline to one rule.
struct RuleCheck {
    let rule: PipelineRule
    let manifest: PipelineManifest
    private(set) var problems: [RuleProblem] = []

    init(rule: PipelineRule, manifest: PipelineManifest) {
        self.rule = rule
        self.manifest = manifest
    }

    mutating func run() {
        if rule.excepts(manifest.pipeline, part: nil) { return }
        let noun = "pipeline \(manifest.pipeline)"
        switch rule.demand {
        case .owner(let form):
            checkOwner(manifest.owner, form, of: noun, at: ["owner"])
        case .description:
            checkDescription(manifest.description, of: noun, at: ["description"])
        case .tags(let demand):
            checkTags(manifest.tags, demand, of: noun, at: ["tags"])
        case .pipelineNames(let form):
            checkName(manifest.pipeline.rawValue, form, noun: "pipeline", at: ["pipeline"])
        case .stepCount(let range):
            checkStepCount(range)
        case .scheduleDeadline, .scheduleNotify, .catchup:
            checkSchedule()
        case .datasetNames(let form):
            checkDatasets(form)
        case .stepOwner, .stepDescription, .stepTags, .stepNames, .stepKinds, .retries, .timeout, .pools:
            for (index, step) in manifest.steps.enumerated() where isMeant(step) { check(step, index) }
        }
    }

    private func isMeant(_ step: StepManifest) -> Bool {
        !rule.exceptedKinds.contains(step.action.kind) && !rule.excepts(manifest.pipeline, part: step.id.rawValue)
    }

    mutating func report(_ path: [PathComponent], _ message: String, _ remedy: String) {
        let error = MartletError(.ruleBroken, message, remedy: remedy)
        problems.append(RuleProblem(rule: rule.name, severity: rule.severity, path: path, error: error))
    }

    private mutating func checkStepCount(_ range: ClosedRange<Int>) {
        let count = manifest.steps.count
        if count < range.lowerBound {
            report(
                ["steps"],
                "pipeline \(manifest.pipeline) has \(count) steps; the least is \(range.lowerBound)",
                "add what is missing, or except the pipeline from the rule"
            )
        }
        if count > range.upperBound {
            report(
                ["steps"],
                "pipeline \(manifest.pipeline) has \(count) steps; the most is \(range.upperBound)",
                "split it into pipelines that start each other by their datasets"
            )
        }
    }

    private mutating func checkSchedule() {
        guard let schedule = manifest.schedule, schedule.rule != nil || schedule.datasets != nil else { return }
        switch rule.demand {
        case .scheduleDeadline where manifest.policy.deadlines.isEmpty:
            report(
                ["schedule"],
                "pipeline \(manifest.pipeline) starts by itself and has no deadline",
                "add deadline: { within: 1h }"
            )
        case .scheduleNotify where manifest.policy.notifyOnFailure.isEmpty:
            report(
                ["schedule"],
                "pipeline \(manifest.pipeline) starts by itself and tells nobody when a run fails",
                "add notify_on_failure: [NOTIFIER]"
            )
        case .catchup(.forbidden) where schedule.catchup:
            report(
                ["schedule", "catchup"],
                "pipeline \(manifest.pipeline) makes up for missed runs",
                "remove catchup; start a backfill when past runs are needed"
            )
        case .catchup(.needsStart) where schedule.catchup && schedule.start == nil:
            report(
                ["schedule", "catchup"],
                "pipeline \(manifest.pipeline) makes up for missed runs and does not say from when",
                "add start: 2026-01-01, or remove catchup"
            )
        default:
            break
        }
    }

    private mutating func checkDatasets(_ form: String) {
        for source in manifest.sources where !rule.excepts(manifest.pipeline, part: source.dataset.rawValue) {
            let name = source.dataset.rawValue
            checkName(name, form, noun: "dataset", at: ["sources", .key(name)])
        }
        for (index, step) in manifest.steps.enumerated() {
            for output in step.outputs where !rule.excepts(manifest.pipeline, part: output.dataset.rawValue) {
                let path: [PathComponent] = ["steps", .index(index), "outputs", .key(output.name.rawValue)]
                checkName(output.dataset.rawValue, form, noun: "dataset", at: path)
            }
        }
    }
}
