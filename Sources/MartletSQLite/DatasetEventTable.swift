import GRDB
import MartletCore

/// The writings of datasets.
struct DatasetEventTable {
    let db: Database

    private static let columns = "position, dataset, at_us, run_id, step_id, path, partition"

    /// Writings after the place `position`, oldest first, at most `limit`.
    func events(after position: Int, limit: Int) throws -> [DatasetEvent] {
        let sql = "SELECT \(Self.columns) FROM dataset_events WHERE position > ? ORDER BY position LIMIT ?"
        return try db.all(sql, [position, max(0, limit)], event)
    }

    /// The last writing of `dataset`.
    func last(of dataset: DatasetID) throws -> DatasetEvent? {
        let sql = "SELECT \(Self.columns) FROM dataset_events WHERE dataset = ? ORDER BY position DESC LIMIT 1"
        return try db.all(sql, [dataset.rawValue], event).first
    }

    /// The place of the last writing of all; 0 when there is none.
    func lastPosition() throws -> Int {
        try db.all("SELECT max(position) FROM dataset_events") { $0[0] as Int? }.first.flatMap { $0 } ?? 0
    }

    /// The greatest place of a writing that a run of `pipeline` has taken.
    func taken(by pipeline: PipelineID) throws -> Int? {
        let sql = """
            SELECT datasets_to FROM runs WHERE pipeline = ? AND datasets_to IS NOT NULL
            ORDER BY datasets_to DESC LIMIT 1
            """
        return try db.all(sql, [pipeline.rawValue]) { $0[0] as Int }.first
    }

    /// Notes that `run` takes `events`.
    func take(_ events: [DatasetEvent], by run: RunID) throws {
        guard let last = events.map(\.position).max() else { return }
        try db.run(
            "UPDATE runs SET datasets_to = max(coalesce(datasets_to, 0), ?) WHERE id = ?",
            [last, run.rawValue]
        )
    }

    /// Records what an attempt wrote that made its step succeed; what went into the lake others see when it is
    /// published, and not before.
    func add(_ finished: AttemptFinished, of run: RunSummary, at now: Timestamp) throws {
        guard finished.state == .success else { return }
        for output in finished.outcome.outputs where output.commit == nil {
            try add(
                output.dataset,
                run: run.id,
                step: finished.step,
                path: output.path,
                partition: run.occasion.partition,
                at: now
            )
        }
    }

    /// Records what a run has published.
    func add(_ publication: Publication, of run: RunSummary, at now: Timestamp) throws {
        for writing in publication.datasets {
            try add(
                writing.dataset,
                run: run.id,
                step: InstanceID(writing.step),
                path: writing.path,
                partition: run.occasion.partition,
                at: now
            )
        }
    }

    /// Records one writing and returns it with its place.
    @discardableResult
    func add(
        _ dataset: DatasetID,
        run: RunID? = nil,
        step: InstanceID? = nil,
        path: String? = nil,
        partition: String?,
        at now: Timestamp
    ) throws -> DatasetEvent {
        try db.run(
            "INSERT INTO dataset_events (dataset, at_us, run_id, step_id, path, partition) VALUES (\(placeholders(6)))",
            [
                dataset.rawValue, now.microseconds, run?.rawValue, step?.description, column(path), column(partition),
            ]
        )
        let position = Int(db.lastInsertedRowID)
        return DatasetEvent(
            position: position,
            dataset: dataset,
            at: now,
            run: run,
            step: step,
            path: path,
            partition: partition
        )
    }

    private func event(_ row: Row) throws -> DatasetEvent {
        let (run, step): (String?, String?) = (row[3], row[4])
        return DatasetEvent(
            position: row[0],
            dataset: DatasetID(trusted: row[1]),
            at: Timestamp(microseconds: row[2]),
            run: run.map(RunID.init(trusted:)),
            step: try step.map(StepRow.instance),
            path: row[5],
            partition: row[6]
        )
    }
}
