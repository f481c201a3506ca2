import MartletCore

extension StepAction {
    /// The state of a step that waits without a process; nil for steps that run.
    var waitingState: StepState? {
        switch self {
        case .wait: .deferred
        case .approve: .awaitingInput
        default: nil
        }
    }
}

extension Timestamp {
    /// The instant as Airflow's retry formula spells it: `2024-01-01 00:00:00+00:00`.
    var airflowText: String {
        let text = description
        let digits = text.hasSuffix("Z") ? String(text.dropLast()) : text
        let parts = digits.split(separator: "T", maxSplits: 1)
        guard parts.count == 2 else { return text }
        let time = parts[1].split(separator: ".", maxSplits: 1)
        let fraction = microseconds % 1_000_000
        let micros = fraction == 0 ? "" : ".\(String(fraction + 1_000_000).dropFirst())"
        return "\(parts[0]) \(time[0])\(micros)+00:00"
    }
}
