import Crypto
import Foundation
public import MartletCore

extension RetryPolicy {
    /// How long to wait after attempt `attempt` (1 for the first) failed.
    ///
    /// Airflow 3's rule: a constant delay, or from `base = max(1, ceil(delay * backoff^(attempt-1)))` seconds up to
    /// twice that, spread by a hash so that steps that failed together do not retry together, and repeatably so.
    public func delay(pipeline: PipelineID, step: StepID, logicalDate: String = "None", attempt: Int) -> Duration {
        let limit = Double(Limits.retryDelaySeconds)
        guard backoff > 0, backoff != 1 else { return .seconds(min(delaySeconds, maxDelaySeconds ?? limit)) }
        let grown = delaySeconds * pow(backoff, Double(max(0, attempt - 1)))
        let base = grown.isFinite ? Int(min(limit, max(1, grown.rounded(.up)))) : Limits.retryDelaySeconds
        let digest = Insecure.SHA1.hash(data: Data("\(pipeline)#\(step)#\(logicalDate)#\(attempt)".utf8))
        let spread = digest.reduce(0) { ($0 * 256 + Int($1)) % base }
        return .seconds(min(Double(base + spread), limit, maxDelaySeconds ?? limit))
    }
}
