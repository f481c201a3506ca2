import MartletCore
import OrderedCollections

// One sentence that says what it comes to.
extension RunExplainer {
    /// What the instance waits for in the end: when that is another step, what that one waits for.
    func sentence(on position: Int) -> String {
        let instance = machine.instances[position]
        if instance.state.isTerminal { return "\(instance.id) \(endedCheck(position).predicate ?? "has ended")" }
        guard let block = block(position), let predicate = block.predicate else {
            return "\(instance.id) is \(instance.state.rawValue)"
        }
        guard let next = deciding(block), let root = root(of: next, seen: [position]) else {
            return "\(instance.id) \(predicate)"
        }
        let first = machine.instances[next].id
        let others = block.waitsFor.count > 1 ? " (and \(block.waitsFor.count - 1) more)" : ""
        let way = root == next ? "" : " and in the end for \(machine.instances[root].id),"
        let end = self.block(root)?.predicate ?? "is \(machine.instances[root].state.rawValue)"
        return "\(instance.id) waits for \(first)\(others)\(way.isEmpty ? "," : way) which \(end)"
    }

    /// Of the steps that are waited for the one that says most: what is stuck rather than what runs, and that rather
    /// than what waits for others itself.
    private func deciding(_ check: ExplanationCheck) -> Int? {
        let order: [StepState] = [.awaitingInput, .deferred, .upForRetry, .scheduled, .restarting, .running, .none]
        let open = check.waitsFor.compactMap(machine.position)
        return order.lazy.compactMap { state in open.first { machine.instances[$0].state == state } }.first
    }

    private func root(of position: Int, seen: Set<Int>) -> Int? {
        var (position, seen) = (position, seen)
        while seen.insert(position).inserted, let check = block(position), let next = deciding(check) {
            position = next
        }
        return position
    }

    var runSentence: String {
        let ended = machine.instances.count { $0.state.isTerminal }
        let progress = "\(ended) of \(machine.instances.count) steps have ended"
        if machine.state.isTerminal {
            let reason = facts.log.reversed().lazy.compactMap { entry -> String? in
                if case .runFinished(_, let reason) = entry.event { reason } else { nil }
            }.first
            return "run \(machine.id) has ended: \(machine.state.rawValue)\(reason.map { ", \($0)" } ?? "")"
        }
        if let block = Self.first(of: runChecks.filter(\.isInTheWay)) {
            return "run \(machine.id) is \(machine.state.rawValue): \(block.text)"
        }
        return "run \(machine.id) is running: \(progress)"
    }

    /// Steps that have not ended, or did not end well, together where they have the same to say.
    var groups: [RunExplanation.Group] {
        groups { instance in
            guard instance.state.isTerminal else { return true }
            return machine.state.isTerminal && [.failed, .upstreamFailed, .cancelled].contains(instance.state)
        }
    }

    func groups(_ isShown: (StepInstance) -> Bool) -> [RunExplanation.Group] {
        struct Same: Hashable {
            var state: StepState
            var predicate: String
        }
        var groups: OrderedDictionary<Same, [InstanceID]> = [:]
        for position in machine.instances.indices where isShown(machine.instances[position]) {
            let instance = machine.instances[position]
            let check = instance.state.isTerminal ? endedCheck(position) : block(position)
            groups[Same(state: instance.state, predicate: check?.predicate ?? ""), default: []].append(instance.id)
        }
        return groups.map { RunExplanation.Group($0.value, $0.key.state, $0.key.predicate) }
    }
}
