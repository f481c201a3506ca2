public import MartletCore
import Synchronization

/// A store of runs that lives as long as the object: the fake of ``RunStore``.
public final class InMemoryRunStore: RunStore {
    private struct State {
        var manifests: [String: PipelineManifest] = [:]
        var logs: [RunID: [RecordedEvent]] = [:]
        var projections: [RunID: RunProjection] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// An empty store.
    public init() {}

    /// Keeps the manifest, unless there is one under this hash already.
    public func keep(manifest: PipelineManifest, hash: String) async throws(MartletError) {
        try withState { state throws(MartletError) in
            if state.manifests[hash] == nil { state.manifests[hash] = manifest }
        }
    }

    /// The manifest kept under `hash`, or nil.
    public func manifest(hash: String) async throws(MartletError) -> PipelineManifest? {
        try withState { state throws(MartletError) in state.manifests[hash] }
    }

    /// Appends to the run's log when it ends at `expected` and the events are numbered on from there.
    public func append(
        _ events: [RecordedEvent],
        to run: RunID,
        expecting expected: Int
    ) async throws(MartletError) {
        guard let first = events.first else { return }
        try withState { state throws(MartletError) in
            for (index, event) in events.enumerated() where event.sequence != expected + 1 + index {
                throw MartletError(.internalFault, "events of run \(run) are not numbered one after the other")
            }
            let found = state.logs[run]?.count ?? 0
            guard found == expected else {
                throw MartletError(
                    .storeConflict,
                    "the log of run \(run) was written by someone else",
                    reason: "its last event should be number \(expected) and is number \(found)"
                )
            }
            var projection: RunProjection
            if let known = state.projections[run] {
                projection = known
            } else {
                projection = try Self.created(run, by: first, in: state)
            }
            for event in events { projection.apply(event) }
            state.projections[run] = projection
            state.logs[run, default: []] += events
        }
    }

    /// The log of `run` from the beginning; empty when there is no such run.
    public func events(of run: RunID) async throws(MartletError) -> [RecordedEvent] {
        try withState { state throws(MartletError) in state.logs[run] ?? [] }
    }

    /// The run and its steps as its last event left them, or nil.
    public func projection(of run: RunID) async throws(MartletError) -> RunProjection? {
        try withState { state throws(MartletError) in state.projections[run] }
    }

    /// The runs that fit `filter`, newest first.
    public func runs(_ filter: RunFilter) async throws(MartletError) -> [RunSummary] {
        let runs = try withState { state throws(MartletError) in state.projections.values.map(\.run) }
        let fitting = runs.filter { run in
            (filter.pipeline.map { $0 == run.pipeline } ?? true)
                && (filter.states?.contains(run.state) ?? true)
                && run.id.rawValue.hasPrefix(filter.idPrefix ?? "")
        }
        let newestFirst = fitting.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
        return Array(newestFirst.prefix(max(0, filter.limit)))
    }

    /// Makes every later call fail, except another `close`.
    public func close() async { state.withLock { $0.isClosed = true } }

    private static func created(
        _ run: RunID,
        by first: RecordedEvent,
        in state: borrowing State
    ) throws(MartletError) -> RunProjection {
        guard case .runCreated(let created) = first.event else {
            throw MartletError(.transitionInvalid, "the log of run \(run) does not begin with its creation")
        }
        guard let manifest = state.manifests[created.manifestHash] else {
            throw MartletError(.internalFault, "the manifest of run \(run) is not in the store")
        }
        guard let projection = RunProjection(id: run, first: first, steps: manifest.steps.map(\.id)) else {
            throw MartletError(.transitionInvalid, "the log of run \(run) does not begin with its creation")
        }
        return projection
    }

    private func withState<Value: Sendable>(
        _ body: (inout State) throws(MartletError) -> Value
    ) throws(MartletError) -> Value {
        let result: Result<Value, MartletError> = state.withLock { state in
            if state.isClosed { return .failure(MartletError(.internalFault, "the store is used after it was closed")) }
            do throws(MartletError) { return .success(try body(&state)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
