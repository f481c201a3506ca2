public import MartletCore
import MartletScheduling

/// Looks what runs have done: the probe of waits for steps, runs and datasets.
public struct FactsProbe: WaitProbe {
    private let facts: any RunFacts

    /// A probe that asks `facts`.
    public init(_ facts: any RunFacts) { self.facts = facts }

    /// Asks for the state of the run or step, or for the last writing of the dataset.
    public func probe(_ request: WaitRequest, wake: @escaping @Sendable () -> Void) async -> WaitResult {
        do throws(MartletError) {
            switch request.subject {
            case .step(let wait, let logicalDate):
                let fact = try await facts.state(of: wait.pipeline, step: wait.step, logicalDate: logicalDate)
                return wait.result(of: fact, logicalDate: logicalDate, for: request.key.instance)
            case .dataset(let dataset, let since):
                let fact = try await facts.lastWriting(of: dataset)
                return DatasetFact.result(of: fact, dataset: dataset, since: since)
            case .file, .instant, .http, .sql, .answer:
                return .misdirected(request)
            }
        } catch {
            return .failed(error, retryable: true)
        }
    }
}
