import MartletCore

// Steps that decide where the run goes on. What they have decided stays decided until they run again.
extension RunMachine {
    mutating func branch(_ position: Int, _ action: BranchAction, at now: Timestamp) {
        do {
            var followed: [StepID] = []
            for choice in action.cases {
                guard
                    try choice.when.map({ condition throws(TemplateError) in try truth(of: condition, for: position) })
                        ?? true
                else { continue }
                followed = choice.follow
                break
            }
            let names = followed.map(\.rawValue).joined(separator: ", ")
            settle(position, followed, followed.isEmpty ? "follows nothing" : "follows \(names)", at: now)
        } catch {
            fail(position, "its condition failed: \(error)", at: now)
        }
    }

    mutating func shortCircuit(_ position: Int, _ action: ShortCircuitAction, at now: Timestamp) {
        do {
            let after = graph.edges.downstream[instances[position].step].map { graph.edges.steps[$0] }
            if try truth(of: action.condition, for: position) {
                settle(position, after, "its condition holds", at: now)
            } else {
                settle(position, [], "its condition does not hold: \(action.condition)", at: now)
            }
        } catch {
            fail(position, "its condition failed: \(error)", at: now)
        }
    }

    private mutating func settle(_ position: Int, _ followed: [StepID], _ reason: String, at now: Timestamp) {
        let id = instances[position].id
        emit(.branchDecided(step: id, follow: followed), at: now)
        emit(.stepResolved(step: id, state: .success, reason: reason), at: now)
        // Left out at once, also where the trigger rule would still wait.
        for step in (cuts[position] ?? []).sorted() {
            if let partner = partner(of: instances[position], in: step) {
                unsettled.append(partner)
            } else {
                unsettledSteps.append(step)
            }
        }
    }

    /// Notes which steps a decision leaves out: of those directly after it, the ones that are neither followed nor after
    /// one that is; for a short-circuit, everything after it but teardowns.
    mutating func decide(_ id: InstanceID, _ follow: [StepID]) {
        guard let position = positions[id], instances[position].step >= 0 else { return }
        let step = instances[position].step
        let named = Set(follow.compactMap { graph.place[$0] })
        if case .shortCircuit(let action) = manifest.steps[step].action, named.isEmpty {
            let after =
                action.respectsTriggerRules
                ? Set(graph.edges.downstream[step]) : graph.edges.descendants(of: step)
            cut(by: position, after.filter { !graph.isTeardown[$0] })
        } else {
            let kept = named.reduce(into: named) { $0.formUnion(graph.edges.descendants(of: $1)) }
            cut(by: position, Set(graph.edges.downstream[step]).subtracting(kept))
        }
    }

    /// Notes that the instance at `position` leaves out `steps`, and nothing else any more.
    mutating func cut(by position: Int, _ steps: Set<Int>) {
        for step in cuts[position] ?? [] {
            cutters[step]?.remove(position)
            if cutters[step]?.isEmpty ?? false { cutters[step] = nil }
        }
        cuts[position] = steps.isEmpty ? nil : steps
        for step in steps { cutters[step, default: []].insert(position) }
    }

    /// The instance of a branch or short-circuit because of which the one at `position` does not run.
    ///
    /// In a mapped group each instance of a branch decides for those of its index; a step after the group is left out
    /// when all of them leave it out.
    func cutter(of position: Int) -> Int? {
        let step = instances[position].step
        guard let cutters = cutters[step] else { return nil }
        var seen: Set<Int> = []
        for cutter in cutters {
            if let partner = partner(of: instances[cutter], in: step) {
                if partner == position, instances[cutter].state == .success { return cutter }
            } else if seen.insert(instances[cutter].step).inserted {
                let isUnanimous = members[instances[cutter].step].allSatisfy { other in
                    switch instances[other].state {
                    case .removed: true
                    case .success: cutters.contains(other)
                    default: false
                    }
                }
                if isUnanimous { return cutter }
            }
        }
        return nil
    }
}
