import ArgumentParser
import Foundation
import MartletCore
import MartletQuality
import MartletRuntime

/// Options that say which data a command is about.
struct QualityDataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A CSV, JSON Lines or Parquet file, or a folder of them; the first is the table, others are there for queries.",
            valueName: "[name=]file"
        )
    )
    var data: [String] = []

    @Option(help: ArgumentHelp("The rows of this query are the table.", valueName: "query"))
    var sql: String?

    @Option(help: ArgumentHelp("A dataset of the lake, at a branch, tag or commit.", valueName: "name[@ref]"))
    var dataset: [String] = []

    /// The table, ready to be opened, and what it is called.
    func prepared(in project: ProjectOptions) async throws -> PreparedData {
        guard !data.isEmpty || !dataset.isEmpty || sql != nil else {
            throw MartletError(
                .qualityRequestInvalid,
                "nothing says which data to look at",
                remedy: "give --data FILE, --dataset NAME or --sql QUERY"
            )
        }
        var inputs: [TableInput] = []
        var described: ValidatedData?
        for argument in data {
            let (name, path) = Self.named(argument)
            let full = try CurrentFolder.resolve(path)
            inputs.append(TableInput(name: name ?? (inputs.isEmpty ? "data" : Self.stem(path)), path: full))
            described =
                described
                ?? ValidatedData(
                    source: "files",
                    asset: Self.stem(path),
                    identifiers: ["path": .string(path)],
                    spec: ["path": .string(full)]
                )
        }
        var checkouts: [TemporaryFolder] = []
        for argument in dataset {
            let (alias, rest) = Self.named(argument)
            let table = try await LakeTable(rest, in: project)
            checkouts.append(table.checkout)
            let name = alias ?? (inputs.isEmpty ? "data" : Self.short(table.name))
            inputs.append(TableInput(name: name, path: table.path))
            described = described ?? Self.facts(table)
        }
        if let sql {
            let facts = ValidatedData(source: "query", asset: "query", spec: ["query": .string(sql)])
            return PreparedData(source: .query(sql, inputs: inputs), others: [], facts: facts, checkouts: checkouts)
        }
        let facts = described ?? ValidatedData(source: "files", asset: "data")
        return PreparedData(
            source: .files(inputs[0]),
            others: Array(inputs.dropFirst()),
            facts: facts,
            checkouts: checkouts
        )
    }

    private static func facts(_ table: LakeTable) -> ValidatedData {
        let (name, commit) = (table.name.rawValue, table.commit.hex)
        return ValidatedData(
            source: "lake",
            asset: name,
            identifiers: ["commit": .string(commit)],
            spec: ["dataset": .string(name), "ref": .string(table.reference), "commit": .string(commit)]
        )
    }

    private static func short(_ name: DatasetID) -> String {
        name.rawValue.split(separator: "/").last.map(String.init) ?? name.rawValue
    }

    /// `NAME=FILE` apart; a name is a plain identifier, so that paths with `=` stay whole.
    static func named(_ argument: String) -> (name: String?, rest: String) {
        guard let sign = argument.firstIndex(of: "=") else { return (nil, argument) }
        let name = argument[..<sign]
        let isName = name.first.map { $0.isLetter || $0 == "_" } ?? false
        guard isName, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return (nil, argument) }
        return (String(name), String(argument[argument.index(after: sign)...]))
    }

    private static func stem(_ path: String) -> String {
        var name = URL(fileURLWithPath: path).lastPathComponent
        if name.lowercased().hasSuffix(".gz") { name.removeLast(3) }
        return URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent
    }
}

/// A table that can be opened, and what has to stay until it is closed.
struct PreparedData {
    let source: TableSource
    /// Files that queries may read beside it.
    let others: [TableInput]
    let facts: ValidatedData
    /// Copies of lake data, which go with this.
    let checkouts: [TemporaryFolder]

    /// Opens the table.
    ///
    /// - Throws: ``CommandFailure`` with exit code 2 when the data cannot be read: no check has failed then.
    func open(_ engine: any TableEngine) async throws -> any TableSession {
        do throws(MartletError) {
            let session = try await engine.open(source, settings: SQLTransform.Settings())
            for other in others { try await session.attach(other) }
            return session
        } catch {
            throw CommandFailure(
                [error],
                status: error.code == .sqlEngineUnusable ? ExitStatus.fault : ExitStatus.requestWrong
            )
        }
    }
}

/// A private folder that is removed with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    /// - Throws: ``MartletError`` MT8005 when it cannot be made.
    init() throws(MartletError) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw FileSystem.unwritable(folder.path, errno)
        }
        path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
