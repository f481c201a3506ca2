import MartletCore

// Why an instance that has ended has the state it has.
extension RunExplainer {
    func endedCheck(_ position: Int) -> ExplanationCheck {
        let predicate = ended(position)
        return ExplanationCheck(.ended, .passes, "it \(predicate)", predicate: predicate)
    }

    private func ended(_ position: Int) -> String {
        let instance = machine.instances[position]
        let why = instance.reason.map { ": \($0)" } ?? ""
        let attempt = instance.attempts > 1 ? " in attempt \(instance.attempts)" : ""
        switch instance.state {
        case .success:
            return instance.attempts == 0
                ? "succeeded without an attempt of its own\(why)" : "succeeded\(attempt)\(why)"
        case .failed:
            let retries = machine.step(at: position)?.retry.retries ?? 0
            let left = instance.attempts > retries && retries > 0 ? "; no retry is left" : ""
            return instance.attempts == 0 ? "failed before it could start\(why)" : "failed\(attempt)\(why)\(left)"
        case .skipped: return "was skipped\(why)"
        case .cancelled: return "was cancelled\(why)"
        case .removed: return "is no part of the run any more"
        case .upstreamFailed:
            guard let root = failure(before: position, seen: []), root != position else { return "did not start\(why)" }
            let name = machine.instances[root].id
            return "did not start, because \(name) \(ended(root))"
        case .none, .scheduled, .running, .upForRetry, .deferred, .awaitingInput, .restarting:
            return "has not ended"
        }
    }

    /// The failed instance in the end that kept this one from starting.
    private func failure(before position: Int, seen: Set<Int>) -> Int? {
        guard machine.instances[position].step >= 0 else { return nil }
        let step = machine.instances[position].step
        let setups = machine.graph.indirectSetups[step].flatMap { relevant($0, to: position) }
        let before = upstream(of: position) + setups
        if let failed = before.first(where: { [.failed, .cancelled].contains(machine.instances[$0].state) }) {
            return failed
        }
        for next in before where machine.instances[next].state == .upstreamFailed && !seen.contains(next) {
            if let root = failure(before: next, seen: seen.union([next])) { return root }
        }
        return nil
    }
}
