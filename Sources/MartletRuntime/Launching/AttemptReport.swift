import MartletCore
import Synchronization

/// Gathers what an attempt says of itself while it runs.
final class AttemptReport: Sendable {
    /// What has been said so far.
    struct Content: Sendable {
        var values: [String: JSONValue] = [:]
        var metrics: [String: Double] = [:]
        var outputs: [String: String] = [:]
        var verdict: CheckVerdict?
        var skipReason: String?
        var failure: (error: MartletError, retry: Bool)?
        /// What was refused, for the log and the error.
        var refused: [String] = []
    }

    private let content = Mutex(Content())

    var current: Content { content.withLock { $0 } }

    func receive(_ message: StepMessage) {
        content.withLock { content in
            switch message {
            case .progress, .log:
                break
            case .metric(let name, let value):
                if content.metrics.count < Limits.reportedNamesPerAttempt, value.isFinite {
                    content.metrics[name] = value
                }
            case .value(let name, let value):
                if content.values.count >= Limits.reportedNamesPerAttempt {
                    content.refused.append("value \(name): more than \(Limits.reportedNamesPerAttempt) values")
                } else if value.jsonText.utf8.count > Limits.valueBytes {
                    content.refused.append(
                        "value \(name) is larger than \(Limits.valueBytes >> 10) KiB; write a dataset"
                    )
                } else {
                    content.values[name.rawValue] = value
                }
            case .output(let name, let path):
                if content.outputs.count < Limits.reportedNamesPerAttempt { content.outputs[name.rawValue] = path }
            case .verdict(let verdict):
                content.verdict = verdict
            case .skip(let reason):
                content.skipReason = reason
            case .failure(let error, let retry):
                content.failure = (error, retry)
            }
        }
    }
}
