import Foundation
import Glibc
import MartletCore
import MartletSpark

/// What `martlet spark sql` does on a server.
struct SparkSQLRun: Sendable {
    private let statements: [SparkSQLScript.Statement]
    private let arguments: SparkArguments
    private let explain: SparkExplainMode?
    private let output: TableOutput?
    private let limit: Int
    private let isJSON: Bool
    private let view: SparkView

    /// Statements, and what becomes of the rows of the last.
    ///
    /// - Throws: ``MartletError`` MT1019 for parameters without a value, MT1005 for a file that no format writes, MT2401
    ///   for SQL without a statement.
    init(
        _ text: String,
        parameters: [String],
        explain: SparkExplainMode?,
        output path: String?,
        limit: Int,
        json: Bool,
        view: SparkView
    ) throws {
        statements = SparkSQLScript(text).statements
        if statements.isEmpty {
            throw MartletError(.sqlInvalid, "there is no statement in the SQL", remedy: "write a SELECT")
        }
        var values: [String: SparkValue] = [:]
        for parameter in parameters {
            guard let (name, value) = SparkPlaceOptions.pair(parameter) else {
                throw MartletError(
                    .commandLineInvalid,
                    "--arg \(parameter.prefix(100)) has no value",
                    remedy: "write --arg day=2026-01-01"
                )
            }
            values[name] = Self.value(value)
        }
        arguments = values.isEmpty ? .none : .named(values)
        self.explain = explain
        output = try path.map { path throws(MartletError) in
            guard let format = DatasetFormat(fileName: path) else {
                throw MartletError(
                    .valueInvalid,
                    "the rows cannot be written to \(path)",
                    reason: "its ending names no format",
                    remedy: "end it in .parquet, .csv or .jsonl"
                )
            }
            return TableOutput(name: "rows", path: path, format: format)
        }
        self.limit = max(0, limit)
        isJSON = json
        self.view = view
    }

    /// A whole number, a number, a truth value or null as such, in quotes or else as text.
    static func value(_ text: String) -> SparkValue {
        if let number = Int64(text) { return .long(number) }
        if let number = Double(text), number.isFinite { return .double(number) }
        switch text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "null": return .null(.null)
        default: break
        }
        if text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\""),
            let string = try? JSONText.decode(String.self, from: Data(text.utf8))
        {
            return .string(string)
        }
        return .string(text)
    }

    /// Runs the statements.
    ///
    /// - Throws: `SparkError`; ``MartletError``; `CancellationError`.
    func run(on url: SparkURL, _ work: SparkWork) async throws {
        try await SparkServerSession.with(url, work.sessionConfiguration, tag: work.name) { client in
            for statement in statements.dropLast() {
                try await client.execute(sql: statement.text, arguments: arguments).finish()
            }
            guard let last = statements.last else { return }
            if let explain {
                let plan = try await client.explain(.sql(last.text, arguments: arguments), mode: explain)
                return show(plan.trimmingCharacters(in: .newlines))
            }
            // A query need not be read by the server first, as a command must.
            let execution =
                last.isQuery
                ? try client.execute(SparkRelation.sql(last.text, arguments: arguments))
                : try client.execute(sql: last.text, arguments: arguments)
            if let output {
                let rows = try await SparkFile(output, observer: view).write(execution)
                view.end()
                if isJSON {
                    Output.result(
                        JSONValue.object(["path": .string(output.path), "rows": .integer(rows)]).jsonText
                    )
                } else {
                    Output.talk("\(LakeText.count(rows, "row")) written to \(DisplayText.line(output.path))")
                }
            } else {
                try await print(execution)
            }
        }
    }

    private func show(_ text: String) {
        view.end()
        Output.result(isJSON ? JSONValue.object(["plan": .string(text)]).jsonText : text)
    }

    private func print(_ execution: SparkExecution) async throws {
        let formatter = ArrowFormatter()
        var table: ArrowTextTable?
        var schema: ArrowSchema?
        for try await event in execution {
            switch event {
            case .progress(let progress):
                view.progresses(Int(progress.completedTasks), of: Int(progress.tasks), stage: "running")
            case .batch(let data):
                let stream = try data.decoded(schema)
                schema = stream.schema
                view.end()
                for batch in stream.batches {
                    if isJSON {
                        var bytes: [UInt8] = []
                        formatter.appendJSONLines(batch, to: &bytes)
                        _ = bytes.withUnsafeBytes { Output.write($0, to: STDOUT_FILENO) }
                    } else {
                        var shown = table ?? ArrowTextTable(stream.schema, maximumRows: limit, formatter: formatter)
                        try shown.add(batch)
                        table = shown
                    }
                }
            default: break
            }
        }
        guard let table, !isJSON else { return }
        for line in table.lines(width: Output.width ?? 10_000) { Output.result(line) }
        if table.hiddenRows > 0 {
            Output.talk("\(LakeText.count(table.hiddenRows, "row")) more; --limit shows them, -o writes them to a file")
        }
    }
}
