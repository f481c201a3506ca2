public import MartletCore
import OrderedCollections

/// What waits may ask of runs, from the store.
public struct StoreFacts: RunFacts {
    private let runs: any RunStore
    private let project: any ProjectStore

    /// Facts from these stores.
    public init(runs: any RunStore, project: any ProjectStore) {
        self.runs = runs
        self.project = project
    }

    /// Where the run of `pipeline` for a date stands, or a step of it; without a date the one created last.
    public func state(
        of pipeline: PipelineID,
        step: StepID?,
        logicalDate: Timestamp?
    ) async throws(MartletError) -> RunFact? {
        let found: RunSummary?
        if let logicalDate {
            found = try await project.run(of: pipeline, for: logicalDate)
        } else {
            found = try await runs.runs(RunFilter(pipeline: pipeline, limit: 1)).first
        }
        guard let found else { return nil }
        guard let step else { return RunFact(run: found.id, state: found.state.rawValue) }
        let instances = try await runs.projection(of: found.id)?.steps.values.filter { $0.id.step == step } ?? []
        // A mapped step has come to an end when all its instances have; the worst of them speaks for it.
        let order: [StepState] = [.failed, .upstreamFailed, .cancelled, .skipped, .success, .removed]
        let open = instances.first { !$0.state.isTerminal }?.state
        let worst = order.first { state in instances.contains { $0.state == state } }
        return (open ?? worst).map { RunFact(run: found.id, state: $0.rawValue) }
    }

    /// When a dataset was last written.
    public func lastWriting(of dataset: DatasetID) async throws(MartletError) -> DatasetFact? {
        try await project.lastEvent(of: dataset).map { DatasetFact(at: $0.at, run: $0.run, path: $0.path) }
    }
}
