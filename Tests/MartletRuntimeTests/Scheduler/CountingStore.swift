import MartletCore
import MartletTestKit
import Synchronization

/// Counts how often a store is asked.
final class CountingStore: RunStore, ProjectStore {
    final class Calls: Sendable {
        private let number = Mutex(0)

        var count: Int { number.withLock { $0 } }

        func add() { number.withLock { $0 += 1 } }
    }

    let calls = Calls()
    private let inner: InMemoryRunStore

    init(_ inner: InMemoryRunStore) { self.inner = inner }

    func keep(manifest: PipelineManifest, hash: String) async throws(MartletError) {
        calls.add()
        try await inner.keep(manifest: manifest, hash: hash)
    }
    func manifest(hash: String) async throws(MartletError) -> PipelineManifest? {
        calls.add()
        return try await inner.manifest(hash: hash)
    }
    func append(_ events: [RecordedEvent], to run: RunID, expecting expected: Int) async throws(MartletError) {
        calls.add()
        try await inner.append(events, to: run, expecting: expected)
    }
    func events(of run: RunID) async throws(MartletError) -> [RecordedEvent] {
        calls.add()
        return try await inner.events(of: run)
    }
    func projection(of run: RunID) async throws(MartletError) -> RunProjection? {
        calls.add()
        return try await inner.projection(of: run)
    }
    func runs(_ filter: RunFilter) async throws(MartletError) -> [RunSummary] {
        calls.add()
        return try await inner.runs(filter)
    }
    func result(for key: ObjectID) async throws(MartletError) -> StepResult? { try await inner.result(for: key) }
    func lastResult(of pipeline: PipelineID, step: InstanceID) async throws(MartletError) -> StepResult? {
        try await inner.lastResult(of: pipeline, step: step)
    }
    func close() async {}

    func register(
        _ pipeline: PipelineID,
        hash: String,
        source: String,
        program: String?,
        startsPaused: Bool,
        at now: Timestamp
    ) async throws(MartletError) -> PipelineRecord {
        calls.add()
        return try await inner.register(
            pipeline,
            hash: hash,
            source: source,
            program: program,
            startsPaused: startsPaused,
            at: now
        )
    }
    func pipelines() async throws(MartletError) -> [PipelineRecord] {
        calls.add()
        return try await inner.pipelines()
    }
    func versions(of pipeline: PipelineID) async throws(MartletError) -> [PipelineVersion] {
        calls.add()
        return try await inner.versions(of: pipeline)
    }
    func setPaused(_ pipeline: PipelineID, _ isPaused: Bool, note: String?) async throws(MartletError) {
        calls.add()
        return try await inner.setPaused(pipeline, isPaused, note: note)
    }
    func forget(_ pipeline: PipelineID) async throws(MartletError) {
        calls.add()
        return try await inner.forget(pipeline)
    }
    func lastRun(
        of pipeline: PipelineID,
        kinds: Set<RunKind>,
        before: Timestamp?
    ) async throws(MartletError) -> RunSummary? {
        calls.add()
        return try await inner.lastRun(of: pipeline, kinds: kinds, before: before)
    }
    func run(of pipeline: PipelineID, for logicalDate: Timestamp) async throws(MartletError) -> RunSummary? {
        calls.add()
        return try await inner.run(of: pipeline, for: logicalDate)
    }
    func runs(of pipeline: PipelineID, from: Timestamp, through: Timestamp) async throws(MartletError) -> [RunSummary] {
        calls.add()
        return try await inner.runs(of: pipeline, from: from, through: through)
    }
    func unfinishedRuns() async throws(MartletError) -> [RunSummary] {
        calls.add()
        return try await inner.unfinishedRuns()
    }
    func endedRuns(of pipeline: PipelineID, limit: Int) async throws(MartletError) -> [RunSummary] {
        calls.add()
        return try await inner.endedRuns(of: pipeline, limit: limit)
    }
    func datasetEvents(after position: Int, limit: Int) async throws(MartletError) -> [DatasetEvent] {
        calls.add()
        return try await inner.datasetEvents(after: position, limit: limit)
    }
    func lastEvent(of dataset: DatasetID) async throws(MartletError) -> DatasetEvent? {
        calls.add()
        return try await inner.lastEvent(of: dataset)
    }
    func datasetsTaken(by pipeline: PipelineID) async throws(MartletError) -> Int? {
        calls.add()
        return try await inner.datasetsTaken(by: pipeline)
    }
    func addDatasetEvent(
        _ dataset: DatasetID,
        partition: String?,
        at now: Timestamp
    ) async throws(MartletError) -> DatasetEvent {
        calls.add()
        return try await inner.addDatasetEvent(dataset, partition: partition, at: now)
    }
    func add(_ backfill: BackfillRecord) async throws(MartletError) {
        calls.add()
        return try await inner.add(backfill)
    }
    func backfills(unfinishedOnly: Bool, limit: Int) async throws(MartletError) -> [BackfillRecord] {
        calls.add()
        return try await inner.backfills(unfinishedOnly: unfinishedOnly, limit: limit)
    }
    func backfill(_ id: String) async throws(MartletError) -> BackfillRecord? {
        calls.add()
        return try await inner.backfill(id)
    }
    func update(backfill id: String, state: BackfillState, runs: [Int: RunID]) async throws(MartletError) {
        calls.add()
        return try await inner.update(backfill: id, state: state, runs: runs)
    }
    func submit(_ request: OperatorRequest, by: String, at now: Timestamp) async throws(MartletError) -> Int {
        calls.add()
        return try await inner.submit(request, by: by, at: now)
    }
    func openRequests() async throws(MartletError) -> [RecordedRequest] {
        calls.add()
        return try await inner.openRequests()
    }
    func requests(limit: Int) async throws(MartletError) -> [RecordedRequest] {
        calls.add()
        return try await inner.requests(limit: limit)
    }
    func request(_ id: Int) async throws(MartletError) -> RecordedRequest? {
        calls.add()
        return try await inner.request(id)
    }
    func answer(
        request id: Int,
        with answer: Result<JSONValue, MartletError>,
        at now: Timestamp
    ) async throws(MartletError) {
        calls.add()
        return try await inner.answer(request: id, with: answer, at: now)
    }
    func changeCounter() async throws(MartletError) -> Int {
        calls.add()
        return try await inner.changeCounter()
    }
}
