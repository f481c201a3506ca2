import GRDB
public import MartletCore

extension SQLiteRunStore: ProjectStore {
    // MARK: Pipelines

    /// Makes `hash` the newest version of `pipeline`, whose first one pauses it if `startsPaused` says so.
    public func register(
        _ pipeline: PipelineID,
        hash: String,
        source: String,
        program: String?,
        startsPaused: Bool,
        at now: Timestamp
    ) async throws(MartletError) -> PipelineRecord {
        try await write { [errors] db in
            guard try StoreReader(db: db).hasManifest(hash) else {
                throw errors.unkept(manifest: hash, of: "pipeline \(pipeline)")
            }
            let table = PipelineTable(db: db)
            var record =
                try table.record(of: pipeline)
                ?? PipelineRecord(
                    pipeline: pipeline,
                    version: 0,
                    manifestHash: "",
                    source: source,
                    isPaused: startsPaused,
                    registeredAt: now,
                    versionAt: now,
                    datasetsFrom: try DatasetEventTable(db: db).lastPosition()
                )
            (record.source, record.program) = (source, program)
            if record.manifestHash != hash {
                record.version += 1
                (record.manifestHash, record.versionAt) = (hash, now)
            }
            try table.put(record)
            return record
        }
    }

    /// All pipelines, by name.
    public func pipelines() async throws(MartletError) -> [PipelineRecord] {
        try await read { try PipelineTable(db: $0).all() }
    }

    /// The versions of a pipeline, oldest first.
    public func versions(of pipeline: PipelineID) async throws(MartletError) -> [PipelineVersion] {
        try await read { try PipelineTable(db: $0).versions(of: pipeline) }
    }

    /// Pauses a pipeline, or lets it go on.
    ///
    /// - Throws: ``MartletError`` MT2022 when the scheduler does not know it.
    public func setPaused(_ pipeline: PipelineID, _ isPaused: Bool, note: String?) async throws(MartletError) {
        try await write { [errors] db in
            guard try PipelineTable(db: db).setPaused(pipeline, isPaused, note: note) else {
                throw errors.unknown(pipeline: pipeline)
            }
        }
    }

    /// Forgets a pipeline and its versions; its runs and their manifests stay.
    public func forget(_ pipeline: PipelineID) async throws(MartletError) {
        try await write { try PipelineTable(db: $0).remove(pipeline) }
    }

    // MARK: Runs by their dates

    /// The run with the greatest logical date, of one of `kinds`; with a date less than `before`, if given.
    public func lastRun(
        of pipeline: PipelineID,
        kinds: Set<RunKind>,
        before: Timestamp?
    ) async throws(MartletError) -> RunSummary? {
        try await read { try StoreReader(db: $0).lastRun(of: pipeline, kinds: kinds, before: before) }
    }

    /// The run of `pipeline` for `logicalDate`.
    public func run(of pipeline: PipelineID, for logicalDate: Timestamp) async throws(MartletError) -> RunSummary? {
        try await read { try StoreReader(db: $0).run(of: pipeline, for: logicalDate) }
    }

    /// The runs of `pipeline` with logical dates from `from` through `through`, by date.
    public func runs(
        of pipeline: PipelineID,
        from: Timestamp,
        through: Timestamp
    ) async throws(MartletError) -> [RunSummary] {
        try await read { try StoreReader(db: $0).runs(of: pipeline, from: from, through: through) }
    }

    /// Every run that has not ended, oldest first.
    public func unfinishedRuns() async throws(MartletError) -> [RunSummary] {
        try await read { try StoreReader(db: $0).unfinishedRuns() }
    }

    /// The last `limit` ended runs of `pipeline`, those created last first.
    public func endedRuns(of pipeline: PipelineID, limit: Int) async throws(MartletError) -> [RunSummary] {
        let ended = Set(RunState.allCases.filter(\.isTerminal))
        return try await runs(RunFilter(pipeline: pipeline, states: ended, limit: limit))
    }

    // MARK: Datasets

    /// Writings of datasets after the place `position`, oldest first, at most `limit`.
    public func datasetEvents(after position: Int, limit: Int) async throws(MartletError) -> [DatasetEvent] {
        try await read { try DatasetEventTable(db: $0).events(after: position, limit: limit) }
    }

    /// The last writing of `dataset`; nil when it never was.
    public func lastEvent(of dataset: DatasetID) async throws(MartletError) -> DatasetEvent? {
        try await read { try DatasetEventTable(db: $0).last(of: dataset) }
    }

    /// The greatest place of a writing that a run of `pipeline` has taken; nil when none has.
    public func datasetsTaken(by pipeline: PipelineID) async throws(MartletError) -> Int? {
        try await read { try DatasetEventTable(db: $0).taken(by: pipeline) }
    }

    /// Records a writing from outside; returns it with its place.
    public func addDatasetEvent(
        _ dataset: DatasetID,
        partition: String?,
        at now: Timestamp
    ) async throws(MartletError) -> DatasetEvent {
        try await write { try DatasetEventTable(db: $0).add(dataset, partition: partition, at: now) }
    }
}
