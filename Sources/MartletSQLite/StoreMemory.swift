import MartletCore
import OrderedCollections

/// What the writer remembers of the tables: runs in progress and the steps of manifests.
///
/// Only a saving: everything can be read back, so anything may be forgotten at any time.
struct StoreMemory: Sendable {
    // Two generations: what is used moves to the young one; when that is full it becomes the old one, and what was in
    // the old one is forgotten. So nothing has to be sorted by age, and every operation takes the same time however
    // many runs there are.
    private var young = Generation()
    private var old = Generation()
    private var manifests = ManifestMemory<[StepID]>()
    /// Most steps remembered.
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// The run, which is forgotten: who takes it puts back what it has become.
    mutating func take(_ run: RunID) -> RunProjection? { young.take(run) ?? old.take(run) }

    /// Remembers a run in progress; an ended one is seldom asked for again.
    mutating func put(_ projection: RunProjection) {
        if projection.run.state.isTerminal { return }
        young.put(projection)
        if young.size > limit / 2 {
            old = young
            young = Generation()
        }
    }

    /// Forgets everything.
    mutating func clear() { self = Self(limit: limit) }

    /// The steps of a manifest.
    func steps(ofManifest hash: String) -> [StepID]? { manifests[hash] }

    /// Remembers the steps of a manifest.
    mutating func put(_ steps: [StepID], ofManifest hash: String) {
        manifests.put(steps, of: hash, steps: steps.count)
    }
}

/// Runs that were used at about the same time.
private struct Generation: Sendable {
    private var runs: [RunID: RunProjection] = [:]
    /// Its rows: of steps, and one for each run.
    private(set) var size = 0

    mutating func take(_ run: RunID) -> RunProjection? {
        guard let projection = runs.removeValue(forKey: run) else { return nil }
        size -= 1 + projection.steps.count
        return projection
    }

    mutating func put(_ projection: RunProjection) {
        size += 1 + projection.steps.count
        runs[projection.run.id] = projection
    }
}
