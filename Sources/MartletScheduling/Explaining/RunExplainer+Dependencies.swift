import MartletCore

// What an instance waits for in its own run, and in the run before.
extension RunExplainer {
    func dependencyChecks(_ position: Int) -> [ExplanationCheck] {
        guard let step = machine.step(at: position) else { return [] }
        let isOpen = machine.instances[position].state == .none
        var checks = [cutCheck(position), ruleCheck(position, step), setupCheck(position), betweenCheck(position)]
        checks.append(pastCheck(position, step))
        let isHeld = checks.contains { $0?.isInTheWay ?? false }
        checks.append(mapCheck(position, isHeld: isHeld))
        checks.append(conditionCheck(step, isOpen: isOpen))
        return checks.compactMap(\.self)
    }

    private func cutCheck(_ position: Int) -> ExplanationCheck? {
        guard let cutter = machine.cutter(of: position) else { return nil }
        let name = machine.instances[cutter].id
        return ExplanationCheck(
            .branch,
            .never,
            "step \(name) decided not to go on here",
            predicate: "will be skipped: step \(name) decided not to go on there"
        )
    }

    /// The trigger rule, with how the steps before have come out and who is missing.
    private func ruleCheck(_ position: Int, _ step: StepManifest) -> ExplanationCheck {
        let before = upstream(of: position)
        if before.isEmpty { return ExplanationCheck(.triggerRule, .passes, "it waits for no other step") }
        let rule = step.triggerRule
        let open = before.filter { !machine.instances[$0].state.isTerminal }
        let text = "\(rule.rawValue), of \(before.count) before it: \(counts(before))"
        guard machine.instances[position].state == .none else {
            return ExplanationCheck(.triggerRule, .passes, text)
        }
        switch rule.decide(machine.upstreamCounts(of: position)) {
        case .run: return ExplanationCheck(.triggerRule, .passes, text)
        case .resolve(let state):
            return ExplanationCheck(
                .triggerRule,
                .never,
                "\(text); it will be \(state.rawValue)",
                predicate: "will be \(state.rawValue) by its rule \(rule.rawValue)"
            )
        case .wait:
            let missing = open.map { machine.instances[$0].id }
            return ExplanationCheck(
                .triggerRule,
                .blocks,
                "\(text); missing: \(Self.list(missing.map(\.description), most: 5))",
                waitsFor: missing,
                predicate: "waits for \(Self.list(missing.map(\.description)))"
            )
        }
    }

    private func setupCheck(_ position: Int) -> ExplanationCheck? {
        let step = machine.instances[position].step
        guard !machine.graph.isTeardown[step], !machine.graph.indirectSetups[step].isEmpty else { return nil }
        let setups = machine.graph.indirectSetups[step].flatMap { relevant($0, to: position) }
        let open = setups.filter { !machine.instances[$0].state.isTerminal }.map { machine.instances[$0].id }
        let text = "its setups: \(counts(setups))"
        if open.isEmpty { return ExplanationCheck(.setups, .passes, text) }
        return ExplanationCheck(
            .setups,
            .blocks,
            "\(text); missing: \(Self.list(open.map(\.description), most: 5))",
            waitsFor: open,
            predicate: "waits for setup \(Self.list(open.map(\.description)))"
        )
    }

    /// What a teardown waits for besides: all steps between its setups and itself.
    private func betweenCheck(_ position: Int) -> ExplanationCheck? {
        let step = machine.instances[position].step
        guard machine.graph.isTeardown[step], !machine.graph.between[step].isEmpty else { return nil }
        let between = machine.graph.between[step].flatMap { relevant($0, to: position) }
        let open = between.filter { !machine.instances[$0].state.isTerminal }.map { machine.instances[$0].id }
        if open.isEmpty {
            return ExplanationCheck(.between, .passes, "all steps that use what it takes away have ended")
        }
        return ExplanationCheck(
            .between,
            .blocks,
            "steps still use what it takes away: \(Self.list(open.map(\.description), most: 5))",
            waitsFor: open,
            predicate: "waits for \(Self.list(open.map(\.description))) to be done with what it takes away"
        )
    }

    private func pastCheck(_ position: Int, _ step: StepManifest) -> ExplanationCheck? {
        guard step.past != .ignored else { return nil }
        guard let objection = machine.pastObjection(position) else {
            let run = machine.past?.run.map { " \($0)" } ?? ""
            return ExplanationCheck(.past, .passes, "the run before\(run) does not hold it up")
        }
        return ExplanationCheck(
            .past,
            .blocks,
            "depends on past: \(objection)",
            predicate: "waits for the run before: \(objection)"
        )
    }

    private func mapCheck(_ position: Int, isHeld: Bool) -> ExplanationCheck? {
        let instance = machine.instances[position]
        guard let domain = machine.graph.domain[instance.step] else { return nil }
        if machine.domains[domain].isReady {
            let count = machine.domains[domain].items?.count ?? 0
            return ExplanationCheck(.map, .passes, "its list has \(count) item\(count == 1 ? "" : "s")")
        }
        let sources = machine.graph.domains[domain].sources.flatMap { machine.members[$0] }
        let open = sources.filter { !machine.instances[$0].state.isTerminal }.map { machine.instances[$0].id }
        if open.isEmpty {
            let verdict: ExplanationCheck.Verdict = isHeld ? .later : .blocks
            return ExplanationCheck(.map, verdict, "its list is not made yet", predicate: "waits for its list of items")
        }
        let names = Self.list(open.map(\.description))
        return ExplanationCheck(
            .map,
            .blocks,
            "its list is made of what \(names) will report",
            waitsFor: open,
            predicate: "waits for its list of items, from \(names)"
        )
    }

    private func conditionCheck(_ step: StepManifest, isOpen: Bool) -> ExplanationCheck? {
        guard let when = step.when else { return nil }
        let text = isOpen ? "its condition is looked at then: \(when)" : "its condition holds: \(when)"
        return ExplanationCheck(.condition, isOpen ? .later : .passes, text)
    }

    /// The instances directly before one: of a step that it is mapped together with, the one with its index.
    func upstream(of position: Int) -> [Int] {
        machine.graph.edges.upstream[machine.instances[position].step].flatMap { relevant($0, to: position) }
    }

    func relevant(_ step: Int, to position: Int) -> [Int] {
        machine.partner(of: machine.instances[position], in: step).map { [$0] } ?? machine.members[step]
    }

    /// How many instances stand where, the ended ones first.
    private func counts(_ positions: [Int]) -> String {
        var count: [StepState: Int] = [:]
        for position in positions { count[machine.instances[position].state, default: 0] += 1 }
        let order = StepState.allCases.filter(\.isTerminal) + StepState.allCases.filter { !$0.isTerminal }
        return order.compactMap { state in count[state].map { "\($0) \(state.rawValue)" } }.joined(separator: ", ")
    }
}
