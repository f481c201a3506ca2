import MartletCore

/// What the dependencies of a waiting instance make of it.
enum StepVerdict: Hashable, Sendable {
    case wait
    case run
    case resolve(StepState, String)
}

// Whether a waiting instance may start: Airflow 3's order of evaluation (TriggerRuleDep, PrevDagrunDep).
extension RunMachine {
    func verdict(on position: Int) -> StepVerdict {
        let instance = instances[position]
        let step = manifest.steps[instance.step]
        let counts = upstreamCounts(of: position)
        var isHeld = false
        if counts.total > 0, step.triggerRule != .always {
            if !graph.isTeardown[instance.step] {
                switch setupVerdict(on: position) {
                case .resolve(let state, let reason): return .resolve(state, reason)
                case .wait: isHeld = true
                case .run: break
                }
            }
            // Airflow's rule that an index beyond the successes before it is removed is left out: an instance is
            // removed when its own list becomes shorter, and only then.
            switch step.triggerRule.decide(counts) {
            case .wait: return .wait
            case .resolve(let state): return .resolve(state, reason(of: step, at: position))
            case .run: if isHeld { return .wait }
            }
            if graph.isTeardown[instance.step], hasOpenBetween(position) { return .wait }
        }
        return pastObjection(position) == nil ? .run : .wait
    }

    /// The setup constraint: setups further up must have succeeded, whatever the trigger rule says.
    private func setupVerdict(on position: Int) -> StepVerdict {
        let relevant = graph.indirectSetups[instances[position].step]
        if relevant.isEmpty { return .run }
        var isOpen = false
        var skipped: InstanceID?
        for setup in relevant {
            for member in relevantMembers(of: setup, to: instances[position]) {
                switch instances[member].state {
                case .failed, .upstreamFailed, .cancelled:
                    return .resolve(.upstreamFailed, "setup \(instances[member].id) did not succeed")
                case .skipped: skipped = skipped ?? instances[member].id
                case .success, .removed: break
                default: isOpen = true
                }
            }
        }
        if let skipped { return .resolve(.skipped, "setup \(skipped) was skipped") }
        return isOpen ? .wait : .run
    }

    /// Whether steps between a teardown and its setups have not ended.
    private func hasOpenBetween(_ position: Int) -> Bool {
        graph.between[instances[position].step].contains { step in
            if let partner = partner(of: instances[position], in: step) { return !instances[partner].state.isTerminal }
            return open[step].unfinished > 0
        }
    }

    /// Why the run before this one keeps a step from starting; nil when it does not.
    func pastObjection(_ position: Int) -> String? {
        let step = instances[position].step
        let rule = manifest.steps[step].past
        guard rule != .ignored, created.occasion.logicalDate != nil, created.occasion.ordinal != 0 else { return nil }
        guard let past else { return "what became of the run before is not known yet" }
        guard let run = past.run else { return nil }
        let after = rule == .downstream ? graph.edges.downstream[step] : []
        for other in [step] + after {
            let id = graph.edges.steps[other]
            let open = (past.states[id] ?? []).first { ![.success, .skipped, .removed].contains($0) }
            if let open { return "step \(id) is \(open.rawValue) in the run before, \(run)" }
        }
        return nil
    }

    func reason(of step: StepManifest, at position: Int) -> String {
        var ended: [String] = []
        for source in graph.edges.upstream[instances[position].step] {
            let relevant = partner(of: instances[position], in: source).map { [$0] } ?? members[source]
            for member in relevant where instances[member].state.isTerminal {
                // What went well explains little, unless the rule is about it.
                if instances[member].state == .success, ended.count >= 3 { continue }
                ended.append("\(instances[member].id) is \(instances[member].state.rawValue)")
                if ended.count >= 8 { break }
            }
        }
        let notable = ended.filter { !$0.hasSuffix("is success") }
        let shown = (notable.isEmpty || step.triggerRule == .allFailed ? ended : notable).prefix(5)
        return "\(step.triggerRule.rawValue): \(shown.joined(separator: ", "))"
    }

    func truth(of condition: String, for position: Int) throws(TemplateError) -> Bool {
        guard let expression = try Template(condition).soleExpression else {
            throw TemplateError(offset: 0, reason: "\(condition) is not one expression")
        }
        let context = context(
            for: position,
            attempt: instances[position].attempts,
            project: created.projectRoot,
            work: ""
        )
        return try expression.truth { TemplateContext.lookup($0, in: context) }
    }
}
