import MartletCore
import OrderedCollections

/// What the writer remembers of the tables: runs in progress and the steps of manifests.
///
/// Only a saving: everything can be read back, so anything may be forgotten at any time.
struct StoreMemory: Sendable {
    private var runs: OrderedDictionary<RunID, RunProjection> = [:]
    private var manifests: OrderedDictionary<String, [StepID]> = [:]
    private var stepCount = 0

    /// The run, which is forgotten: who takes it puts back what it has become.
    mutating func take(_ run: RunID) -> RunProjection? {
        guard let projection = runs.removeValue(forKey: run) else { return nil }
        stepCount -= projection.steps.count
        return projection
    }

    /// Remembers a run in progress; an ended one is not asked for again.
    mutating func put(_ projection: RunProjection) {
        if projection.run.state.isTerminal { return }
        stepCount += projection.steps.count
        runs[projection.run.id] = projection
        // The one used last stands at the end, and stays even if it is too large alone.
        while stepCount > StoreLimits.rememberedSteps, runs.count > 1 {
            stepCount -= runs.removeFirst().value.steps.count
        }
    }

    /// The steps of a manifest.
    func steps(ofManifest hash: String) -> [StepID]? { manifests[hash] }

    /// Remembers the steps of a manifest.
    mutating func put(_ steps: [StepID], ofManifest hash: String) {
        manifests.removeValue(forKey: hash)
        manifests[hash] = steps
        if manifests.count > StoreLimits.rememberedManifests { manifests.removeFirst() }
    }
}
