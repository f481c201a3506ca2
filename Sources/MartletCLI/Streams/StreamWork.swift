import Foundation
import MartletCore
import MartletDuckDB
import MartletKafka
import MartletRuntime
import MartletSQLite
import MartletStreams

/// Runs a stream from where its records are to where its results go: behind `martlet stream run` and stream steps.
struct StreamWork {
    /// What is done.
    let action: StreamAction
    /// Under which name the stream's place is kept: in the results, and as the consumer group.
    let name: String
    /// The project.
    let workspace: Workspace
    /// Relative paths start here.
    let folder: String
    /// The formats of files whose names do not tell them: a step's outputs.
    var formats: [String: DatasetFormat] = [:]
    /// Is told how it goes.
    let observer: any StreamWorkObserver

    /// How a stream ended.
    struct Summary {
        var records: Int64
        var results: Int64
        var rejected: [String: Int64]
        /// How many records are left to read, as far as is known.
        var lag: Int64 = 0
        /// Whether there was nothing left to read.
        var isAtEnd: Bool
    }

    private var timer: StreamTimer { StreamTimer(clock: ContinuousClock(), wallTime: SystemTime()) }

    /// Runs until the end of the input, or until the task is cancelled, which commits what is done.
    ///
    /// - Throws: ``MartletError`` of places that do not fit, of the cluster, of the engine and of the results.
    func run() async throws -> Summary {
        let from = try StreamAction.Place(action.from)
        let to = try StreamAction.Place(action.to)
        guard let definition = action.definition else { return try await trigger(from, to) }
        let plan = try StreamPlan(definition)
        switch from {
        case .sqlite: throw mismatch("a stream cannot read from SQLite", "read a topic or a file")
        case .file(let path): return try await backfill(plan, path, to)
        case .topic(let topic): return try await live(plan, topic, to)
        }
    }

    // MARK: - Topics

    private func live(_ plan: StreamPlan, _ topic: String, _ to: StreamAction.Place) async throws -> Summary {
        if case .file = to, action.until == .forever {
            throw mismatch("a file is only there when the stream ends", "say until end, or write to SQLite or a topic")
        }
        return try await withCluster { cluster in
            let client = try cluster.client()
            return try await output(plan, to, input: topic, client) { store in
                let options = StreamRunnerOptions(
                    group: name,
                    start: action.start == .earliest ? .earliest : .latest,
                    until: action.until == .end ? .end : .forever,
                    closesWindows: action.closesWindows ?? false,
                    commitInterval: action.commitInterval.map { .microseconds($0.microseconds) } ?? .seconds(1)
                )
                let runner = StreamRunner(
                    plan: plan,
                    topic: topic,
                    client: client,
                    store: store,
                    options: options,
                    timer: timer,
                    observer: observer
                )
                let done = try await runner.run()
                return Summary(
                    records: done.status.counters.records,
                    results: done.status.written,
                    rejected: done.status.rejected,
                    lag: done.status.lag,
                    isAtEnd: done.ending == .finished
                )
            }
        }
    }

    /// Works with the cluster of this stream.
    func withCluster<Result>(_ body: (StreamCluster) async throws -> Result) async throws -> Result {
        let cluster = try await StreamCluster.open(action.broker, in: workspace)
        do {
            let result = try await body(cluster)
            await cluster.close()
            return result
        } catch {
            await cluster.close()
            if let error = error as? StreamError { throw error.failure }
            throw error
        }
    }

    // MARK: - Files

    private func backfill(_ plan: StreamPlan, _ path: String, _ to: StreamAction.Place) async throws -> Summary {
        let full = absolute(path)
        if plan.definition.source.timeField == nil {
            throw MartletError(
                .streamDefinitionInvalid,
                "stream \(plan.definition.name) has no time field, and rows of a file have no other time",
                remedy: "add time: to its source, with the column that says when"
            )
        }
        let table = try await TableReading.run {
            try await DuckDBTables.forCommand.open(
                .files(TableInput(name: "data", path: full)),
                settings: SQLTransform.Settings()
            )
        }
        let rows = try TableBatches(table, plan.definition.source, shownAs: path)
        let observer = observer
        return try await output(plan, to, input: path, nil) { store in
            var batches = rows.makeAsyncIterator()
            var records: Int64 = 0
            let done = try await StreamBackfill(plan: plan, store: store, timer: timer).run(topic: path) {
                () async throws(MartletError) -> StreamBatch? in
                do {
                    let batch = try await batches.next()
                    records += Int64(batch?.count ?? 0)
                    observer.reads(records)
                    return batch
                } catch {
                    throw error as? MartletError
                        ?? MartletError(.internalFault, "\(path) cannot be read", cause: String(describing: error))
                }
            }
            return Summary(
                records: done.counters.records,
                results: Int64(done.written),
                rejected: done.rejected > 0 ? ["rejected": Int64(done.rejected)] : [:],
                isAtEnd: true
            )
        }
    }

    // MARK: - Results

