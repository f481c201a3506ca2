/// Keeps what the scheduler knows beside the logs of runs: pipelines and their versions, requests of operators,
/// backfills, writings of datasets.
///
/// Each call is one transaction, durable when it returns. Everything here that follows from runs (which dates have one,
/// which writings of datasets were taken) is projected from their logs in the transaction that appends to them, so that
/// no crash can make the two disagree.
public protocol ProjectStore: Sendable {
    // MARK: Pipelines

    /// Makes `hash`, under which the manifest has been kept, the newest version of `pipeline`; one that already is the
    /// newest only updates where it was read from. A pipeline seen for the first time is paused if `startsPaused` says so.
    /// Going back to an older manifest is a new version too.
    func register(
        _ pipeline: PipelineID,
        hash: String,
        source: String,
        program: String?,
        startsPaused: Bool,
        at now: Timestamp
    ) async throws(MartletError) -> PipelineRecord

    /// All pipelines, by name.
    func pipelines() async throws(MartletError) -> [PipelineRecord]

    /// The versions of a pipeline, oldest first.
    func versions(of pipeline: PipelineID) async throws(MartletError) -> [PipelineVersion]

    /// Pauses a pipeline, or lets it go on.
    ///
    /// - Throws: ``MartletError`` MT2022 when there is no such pipeline.
    func setPaused(_ pipeline: PipelineID, _ isPaused: Bool, note: String?) async throws(MartletError)

    /// Forgets a pipeline and its versions; its runs and their manifests stay.
    func forget(_ pipeline: PipelineID) async throws(MartletError)

    // MARK: Runs by their dates

    /// The run of `pipeline` with the greatest logical date, of one of `kinds`; with a date less than `before`, if given.
    func lastRun(
        of pipeline: PipelineID,
        kinds: Set<RunKind>,
        before: Timestamp?
    ) async throws(MartletError) -> RunSummary?

    /// The run of `pipeline` for `logicalDate`.
    func run(of pipeline: PipelineID, for logicalDate: Timestamp) async throws(MartletError) -> RunSummary?

    /// The runs of `pipeline` with logical dates from `from` through `through`, by date.
    func runs(
        of pipeline: PipelineID,
        from: Timestamp,
        through: Timestamp
    ) async throws(MartletError) -> [RunSummary]

    /// Every run that has not ended, oldest first.
    func unfinishedRuns() async throws(MartletError) -> [RunSummary]

    /// The last `limit` ended runs of `pipeline`, by when they were created, newest first.
    func endedRuns(of pipeline: PipelineID, limit: Int) async throws(MartletError) -> [RunSummary]

    // MARK: Datasets

    /// Writings of datasets after the place `position`, oldest first, at most `limit`.
    func datasetEvents(after position: Int, limit: Int) async throws(MartletError) -> [DatasetEvent]

    /// The last writing of `dataset`; nil when it never was.
    func lastEvent(of dataset: DatasetID) async throws(MartletError) -> DatasetEvent?

    /// The greatest place of a writing that a run of `pipeline` has taken; nil when none has.
    func datasetsTaken(by pipeline: PipelineID) async throws(MartletError) -> Int?

    /// Records a writing from outside; returns it with its place.
    func addDatasetEvent(
        _ dataset: DatasetID,
        partition: String?,
        at now: Timestamp
    ) async throws(MartletError) -> DatasetEvent

    // MARK: Backfills

    /// Keeps a new backfill.
    ///
    /// - Throws: ``MartletError`` MT8009 when there is one with its id.
    func add(_ backfill: BackfillRecord) async throws(MartletError)

    /// Backfills, newest first: all, or those that are running or paused.
    func backfills(unfinishedOnly: Bool, limit: Int) async throws(MartletError) -> [BackfillRecord]

    /// The backfill with this id, or nil.
    func backfill(_ id: String) async throws(MartletError) -> BackfillRecord?

    /// Sets where a backfill stands, and the runs that its dates have got since, by their places.
    ///
    /// A run that is created for a backfill and a place in it is known without that.
    ///
    /// - Throws: ``MartletError`` MT8008 when there is no such backfill.
    func update(
        backfill id: String,
        state: BackfillState,
        runs: [Int: RunID]
    ) async throws(MartletError)

    // MARK: Requests of operators

    /// Keeps a request for the scheduler; returns its number.
    func submit(_ request: OperatorRequest, by: String, at now: Timestamp) async throws(MartletError) -> Int

    /// Requests without an answer, oldest first.
    func openRequests() async throws(MartletError) -> [RecordedRequest]

    /// The last `limit` requests, answered or not, oldest first.
    func requests(limit: Int) async throws(MartletError) -> [RecordedRequest]

    /// The request with this number; nil when there never was one, or it was answered long ago and dropped.
    func request(_ id: Int) async throws(MartletError) -> RecordedRequest?

    /// Answers a request; one that has an answer keeps it.
    ///
    /// - Throws: ``MartletError`` MT8008 when there is no such request.
    func answer(
        request id: Int,
        with answer: Result<JSONValue, MartletError>,
        at now: Timestamp
    ) async throws(MartletError)

    /// A number that changes whenever another process has written, or this store itself; cheap to ask.
    ///
    /// Only whether it changed means something, and only while this store is open.
    func changeCounter() async throws(MartletError) -> Int
}
