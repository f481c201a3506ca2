import Foundation
import Glibc
import MartletCore
import MartletRuntime
import MartletSpark

/// SQL of a step on a Spark Connect server: its inputs are views, its outputs are written from its results.
struct SparkScript: Sendable {
    private let work: SparkWork
    private let url: SparkURL
    private let script: SparkSQLScript

    /// The SQL of `work` on the server at `url`.
    init(_ work: SparkWork, on url: SparkURL) {
        self.work = work
        self.url = url
        script = SparkSQLScript(work.action.text ?? "")
    }

    /// Runs the statements in their order and writes the outputs; cancelling the calling task stops what runs there.
    ///
    /// - Throws: `SparkError` as the server says, ``MartletError`` for outputs that cannot be made; `CancellationError`.
    func run() async throws {
        if script.statements.isEmpty {
            throw MartletError(.sqlInvalid, "there is no statement in the SQL", remedy: "write a SELECT")
        }
        try await SparkServerSession.with(url, work.sessionConfiguration, tag: work.name, work.observer) { client in
            for input in work.inputs { try await makeView(of: input, client) }
            try await statements(client)
        }
    }

    private func makeView(of input: TableInput, _ client: SparkClient) async throws {
        do {
            let command = SparkCommand.createView(input.name, of: .read(try Self.source(of: input)))
            _ = try await client.execute(command).finish()
        } catch let error as SparkError where error.errorClass == "PATH_NOT_FOUND" {
            throw MartletError(
                .sqlInputUnreadable,
                "Spark does not find the input \(input.name)",
                reason: "the server looks for \(input.path) on its own machine",
                remedy: "share the project's folder with the server, or run Spark here: on: local[*]"
            )
        }
    }

    /// How Spark reads an input.
    ///
    /// - Throws: ``MartletError`` MT2402 for a file that cannot be read.
    static func source(of input: TableInput) throws(MartletError) -> SparkSource {
        var format = input.format
        if format == nil { format = try FormatGuess.format(of: input.path) }
        return switch format ?? .csv {
        case .parquet: .parquet([input.path])
        case .jsonl: .json([input.path])
        case .csv: .csv([input.path], header: true, options: csvReading)
        }
    }

    /// CSV as RFC 4180 and DuckDB have it: Spark by itself escapes quotes with backslashes, and ends rows at every line.
    private static let csvReading = [
        "inferSchema": "true", "preferDate": "true", "escape": "\"", "multiLine": "true",
    ]

    private static let csvWriting = [
        "header": "true", "escape": "\"", "ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false",
    ]

    private func statements(_ client: SparkClient) async throws {
        let outputs = work.outputs
        for (index, statement) in script.statements.enumerated() {
            let isLast = index == script.statements.count - 1
            if isLast, outputs.count == 1, statement.isQuery {
                try await located(statement) {
                    try await write(.sql(statement.text), to: outputs[0], client)
                }
                return
            }
            if isLast, outputs.count == 1, statement.showsRows, work.writing == .files {
                try await located(statement) {
                    try await write(try client.execute(sql: statement.text), to: outputs[0])
                }
                return
            }
            try await located(statement) {
                try await watch(client.execute(sql: statement.text)) { _ in }
            }
        }
        for output in outputs {
            do {
                try await write(.table(output.name), to: output, client)
            } catch let error as SparkError where error.errorClass == "TABLE_OR_VIEW_NOT_FOUND" {
                throw MartletError(
                    .sqlOutputMissing,
                    "the SQL makes nothing called \(output.name)",
                    reason: "an output takes the rows of the table or view of its name",
                    remedy: "add CREATE TEMPORARY VIEW \(output.name) AS SELECT ..."
                )
            }
        }
    }

    /// Does something for a statement, and says of a failure where the statement stands.
    private func located(_ statement: SparkSQLScript.Statement, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch var error as SparkError {
            if error.error.location == nil, let file = work.action.file {
                error.error.location = SourceLocation(file: file, line: statement.line, column: 1)
            }
            throw error
        }
    }

