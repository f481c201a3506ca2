public import MartletCore

extension InMemoryRunStore: ProjectStore {
    /// Makes `hash` the newest version of `pipeline`, whose first one pauses it if `startsPaused` says so.
    public func register(
        _ pipeline: PipelineID,
        hash: String,
        source: String,
        program: String?,
        startsPaused: Bool,
        at now: Timestamp
    ) async throws(MartletError) -> PipelineRecord {
        try change { state throws(MartletError) in
            _ = try state.manifest(hash, of: "pipeline \(pipeline)")
            var record =
                state.pipelines[pipeline]
                ?? PipelineRecord(
                    pipeline: pipeline,
                    version: 0,
                    manifestHash: "",
                    source: source,
                    isPaused: startsPaused,
                    registeredAt: now,
                    versionAt: now,
                    datasetsFrom: state.datasetEvents.count
                )
            (record.source, record.program) = (source, program)
            if record.manifestHash != hash {
                record.version += 1
                (record.manifestHash, record.versionAt) = (hash, now)
                let version = PipelineVersion(pipeline: pipeline, number: record.version, manifestHash: hash, at: now)
                state.versions[pipeline, default: []].append(version)
            }
            state.pipelines[pipeline] = record
            return record
        }
    }

    /// All pipelines, by name.
    public func pipelines() async throws(MartletError) -> [PipelineRecord] {
        try look { state throws(MartletError) in state.pipelines.values.sorted { $0.pipeline < $1.pipeline } }
    }

    /// The versions of a pipeline, oldest first.
    public func versions(of pipeline: PipelineID) async throws(MartletError) -> [PipelineVersion] {
        try look { state throws(MartletError) in state.versions[pipeline] ?? [] }
    }

    /// Pauses a pipeline, or lets it go on.
    public func setPaused(_ pipeline: PipelineID, _ isPaused: Bool, note: String?) async throws(MartletError) {
        try change { state throws(MartletError) in
            guard state.pipelines[pipeline] != nil else {
                throw MartletError(.pipelineUnregistered, "the scheduler knows no pipeline \(pipeline)")
            }
            state.pipelines[pipeline]?.isPaused = isPaused
            state.pipelines[pipeline]?.pauseNote = isPaused ? note : nil
        }
    }

    /// Forgets a pipeline and its versions.
    public func forget(_ pipeline: PipelineID) async throws(MartletError) {
        try change { state throws(MartletError) in
            state.pipelines[pipeline] = nil
            state.versions[pipeline] = nil
        }
    }

    /// The run with the greatest logical date, of one of `kinds`; with a date less than `before`, if given.
    public func lastRun(
        of pipeline: PipelineID,
        kinds: Set<RunKind>,
        before: Timestamp?
    ) async throws(MartletError) -> RunSummary? {
        try dated(pipeline).last { run, date in
            kinds.contains(run.occasion.kind) && (before.map { date < $0 } ?? true)
        }?.run
    }

    /// The run of `pipeline` for `logicalDate`.
    public func run(of pipeline: PipelineID, for logicalDate: Timestamp) async throws(MartletError) -> RunSummary? {
        try look { state throws(MartletError) in state.run(of: pipeline, for: logicalDate) }
    }

    /// The runs of `pipeline` with logical dates from `from` through `through`, by date.
    public func runs(
        of pipeline: PipelineID,
        from: Timestamp,
        through: Timestamp
    ) async throws(MartletError) -> [RunSummary] {
        try dated(pipeline).filter { from <= $0.date && $0.date <= through }.map(\.run)
    }

    /// Every run that has not ended, oldest first.
    public func unfinishedRuns() async throws(MartletError) -> [RunSummary] {
        let states = Set(RunState.allCases.filter { !$0.isTerminal })
        return try await runs(RunFilter(states: states, limit: .max)).reversed()
    }

    /// The last `limit` ended runs of `pipeline`, those created last first.
    public func endedRuns(of pipeline: PipelineID, limit: Int) async throws(MartletError) -> [RunSummary] {
        let states = Set(RunState.allCases.filter(\.isTerminal))
        return try await runs(RunFilter(pipeline: pipeline, states: states, limit: limit))
    }

    /// Writings of datasets after the place `position`, oldest first, at most `limit`.
    public func datasetEvents(after position: Int, limit: Int) async throws(MartletError) -> [DatasetEvent] {
        try look { state throws(MartletError) in
            Array(state.datasetEvents.dropFirst(max(0, position)).prefix(max(0, limit)))
        }
    }

    /// The last writing of `dataset`; nil when it never was.
    public func lastEvent(of dataset: DatasetID) async throws(MartletError) -> DatasetEvent? {
        try look { state throws(MartletError) in state.datasetEvents.last { $0.dataset == dataset } }
    }

    /// The greatest place of a writing that a run of `pipeline` has taken; nil when none has.
    public func datasetsTaken(by pipeline: PipelineID) async throws(MartletError) -> Int? {
        try look { state throws(MartletError) in state.datasetsTaken[pipeline] }
    }

    /// Records a writing from outside; returns it with its place.
    public func addDatasetEvent(
        _ dataset: DatasetID,
        partition: String?,
        at now: Timestamp
    ) async throws(MartletError) -> DatasetEvent {
        try change { state throws(MartletError) in
            let position = state.datasetEvents.count + 1
            let event = DatasetEvent(position: position, dataset: dataset, at: now, partition: partition)
            state.datasetEvents.append(event)
            return event
        }
    }

    private func dated(_ pipeline: PipelineID) throws(MartletError) -> [(run: RunSummary, date: Timestamp)] {
        let runs = try look { state throws(MartletError) in state.projections.values.map(\.run) }
        return runs.filter { $0.pipeline == pipeline }
            .compactMap { run in run.occasion.logicalDate.map { (run, $0) } }
            .sorted { $0.1 < $1.1 }
    }
}
