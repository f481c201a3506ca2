/// Keeps the logs of runs, and the tables projected from them.
///
/// The log is the truth. An append is all or nothing and durable when it returns; it carries the sequence the caller
/// believes to be the last, so that two processes can never both extend one run.
public protocol RunStore: Sendable {
    /// Keeps a manifest under its hash; keeping it again changes nothing.
    ///
    /// - Throws: ``MartletError`` MT8001 or MT8004 when it cannot be written.
    func keep(manifest: PipelineManifest, hash: String) async throws(MartletError)

    /// The manifest kept under `hash`, or nil.
    func manifest(hash: String) async throws(MartletError) -> PipelineManifest?

    /// Appends `events`, whose first has the sequence `expected + 1`, to the log of `run`.
    ///
    /// The manifest that a first event names must have been kept, and so must one that a clear names.
    ///
    /// - Throws: ``MartletError`` MT8003 when the log does not end at `expected`, MT2018 when the events create a run for
    ///   a logical date of which the pipeline has one, MT8001 or MT8004 when they cannot be written. Nothing is appended
    ///   then.
    func append(_ events: [RecordedEvent], to run: RunID, expecting expected: Int) async throws(MartletError)

    /// The log of `run` from the beginning; empty when there is no such run.
    func events(of run: RunID) async throws(MartletError) -> [RecordedEvent]

    /// The run and its steps as the log has left them, or nil.
    func projection(of run: RunID) async throws(MartletError) -> RunProjection?

    /// The runs that fit `filter`, newest first.
    func runs(_ filter: RunFilter) async throws(MartletError) -> [RunSummary]

    /// The newest success with this fingerprint that was no reuse itself, or nil.
    func result(for key: ObjectID) async throws(MartletError) -> StepResult?

    /// The newest such success of a step in runs of `pipeline`, or nil.
    func lastResult(of pipeline: PipelineID, step: InstanceID) async throws(MartletError) -> StepResult?

    /// Writes out what is pending and lets go of the store.
    func close() async
}

/// Which runs to list.
public struct RunFilter: Hashable, Sendable {
    /// Only runs of this pipeline; nil allows all.
    public var pipeline: PipelineID?
    /// Only runs in one of these states; nil allows all.
    public var states: Set<RunState>?
    /// Only runs of one of these kinds; nil allows all.
    public var kinds: Set<RunKind>?
    /// Only runs for this logical date or a later one.
    public var from: Timestamp?
    /// Only runs for this logical date or an earlier one.
    public var through: Timestamp?
    /// Only runs whose id starts so.
    public var idPrefix: String?
    /// Most runs listed.
    public var limit: Int

    /// A filter with these conditions, all of which must hold; without any it lists the newest 50 runs.
    public init(
        pipeline: PipelineID? = nil,
        states: Set<RunState>? = nil,
        kinds: Set<RunKind>? = nil,
        from: Timestamp? = nil,
        through: Timestamp? = nil,
        idPrefix: String? = nil,
        limit: Int = 50
    ) {
        self.pipeline = pipeline
        self.states = states
        self.kinds = kinds
        self.from = from
        self.through = through
        self.idPrefix = idPrefix
        self.limit = limit
    }

    /// Whether the conditions hold for `run`.
    public func allows(_ run: RunSummary) -> Bool {
        if let pipeline, run.pipeline != pipeline { return false }
        if let states, !states.contains(run.state) { return false }
        if let kinds, !kinds.contains(run.occasion.kind) { return false }
        if let idPrefix, !run.id.rawValue.hasPrefix(idPrefix) { return false }
        if from == nil, through == nil { return true }
        guard let date = run.occasion.logicalDate else { return false }
        return (from.map { date >= $0 } ?? true) && (through.map { date <= $0 } ?? true)
    }
}