    /// Follows an execution to its end.
    private func watch(
        _ execution: SparkExecution,
        _ take: (SparkEvent) async throws -> Void
    ) async throws {
        for try await event in execution {
            if case .progress(let progress) = event {
                let stage = progress.stages.last { !$0.isDone }.map { "stage \($0.id)" } ?? "Spark"
                work.observer.progresses(Int(progress.completedTasks), of: Int(progress.tasks), stage: stage)
            } else {
                try await take(event)
            }
        }
    }

    private func write(_ relation: SparkRelation, to output: TableOutput, _ client: SparkClient) async throws {
        switch work.writing {
        case .files: try await write(try client.execute(relation), to: output)
        case .folders:
            var rows = 0
            let counted = relation.observe("martlet", ["count(*) AS rows"])
            try await watch(client.execute(Self.writing(counted, to: output))) { event in
                if case .observation(let counts) = event, case .long(let count)? = counts["rows"] { rows = Int(count) }
            }
            try tidy(output)
            work.observer.wrote(output.name, rows: rows)
        }
    }

    private func write(_ execution: SparkExecution, to output: TableOutput) async throws {
        let rows = try await SparkFile(output, observer: work.observer).write(execution)
        work.observer.wrote(output.name, rows: rows)
    }

    private static func writing(_ relation: SparkRelation, to output: TableOutput) -> SparkCommand {
        let format =
            switch output.format {
            case .parquet: "parquet"
            case .csv: "csv"
            case .jsonl: "json"
            }
        var options = ["mapreduce.fileoutputcommitter.marksuccessfuljobs": "false"]
        if output.format == .csv { options.merge(csvWriting) { _, own in own } }
        return .write(relation, SparkWrite(to: .path(output.path), format: format, mode: .overwrite, options: options))
    }

    /// Takes away what Hadoop's file system leaves beside the data: hidden files of checksums.
    private func tidy(_ output: TableOutput) throws(MartletError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: output.path, isDirectory: &isFolder) else {
            throw MartletError(
                .sparkPlaceUnfit,
                "Spark wrote output \(output.name) on a machine of its own",
                reason: "there is no \(output.path) here",
                remedy: "share the project's folder with the server, or use an sql: step with engine: spark"
            )
        }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: output.path)) ?? []
        where name.hasPrefix(".") || name.hasPrefix("_") {
            try? FileManager.default.removeItem(atPath: "\(output.path)/\(name)")
        }
    }
}

extension SparkSQLScript.Statement {
    /// Whether it returns rows and changes nothing, as far as its first word tells.
    var isQuery: Bool { ["select", "with", "from", "values", "table", "map", "reduce"].contains(firstWord) }

    /// Whether it is a command that returns rows, or a compound statement, whose last query does.
    var showsRows: Bool { ["show", "describe", "desc", "explain", "call", "begin"].contains(firstWord) }

    private var firstWord: String { text.drop { $0 == "(" || $0.isWhitespace }.prefix { $0.isLetter }.lowercased() }
}

/// What a file is, by its first bytes, as DuckDB steps find it out.
enum FormatGuess {
    /// The format of a file, or of the first file in a folder.
    ///
    /// - Throws: ``MartletError`` MT2402 when there is nothing to read.
    static func format(of path: String) throws(MartletError) -> DatasetFormat {
        var file = path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            guard let first = names.sorted().first(where: { !$0.hasPrefix(".") && !$0.hasPrefix("_") }) else {
                throw MartletError(.sqlInputUnreadable, "there is no file in \(path)", remedy: "check the input")
            }
            file = "\(path)/\(first)"
        }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw MartletError(.sqlInputUnreadable, "cannot read \(path)", reason: systemMessage(errno))
        }
        let start = (try? handle.read(upToCount: 4)) ?? Data()
        if start == Data("PAR1".utf8) { return .parquet }
        return start.first == UInt8(ascii: "{") ? .jsonl : .csv
    }

    private static func systemMessage(_ error: Int32) -> String { String(cString: strerror(error)) }
}
