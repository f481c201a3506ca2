import Foundation
import MartletCore
import MartletDuckDB
import MartletRuntime

/// A table as commands name it: a file, a folder of files, or `DATASET@REF` of the lake.
struct TableArgument {
    /// What it is called in reports.
    let shown: String
    /// The files; the input is called `data` in queries.
    let input: TableInput
    /// A copy of lake data, which goes with this.
    private let checkout: TemporaryFolder?

    /// Finds the table.
    ///
    /// A file of that name is it; else what has an `@` is a dataset at a branch, tag or commit of the lake.
    ///
    /// - Throws: ``MartletError`` when a dataset, a commit, or the project is not there.
    init(_ text: String, isDataset: Bool = false, in project: ProjectOptions) async throws {
        let path = try CurrentFolder.resolve(text)
        if !isDataset, FileManager.default.fileExists(atPath: path) || !text.contains("@") {
            shown = text
            input = TableInput(name: "data", path: path)
            checkout = nil
            return
        }
        let table = try await LakeTable(text, in: project)
        input = TableInput(name: "data", path: table.path)
        shown = "\(table.name.rawValue)@\(table.commit.hex.prefix(12))"
        checkout = table.checkout
    }

    /// Opens it, or the rows of a query over it.
    ///
    /// - Throws: ``CommandFailure`` with exit code 2 when the data cannot be read.
    func open(sql: String? = nil) async throws -> OpenTable {
        let source = sql.map { TableSource.query($0, inputs: [input]) } ?? .files(input)
        return OpenTable(
            session: try await Self.open(source),
            shown: sql == nil ? shown : "\(shown): \(sql ?? "")",
            data: self
        )
    }

    /// Opens the rows of a query that names its files itself.
    static func open(query: String) async throws -> OpenTable {
        OpenTable(session: try await open(.query(query, inputs: [])), shown: query, data: nil)
    }

    private static func open(_ source: TableSource) async throws -> any TableSession {
        try await TableReading.run {
            try await DuckDBTables.forCommand.open(source, settings: SQLTransform.Settings())
        }
    }
}

extension DuckDBTables {
    /// The engine of a command that opens a table or two, tells something of them, and ends.
    static var forCommand: DuckDBTables {
        DuckDBTables(environment: ProcessInfo.processInfo.environment, endsWithProcess: true)
    }
}

/// A table that queries can read.
struct OpenTable {
    let session: any TableSession
    /// What it is called in reports.
    let shown: String
    /// Keeps copies of lake data for as long as they are read.
    let data: TableArgument?
}

/// Reading the data of quality commands.
enum TableReading {
    /// Runs `body`; data that cannot be read is a wrong request, exit code 2, as exit code 1 says what was found in it.
    static func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as MartletError {
            let isFault = error.code == .sqlEngineUnusable || ExitStatus.of(error) == ExitStatus.fault
            throw CommandFailure([error], status: isFault ? ExitStatus.fault : ExitStatus.requestWrong)
        }
    }
}
