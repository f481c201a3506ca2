import MartletCore
import OrderedCollections

/// One line of a run's table: a step, or all instances of a mapped one.
struct StepLine {
    /// The step's name, with the index of a single instance.
    var name: String
    var instances: [StepSummary]

    /// The lines of a run, in the order of its steps.
    static func lines(of projection: RunProjection, expanded: Bool) -> [StepLine] {
        if expanded { return projection.steps.values.map { StepLine(name: label($0), instances: [$0]) } }
        var lines: OrderedDictionary<StepID, [StepSummary]> = [:]
        for step in projection.steps.values { lines[step.id.step, default: []].append(step) }
        return lines.map { step, instances in
            StepLine(name: instances.count == 1 ? label(instances[0]) : step.rawValue, instances: instances)
        }
    }

    private static func label(_ step: StepSummary) -> String {
        step.label.map { "\(step.id) \(DisplayText.line($0))" } ?? step.id.description
    }

    /// Whether it stands for several instances.
    var isFolded: Bool { instances.count > 1 }

    /// How many instances have ended, as in `3/5 done`; empty for a single one.
    var progress: String {
        isFolded ? "\(instances.count { $0.state.isTerminal })/\(instances.count) done" : ""
    }

    /// One state for all: what somebody should know first.
    var state: StepState {
        let states = Set(instances.map(\.state))
        let order: [StepState] = [
            .running, .restarting, .awaitingInput, .upForRetry, .deferred, .scheduled, .none, .failed, .upstreamFailed,
            .cancelled, .success, .skipped, .removed,
        ]
        return order.first(where: states.contains) ?? .none
    }

    /// From the first start to the last end, or to `now` while something has not ended; nil before the first start.
    func duration(at now: Timestamp) -> Duration? {
        guard let start = instances.compactMap(\.startedAt).min() else { return nil }
        let isOpen = instances.contains { $0.startedAt != nil && $0.finishedAt == nil }
        return (isOpen ? now : instances.compactMap(\.finishedAt).max() ?? now) - start
    }

    /// The rows that were read or written, by port; of several instances their sum.
    func rows(_ kind: String) -> String {
        let counts = instances.map { step in
            (step.outcome?.metrics ?? [:]).filter { $0.key == kind || $0.key.hasPrefix("\(kind).") }
        }
        if isFolded {
            let all = counts.flatMap(\.values)
            return all.isEmpty ? "" : NumberText.short(all.reduce(0, +))
        }
        return (counts.first ?? [:]).sorted { $0.key < $1.key }.map { NumberText.short($0.value) }.joined(
            separator: " + "
        )
    }
}
