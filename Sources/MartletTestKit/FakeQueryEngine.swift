import Foundation
public import MartletCore

/// A query engine that understands one statement, `SELECT * FROM <input>`, over CSV files.
///
/// It keeps the contract of `QueryEngine` that `QueryEngineConformance` states, without a database.
public struct FakeQueryEngine: QueryEngine {
    /// The engine; all are alike.
    public init() {}

    /// Copies the rows of the input that the script names.
    public func transform(
        _ transform: SQLTransform,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws(MartletError) -> SQLTransformResult {
        var tables = [String: [String]]()
        for input in transform.inputs { tables[input.name] = try lines(of: input) }

        let words = transform.script.split { " \n;".contains($0) }.map(String.init)
        if words.isEmpty {
            throw MartletError(.sqlOutputMissing, "the script holds no statement")
        }
        guard words.count == 4, words[..<3].map({ $0.uppercased() }) == ["SELECT", "*", "FROM"],
            let rows = tables[words[3]]
        else {
            throw MartletError(
                .sqlInvalid,
                "line \(transform.firstLine): the fake engine understands only SELECT * FROM an input",
                location: transform.scriptName.map { SourceLocation(file: $0, line: transform.firstLine, column: 1) }
            )
        }
        guard let output = transform.outputs.first, transform.outputs.count == 1 else {
            throw MartletError(.sqlOutputMissing, "the script makes no table for \(transform.outputs.map(\.name))")
        }
        if Task.isCancelled { throw MartletError(.sqlCancelled, "the script was stopped before its end") }
        do {
            let text = rows.map { $0 + "\n" }.joined()
            try Data(text.utf8).write(to: URL(fileURLWithPath: output.path), options: .atomic)
        } catch {
            throw MartletError(.sqlFailed, "output \(output.name) cannot be written", cause: String(describing: error))
        }
        progress(1)
        return SQLTransformResult(
            rowsIn: tables.mapValues { max($0.count - 1, 0) },
            rowsOut: [output.name: max(rows.count - 1, 0)],
            engine: "fake"
        )
    }

    private func lines(of input: TableInput) throws(MartletError) -> [String] {
        guard let data = FileManager.default.contents(atPath: input.path) else {
            throw MartletError(.sqlInputUnreadable, "input \(input.name) does not exist: \(input.path)")
        }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