    /// Works with the store that a place stands for.
    private func output(
        _ plan: StreamPlan,
        _ place: StreamAction.Place,
        input: String,
        _ client: KafkaStreamClient?,
        _ body: (any StreamResultStore) async throws -> Summary
    ) async throws -> Summary {
        switch place {
        case .sqlite(let file, let table):
            return try await body(sqlite(plan, file, table))
        case .topic(let topic):
            guard let client else { throw mismatch("a file's results go to a file or SQLite", "write to one of them") }
            let states = "\(EmbeddedLog.folder(workspace.layout))-state/\(FileName.safe(name))"
            try FileSystem.makeFolder(states)
            return try await body(
                TopicResultStore(
                    client: client,
                    input: input,
                    output: topic,
                    group: name,
                    transactionalID: "martlet-stream-\(name)",
                    shape: ResultShape(plan),
                    folder: states,
                    writer: UUID().uuidString.replacing("-", with: ""),
                    timer: timer
                )
            )
        case .file("-"):
            return try await body(FileResultStore(path: "-", plan: plan))
        case .file(let path):
            let full = absolute(path)
            let format = formats[full] ?? (path.hasSuffix(".parquet") ? .parquet : nil)
            switch format {
            case nil: return try await body(FileResultStore(path: full, plan: plan))
            case .parquet: return try await parquet(plan, full, body)
            case let known?: return try await renamed(plan, full, known, body)
            }
        }
    }

    /// Writes a file whose name does not tell its format.
    private func renamed(
        _ plan: StreamPlan,
        _ path: String,
        _ format: DatasetFormat,
        _ body: (any StreamResultStore) async throws -> Summary
    ) async throws -> Summary {
        let named = "\(path).\(UUID().uuidString.prefix(8)).\(format.rawValue)"
        let summary = try await body(FileResultStore(path: named, plan: plan))
        try FileSystem.move(named, to: path)
        // Records put aside have no place among a step's outputs; they are counted.
        try? FileManager.default.removeItem(atPath: "\(named).rejected.jsonl")
        return summary
    }

    private func sqlite(_ plan: StreamPlan, _ file: String, _ table: String?) -> SQLiteResultStore {
        let shape = ResultShape(plan)
        let called = table ?? plan.definition.name
        let columns =
            shape.hasWindows
            ? SQLiteResultStore.Table(called, key: shape.key, values: shape.values, windowText: shape.windowText)
            : SQLiteResultStore.Table(called, records: shape.values)
        return SQLiteResultStore(path: absolute(file), stream: name, table: columns)
    }

    /// Writes lines, and makes a Parquet file of them at the end.
    private func parquet(
        _ plan: StreamPlan,
        _ path: String,
        _ body: (any StreamResultStore) async throws -> Summary
    ) async throws -> Summary {
        let lines = "\(path).\(UUID().uuidString.prefix(8)).jsonl"
        defer {
            for file in [lines, "\(lines).rejected.jsonl"] { try? FileManager.default.removeItem(atPath: file) }
        }
        let summary = try await body(FileResultStore(path: lines, plan: plan))
        let query = ParquetQuery(ResultShape(plan))
        let session = try await TableReading.run {
            try await DuckDBTables.forCommand.open(
                .query(query.text(reading: lines), inputs: []),
                settings: SQLTransform.Settings()
            )
        }
        _ = try await session.write(
            "SELECT * FROM \(session.relation)",
            to: TableOutput(name: "results", path: path, format: .parquet)
        )
        return summary
    }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(folder)/\(path)" }

    func mismatch(_ what: String, _ remedy: String) -> MartletError {
        MartletError(.valueInvalid, what, remedy: remedy)
    }
}

/// The query that reads lines of results with the types that they have.
struct ParquetQuery {
    let shape: ResultShape

    init(_ shape: ResultShape) { self.shape = shape }

    func text(reading path: String) -> String {
        var columns = shape.key.map { ($0.name, Self.type($0.type)) }
        if shape.hasWindows { columns += [("window_start", "TIMESTAMP"), ("window_end", "TIMESTAMP")] }
        columns += shape.values.map { ($0.name, Self.type($0.type)) }
        let listed = columns.map { "\(Self.literal($0.0)): '\($0.1)'" }.joined(separator: ", ")
        let names = columns.map { EventFile.quoted($0.0) }.joined(separator: ", ")
        return """
            SELECT \(names) FROM read_json(\(Self.literal(path)), format = 'newline_delimited', columns = {\(listed)})
            """
    }

    private static func type(_ type: StreamType) -> String {
        switch type {
        case .integer: "BIGINT"
        case .double: "DOUBLE"
        case .text: "VARCHAR"
        case .boolean: "BOOLEAN"
        case .timestamp: "TIMESTAMP"
        }
    }

    private static func literal(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}

/// Names that any file system takes.
enum FileName {
    /// The letters, digits, dots, hyphens and underscores of a text; others as underscores.
    static func safe(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" })
    }
}

/// Watches a stream on behalf of people or of a run.
protocol StreamWorkObserver: StreamRunObserver, EventTriggerObserver {
    /// Is told how many records of a file have been read.
    func reads(_ records: Int64)
}
