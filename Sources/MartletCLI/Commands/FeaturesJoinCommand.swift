import ArgumentParser
import Foundation
import MartletCore
import MartletDuckDB
import MartletRuntime
import MartletStreams

/// `martlet features join`.
struct FeaturesJoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Give each entity the features that were known at its time (point-in-time join).",
        discussion: """
            Each row of --entities gets the newest row of --features with the same key
            whose time is not after it, and not older than --ttl. With a knowledge
            time, a row counts only from when it was known, so that corrections made
            later do not leak into the past. Every entity comes out once, in order.

              martlet features join --entities flights.parquet --time scheduled_at \\
                --features delays.parquet --definition streams/delays.yaml --to train.parquet
              martlet features join --entities e.csv --time at --features f.csv \\
                --key user --feature-time seen_at --known-time loaded_at --ttl 7d --to out.csv

            With --definition, the key, the time (window_end) and when a window's
            result was known (after disorder and lateness) follow from the definition
            of the stream that made the features.
            """
    )

    @Option(help: ArgumentHelp("The rows to be given features.", valueName: "file"))
    var entities: String

    @Option(help: ArgumentHelp("The column with the time of each of them.", valueName: "column"))
    var time: String

    @Option(help: ArgumentHelp("The features.", valueName: "file"))
    var features: String

    @Option(help: ArgumentHelp("The definition of the stream that made the features.", valueName: "file"))
    var definition: String?

    @Option(help: ArgumentHelp("A column of the key, in both; may come more than once.", valueName: "column"))
    var key: [String] = []

    @Option(help: ArgumentHelp("The column with the time of the features; window_end by default.", valueName: "column"))
    var featureTime: String?

    @Option(help: ArgumentHelp("The column that says when a feature was known.", valueName: "column"))
    var knownTime: String?

    @Option(help: ArgumentHelp("How old features may be, as in 7d.", valueName: "duration"))
    var ttl: String?

    @Option(help: ArgumentHelp("How long before its time an entity is looked at, as in 1h.", valueName: "duration"))
    var lag: String?

    @Option(help: ArgumentHelp("Where the rows go: a Parquet, CSV or JSON lines file.", valueName: "file"))
    var to: String

    @Flag(help: "Print one JSON object when it is done.")
    var json = false

    func run() async throws {
        let view = try view()
        let output = try CurrentFolder.resolve(to)
        let entityInput = TableInput(name: "entities", path: try CurrentFolder.resolve(entities))
        let featureInput = TableInput(name: "features", path: try CurrentFolder.resolve(features))
        let known = try await columns(of: featureInput)
        let present = try await columns(of: entityInput)
        for (name, list, file) in [(time, present, entities), (view.eventTime, known, features)]
            + view.key.flatMap({ [($0, present, entities), ($0, known, features)] })
            + (view.knownTime.map { [($0, known, features)] } ?? [])
        where !list.contains(name) {
            throw MartletError(
                .commandLineInvalid,
                "\(file) has no column \(name)",
                remedy: NearestName.of(name, among: list).map { "did you mean \($0)?" }
                    ?? "its columns are \(list.prefix(20).joined(separator: ", "))"
            )
        }
        let used = Set(view.key + [view.eventTime] + (view.knownTime.map { [$0] } ?? []))
        let sql = PointInTimeSQL(
            entities: "entities",
            entityTime: time,
            features: view.relation,
            key: view.key,
            eventTime: view.eventTime,
            knownTime: view.knownTime ?? view.madeKnownTime,
            columns: known.filter { !used.contains($0) },
            join: view.join
        )
        let rows = try await TableReading.run {
            let session = try await DuckDBTables.forCommand.open(
                .query(sql.text, inputs: [entityInput, featureInput]),
                settings: SQLTransform.Settings()
            )
            return try await session.write(
                "SELECT * FROM \(session.relation)",
                to: TableOutput(name: "rows", path: output, format: Self.format(to))
            )
        }
        if json {
            Output.result(JSONValue.object(["rows": .integer(rows), "path": .string(output)]).jsonText)
        } else {
            Output.talk("wrote \(LakeText.count(rows, "row")) to \(to)")
        }
    }

    /// What is known of the features.
    private struct View {
        var key: [String]
        var eventTime: String
        var knownTime: String?
        var join: PointInTimeJoin
        /// How long after its time a row was known, in microseconds; nil when a column says so, or nobody.
        var delay: Int64?

        var madeKnownTime: String? { delay == nil ? nil : "__known_at" }

        var relation: String {
            guard let delay else { return "features" }
            return "(SELECT *, \(EventFile.quoted(eventTime)) + to_microseconds(\(delay)) AS __known_at FROM features)"
        }
    }

    private func view() throws -> View {
        let join = PointInTimeJoin(timeToLive: try span(ttl, "--ttl"), lag: try span(lag, "--lag"))
        var view = View(key: key, eventTime: featureTime ?? "window_end", knownTime: knownTime, join: join)
        if let definition {
            let read = try StreamFile.read(try CurrentFolder.resolve(definition), shownAs: definition)
            let feature = FeatureView(name: read.name, definition: read)
            _ = try feature.plan()
            if view.key.isEmpty { view.key = read.key }
            let pane = Pane(
                key: [],
                window: StreamWindow(start: 0, end: 0),
                values: [],
                timing: .onTime,
                index: 0,
                isLast: true
            )
            if knownTime == nil { view.delay = feature.value(of: pane).knownTime }
        }
        if view.key.isEmpty {
            throw MartletError(
                .commandLineInvalid,
                "nothing says by which columns entities and features belong together",
                remedy: "add --key COLUMN, or --definition FILE"
            )
        }
        return view
    }

    private func columns(of input: TableInput) async throws -> [String] {
        try await TableReading.run {
            try await DuckDBTables.forCommand.open(.files(input), settings: SQLTransform.Settings()).columns.map(\.name)
        }
    }

    private func span(_ text: String?, _ option: String) throws(MartletError) -> EventSpan {
        guard let text else { return .zero }
        do {
            return EventSpan(try Duration(text: text))
        } catch {
            throw MartletError(.commandLineInvalid, "\(option): \(error)", remedy: "write 30m, 12h or 7d")
        }
    }

    private static func format(_ path: String) throws(MartletError) -> DatasetFormat {
        let endings: [(String, DatasetFormat)] = [
            (".parquet", .parquet), (".csv", .csv), (".jsonl", .jsonl), (".ndjson", .jsonl),
        ]
        if let found = endings.first(where: { path.hasSuffix($0.0) }) { return found.1 }
        throw MartletError(
            .commandLineInvalid,
            "the ending of \(path) does not say in which format",
            remedy: "let it end in .parquet, .csv or .jsonl"
        )
    }
}
