import Foundation
import MartletCore
import MartletDuckDB
import Testing

/// The real engine, on the library that the environment names.
let duckDB = DuckDBEngine(environment: ProcessInfo.processInfo.environment)

/// A folder of one test, removed with it.
final class TestFolder {
    let path: String

    init() throws {
        var template = Array("\(NSTemporaryDirectory())/martlet-duckdb-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap(mkdtemp).map { String(cString: $0) }
        }
        path = try #require(made)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name`.
    func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file, with its folder, and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try write(Data(text.utf8), to: name)
    }

    /// Writes a file, with its folder, and returns its path.
    @discardableResult
    func write(_ data: Data, to name: String) throws -> String {
        let url = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
        return url.path
    }

    /// The text of a file.
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: file(name))), as: UTF8.self)
    }

    /// The names in the folder.
    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? [] }

    /// Runs a script whose one output, `out`, is the text of a CSV file.
    func csv(_ script: String, inputs: [TableInput] = []) async throws -> String {
        let output = TableOutput(name: "out", path: file("out.csv"), format: .csv)
        _ = try await duckDB.transform(SQLTransform(script: script, inputs: inputs, outputs: [output])) { _ in }
        return try text("out.csv")
    }

    /// Runs a script that fails and returns its error.
    func failure(
        _ script: String,
        inputs: [TableInput] = [],
        outputs: [String] = ["out"],
        settings: SQLTransform.Settings = .init(),
        firstLine: Int = 1
    ) async throws -> MartletError {
        let transform = SQLTransform(
            script: script,
            scriptName: "sql/features.sql",
            firstLine: firstLine,
            inputs: inputs,
            outputs: outputs.map { TableOutput(name: $0, path: file("\($0).csv"), format: .csv) },
            settings: settings
        )
        let error = await #expect(throws: MartletError.self) { try await duckDB.transform(transform) { _ in } }
        return try #require(error)
    }
}

/// Real tables, on the same library.
let duckDBTables = DuckDBTables(environment: ProcessInfo.processInfo.environment)
