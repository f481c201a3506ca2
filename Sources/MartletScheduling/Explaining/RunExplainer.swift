public import MartletCore

/// Explains why the steps of a run are, or are not, running, from the run's state and facts about everything else.
///
/// It decides nothing: it asks the same machine and planner that decide, and puts their answers into words.
public struct RunExplainer: Sendable {
    let machine: RunMachine
    let facts: ExplanationFacts

    /// An explainer of the run that `machine` was rebuilt from.
    public init(_ machine: RunMachine, facts: ExplanationFacts) {
        var machine = machine
        if let past = facts.past { machine.learn(past) }
        self.machine = machine
        self.facts = facts
    }

    /// Why an instance is where it is; nil when the run has no such instance.
    public func explain(_ id: InstanceID) -> Explanation? {
        guard let position = machine.position(of: id) else { return nil }
        let instance = machine.instances[position]
        return Explanation(
            instance: id,
            state: instance.state,
            sentence: sentence(on: position),
            checks: instance.state.isTerminal ? [endedCheck(position)] : checks(position, inDetail: true),
            history: ExplanationHistory.entries(of: id, in: facts.log)
        )
    }

    /// Why the run is where it is, with everything in it that has not ended.
    public func explainRun() -> RunExplanation {
        RunExplanation(
            run: machine.id,
            state: machine.state,
            sentence: runSentence,
            checks: machine.state.isTerminal ? [] : runChecks,
            groups: groups
        )
    }

    /// Where the instances of a mapped step are, and why, together where they have the same to say.
    public func explain(mapped step: StepID) -> [RunExplanation.Group] { groups { $0.id.step == step } }

    /// All that has to hold for an instance that has not ended, in order.
    ///
    /// - Parameters:
    ///   - position: the instance.
    ///   - inDetail: whether all of the planner's gates are told with their numbers, which looks at all requests; else
    ///     only the first that is in the way.
    /// - Returns: the checks; of one whose attempt is under way only that.
    func checks(_ position: Int, inDetail: Bool) -> [ExplanationCheck] {
        switch machine.instances[position].state {
        case .running, .restarting:
            return runChecks.filter { $0.kind == .executor && $0.isInTheWay } + [attemptCheck(position)]
        case .deferred:
            return runChecks.filter { $0.kind == .executor && $0.isInTheWay } + [waitCheck(position)]
        case .awaitingInput:
            return runChecks.filter { $0.kind == .executor && $0.isInTheWay } + [answerCheck(position)]
        case .upForRetry:
            return runChecks + [retryCheck(position)]
        case .scheduled:
            return runChecks + dependencyChecks(position) + gateChecks(position, inDetail: inDetail)
        case .none:
            return runChecks + dependencyChecks(position)
        case .success, .failed, .skipped, .upstreamFailed, .cancelled, .removed:
            return [endedCheck(position)]
        }
    }

    /// What is first in the way of an instance that has not ended, or how its attempt stands.
    func block(_ position: Int) -> ExplanationCheck? {
        let checks = checks(position, inDetail: false)
        return Self.first(of: checks.filter(\.isInTheWay)) ?? checks.last { $0.predicate != nil }
    }

    /// The one of several that says most: why a run is queued, rather than that it is.
    static func first(of blocks: [ExplanationCheck]) -> ExplanationCheck? {
        let reasons: Set<ExplanationCheck.Kind> = [.pipelinePaused, .runAfter, .maxActiveRuns, .backfill, .stopping]
        guard let first = blocks.first, first.kind == .runState else { return blocks.first }
        return blocks.first { reasons.contains($0.kind) } ?? first
    }
}
