public import MartletCore
import Synchronization

/// A store that lives as long as the object: the fake of ``RunStore`` and ``ProjectStore``.
public final class InMemoryRunStore: RunStore {
    struct State {
        var manifests: [String: PipelineManifest] = [:]
        var logs: [RunID: [RecordedEvent]] = [:]
        var projections: [RunID: RunProjection] = [:]
        var datasetEvents: [DatasetEvent] = []
        var datasetsTaken: [PipelineID: Int] = [:]
        var pipelines: [PipelineID: PipelineRecord] = [:]
        var versions: [PipelineID: [PipelineVersion]] = [:]
        var backfills: [String: BackfillRecord] = [:]
        var requests: [RecordedRequest] = []
        var results: [(pipeline: PipelineID, result: StepResult)] = []
        var changes = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// An empty store.
    public init() {}

    /// Keeps the manifest, unless there is one under this hash already.
    public func keep(manifest: PipelineManifest, hash: String) async throws(MartletError) {
        try change { state throws(MartletError) in
            if state.manifests[hash] == nil { state.manifests[hash] = manifest }
        }
    }

    /// The manifest kept under `hash`, or nil.
    public func manifest(hash: String) async throws(MartletError) -> PipelineManifest? {
        try look { state throws(MartletError) in state.manifests[hash] }
    }

    /// Appends to the run's log when it ends at `expected` and the events are numbered on from there.
    public func append(
        _ events: [RecordedEvent],
        to run: RunID,
        expecting expected: Int
    ) async throws(MartletError) {
        guard let first = events.first else { return }
        try change { state throws(MartletError) in
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
            for event in events {
                guard case .cleared(let cleared) = event.event, let hash = cleared.manifestHash else { continue }
                _ = try state.manifest(hash, of: "run \(run)")
            }
            if state.projections[run] == nil { try state.create(run, by: first) }
            state.logs[run, default: []] += events
            for event in events {
                state.projections[run]?.apply(event)
                if let summary = state.projections[run]?.run { state.project(event, of: summary) }
            }
        }
    }

    /// The log of `run` from the beginning; empty when there is no such run.
    public func events(of run: RunID) async throws(MartletError) -> [RecordedEvent] {
        try look { state throws(MartletError) in state.logs[run] ?? [] }
    }

    /// The run and its steps as its last event left them, or nil.
    public func projection(of run: RunID) async throws(MartletError) -> RunProjection? {
        try look { state throws(MartletError) in state.projections[run] }
    }

    /// The runs that fit `filter`, newest first.
    public func runs(_ filter: RunFilter) async throws(MartletError) -> [RunSummary] {
        let runs = try look { state throws(MartletError) in state.projections.values.map(\.run) }
        let fitting = runs.filter(filter.allows)
        let newestFirst = fitting.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
        return Array(newestFirst.prefix(max(0, filter.limit)))
    }

    /// The newest success with this fingerprint, or nil.
    public func result(for key: ObjectID) async throws(MartletError) -> StepResult? {
        try look { state throws(MartletError) in
            state.results.last { $0.result.outcome.fingerprint?.key == key }?.result
        }
    }

    /// The newest success of a step in runs of its pipeline, or nil.
    public func lastResult(of pipeline: PipelineID, step: InstanceID) async throws(MartletError) -> StepResult? {
        try look { state throws(MartletError) in
            state.results.last { $0.pipeline == pipeline && $0.result.source.step == step }?.result
        }
    }

    /// Makes every later call fail, except another `close`.
    public func close() async { state.withLock { $0.isClosed = true } }

    /// The value of `body`, which may change the state, or fails before it does.
    func change<Value: Sendable>(
        _ body: (inout State) throws(MartletError) -> Value
    ) throws(MartletError) -> Value {
        try look { state throws(MartletError) in
            let value = try body(&state)
            state.changes += 1
            return value
        }
    }

    /// The value of `body`.
    func look<Value: Sendable>(
        _ body: (inout State) throws(MartletError) -> Value
    ) throws(MartletError) -> Value {
        let result: Result<Value, MartletError> = state.withLock { state in
            if state.isClosed { return .failure(MartletError(.internalFault, "the store is used after it was closed")) }
            do throws(MartletError) { return .success(try body(&state)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

extension InMemoryRunStore.State {
    func manifest(_ hash: String, of owner: String) throws(MartletError) -> PipelineManifest {
        guard let manifest = manifests[hash] else {
            throw MartletError(.internalFault, "the manifest of \(owner) is not in the store")
        }
        return manifest
    }

    func run(of pipeline: PipelineID, for date: Timestamp) -> RunSummary? {
        projections.values.first { $0.run.pipeline == pipeline && $0.run.occasion.logicalDate == date }?.run
    }

    fileprivate mutating func create(_ run: RunID, by first: RecordedEvent) throws(MartletError) {
        guard case .runCreated(let created) = first.event else {
            throw MartletError(.transitionInvalid, "the log of run \(run) does not begin with its creation")
        }
        let steps = try manifest(created.manifestHash, of: "run \(run)").steps.map(\.id)
        if let date = created.occasion.logicalDate, let existing = self.run(of: created.pipeline, for: date) {
            throw MartletError(
                .runExists,
                "pipeline \(created.pipeline) has a run for \(date) already: \(existing.id)"
            )
        }
        projections[run] = RunProjection(id: run, first: first, steps: steps)
        guard let id = created.occasion.backfill, let ordinal = created.occasion.ordinal else { return }
        set(run, at: ordinal, of: id)
    }

    mutating func set(_ run: RunID, at ordinal: Int, of id: String) {
        guard let place = backfills[id]?.dates.firstIndex(where: { $0.ordinal == ordinal }) else { return }
        backfills[id]?.dates[place].run = run
    }

    /// Notes what follows from one event beyond its run and the steps of that.
    fileprivate mutating func project(_ recorded: RecordedEvent, of run: RunSummary) {
        switch recorded.event {
        case .attemptFinished(let finished) where finished.state == .success:
            // What went into the lake others see when it is published, and not before.
            for output in finished.outcome.outputs where output.commit == nil {
                note(output.dataset, by: finished.step, at: output.path, of: run, recorded.at)
            }
            if finished.outcome.fingerprint != nil, finished.outcome.reused == nil {
                let source = ReusedAttempt(run: run.id, step: finished.step, attempt: finished.attempt)
                results.append((run.pipeline, StepResult(source: source, outcome: finished.outcome)))
            }
        case .published(let publication):
            for writing in publication.datasets {
                note(writing.dataset, by: InstanceID(writing.step), at: writing.path, of: run, recorded.at)
            }
        case .datasetsTaken(let events):
            guard let last = events.map(\.position).max() else { return }
            datasetsTaken[run.pipeline] = max(datasetsTaken[run.pipeline] ?? 0, last)
        default:
            break
        }
    }

    private mutating func note(
        _ dataset: DatasetID,
        by step: InstanceID,
        at path: String?,
        of run: RunSummary,
        _ now: Timestamp
    ) {
        let event = DatasetEvent(
            position: datasetEvents.count + 1,
            dataset: dataset,
            at: now,
            run: run.id,
            step: step,
            path: path,
            partition: run.occasion.partition
        )
        datasetEvents.append(event)
    }
}
