import Foundation
public import MartletCore
import Synchronization
import Testing

/// What every table engine does.
///
/// Each case is one behaviour; a test runs them all on each engine.
public enum TableEngineConformance: String, CaseIterable, Sendable {
    case tellsColumns
    case readsRows
    case readsAFolder
    case readsAQueryOverInputs
    case readsNothing
    case attachesFiles
    case streamsAllRows
    case stopsAStreamThatIsNotWanted
    case survivesAFailedQuery
    case quotesNames
    case tellsNoFalseStatistics
    case refusesAMissingFile
    case refusesAnEmptyFile
    case refusesABrokenLine
    case refusesAFolderOfMixedFormats
    case refusesAnInvalidQuery
    case refusesWhatChangesSomething
    case writesRows
    case writesAllOrNothing
    case stopsWhenCancelled

    /// Checks the behaviour of `engine` with files in `folder`, which is empty.
    public func check(_ engine: some TableEngine, in folder: String) async throws {
        let bench = TableBench(engine: engine, folder: folder)
        try bench.write("name,hour\nBern,7\nAosta,6\nChur,\n", to: "cities.csv")
        switch self {
        case .tellsColumns:
            let session = try await bench.open("cities.csv")
            #expect(session.columns.map(\.name) == ["name", "hour"])
            #expect(session.columns.map(\.kind) == [.text, .integer])
            #expect(!session.engine.isEmpty)

        case .readsRows:
            let session = try await bench.open("cities.csv")
            let table = try await session.query("SELECT * FROM \(session.relation) ORDER BY name")
            #expect(table.columns == session.columns)
            #expect(
                table.rows == [
                    [.text("Aosta"), .integer(6)], [.text("Bern"), .integer(7)], [.text("Chur"), .null],
                ]
            )

        case .readsAFolder:
            try bench.write("a,b\n1,2\n", to: "parts/one.csv")
            try bench.write("a,b\n3,4\n5,6\n", to: "parts/two.csv")
            try bench.write("", to: "parts/_SUCCESS")
            let session = try await bench.open("parts")
            #expect(try await bench.number(session, "SELECT sum(a) FROM \(session.relation)") == .integer(9))

        case .readsAQueryOverInputs:
            let cities = TableInput(name: "cities", path: folder + "/cities.csv")
            let source = TableSource.query("SELECT hour * 2 AS twice FROM cities -- all\n;", inputs: [cities])
            let session = try await engine.open(source, settings: .init())
            #expect(session.columns.map(\.name) == ["twice"])
            #expect(try await bench.number(session, "SELECT sum(twice) FROM \(session.relation)") == .integer(26))

        case .readsNothing:
            try bench.write("name,hour\n", to: "none.csv")
            let session = try await bench.open("none.csv")
            let table = try await session.query("SELECT * FROM \(session.relation)")
            #expect(table.columns.map(\.name) == ["name", "hour"])
            #expect(table.rows.isEmpty)

        case .attachesFiles:
            try bench.write("name\nBern\n", to: "others.csv")
            let session = try await bench.open("cities.csv")
            try await session.attach(TableInput(name: "others", path: folder + "/others.csv"))
            let query = "SELECT count(*) FROM \(session.relation) WHERE name IN (SELECT name FROM others)"
            #expect(try await bench.number(session, query) == .integer(1))

        case .streamsAllRows:
            try bench.write("n\n" + (0..<10_000).map { "\($0)\n" }.joined(), to: "many.csv")
            let session = try await bench.open("many.csv")
            let seen = Mutex([SQLValue]())
            try await session.stream("SELECT n FROM \(session.relation) ORDER BY n") { piece in
                seen.withLock { $0 += piece.rows.map { $0[0] } }
            }
            #expect(seen.withLock(\.self) == (0..<10_000).map { .integer($0) })

        case .stopsAStreamThatIsNotWanted:
            let session = try await bench.open("cities.csv")
            let error = await #expect(throws: MartletError.self) {
                try await session.stream("SELECT * FROM \(session.relation)") { _ throws(MartletError) in
                    throw MartletError(.sqlFailed, "enough")
                }
            }
            #expect(error?.message == "enough")
            #expect(try await bench.number(session, "SELECT count(*) FROM \(session.relation)") == .integer(3))

        case .survivesAFailedQuery:
            let session = try await bench.open("cities.csv")
            let error = try await bench.failure(session, "SELECT CAST(name AS INT) FROM \(session.relation)")
            #expect(error.code == .sqlFailed)
            #expect(try await bench.number(session, "SELECT count(*) FROM \(session.relation)") == .integer(3))

        case .quotesNames:
            try bench.write("\"a\"\"b; DROP TABLE x\",it's\n1,2\n", to: "odd ' \" [1].csv")
            let input = TableInput(name: "odd\"; --", path: folder + "/odd ' \" [1].csv")
            let session = try await engine.open(.files(input), settings: .init())
            #expect(session.columns.map(\.name) == ["a\"b; DROP TABLE x", "it's"])
            #expect(try await bench.number(session, "SELECT * FROM \(session.relation)") == .integer(1))

        case .tellsNoFalseStatistics:
            let session = try await bench.open("cities.csv")
            let statistics = try await session.statistics()
            #expect(statistics.map { $0.rowCount == 3 } ?? true)

        case .refusesAMissingFile:
            let error = try await bench.openingFailure("nothing.csv")
            #expect(error.code == .sqlInputUnreadable)
            #expect(error.message.contains(folder + "/nothing.csv"))

        case .refusesAnEmptyFile:
            try bench.write("", to: "empty.csv")
            let error = try await bench.openingFailure("empty.csv")
            #expect(error.code == .sqlInputUnreadable)
            #expect(error.message.contains("empty"))

        case .refusesABrokenLine:
            let lines = (0..<30_000).map { "\($0),x\n" }.joined()
            try bench.write("n,text\n\(lines)oops\n", to: "broken.csv")
            let error = try await bench.readingFailure("broken.csv")
            #expect(error.code == .sqlInputUnreadable)
            #expect(error.message.contains("broken.csv"))
            #expect(error.message.contains("30002"))

        case .refusesAFolderOfMixedFormats:
            try bench.write("a\n1\n", to: "mixed/one.csv")
            try bench.write("{\"a\": 1}\n", to: "mixed/two.jsonl")
            let error = try await bench.openingFailure("mixed")
            #expect(error.code == .sqlInputUnreadable)
            #expect(error.message.contains("different formats"))

        case .refusesAnInvalidQuery:
            let session = try await bench.open("cities.csv")
            for query in ["SELEKT 1", "SELECT missing FROM \(session.relation)", "SELECT 1; SELECT 2", "", "-- a"] {
                let error = try await bench.failure(session, query)
                #expect(error.code == .sqlInvalid, "\(query)")
            }

        case .refusesWhatChangesSomething:
            let session = try await bench.open("cities.csv")
            let out = folder + "/out.csv"
            for query in ["COPY (SELECT 1) TO '\(out)'", "DROP VIEW cities", "SET threads = 1"] {
                let error = try await bench.failure(session, query)
                #expect(error.code == .sqlInvalid, "\(query)")
            }
            #expect(!FileManager.default.fileExists(atPath: out))

        case .writesRows:
            let session = try await bench.open("cities.csv")
            for format in DatasetFormat.allCases {
                let output = TableOutput(name: "late", path: "\(folder)/new/late.\(format.rawValue)", format: format)
                let query = "SELECT name FROM \(session.relation) WHERE hour > 6 -- of the day"
                #expect(try await session.write(query, to: output) == 1)
                let written = try await bench.open("new/late.\(format.rawValue)")
                #expect(try await written.query("SELECT * FROM \(written.relation)").rows == [[.text("Bern")]])
            }

        case .writesAllOrNothing:
            let session = try await bench.open("cities.csv")
            try bench.write("as it was\n", to: "new/kept.csv")
            let output = TableOutput(name: "kept", path: folder + "/new/kept.csv", format: .csv)
            for query in ["SELECT CAST(name AS INT) FROM \(session.relation)", "DROP VIEW x", "SELECT 1) TO 'a'; ("] {
                await #expect(throws: MartletError.self, "\(query)") { try await session.write(query, to: output) }
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/new")
            #expect(names == ["kept.csv"])
            #expect(try String(contentsOfFile: output.path, encoding: .utf8) == "as it was\n")

        case .stopsWhenCancelled:
            let session = try await bench.open("cities.csv")
            let query = Task {
                // The query starts only when the task is cancelled already, so that no time matters.
                while !Task.isCancelled { await Task.yield() }
                return try await session.query("SELECT * FROM \(session.relation)")
            }
            query.cancel()
            let error = await #expect(throws: MartletError.self) { try await query.value }
            #expect(error?.code == .sqlCancelled)
            #expect(try await bench.number(session, "SELECT count(*) FROM \(session.relation)") == .integer(3))
        }
    }
}

/// An engine and the folder its files are in.
private struct TableBench<Engine: TableEngine> {
    let engine: Engine
    let folder: String

    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: folder + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func open(_ file: String) async throws -> any TableSession {
        let name = file.split(separator: ".").first.map(String.init) ?? file
        let input = TableInput(name: name, path: folder + "/" + file)
        return try await engine.open(.files(input), settings: .init())
    }

    func number(_ session: any TableSession, _ query: String) async throws -> SQLValue {
        try #require(try await session.query(query).rows.first?.first)
    }

    func failure(_ session: any TableSession, _ query: String) async throws -> MartletError {
        try #require(await #expect(throws: MartletError.self) { try await session.query(query) })
    }

    func openingFailure(_ file: String) async throws -> MartletError {
        try #require(await #expect(throws: MartletError.self) { try await open(file) })
    }

    /// Whether an engine reads when it opens or when it is asked is its own affair.
    func readingFailure(_ file: String) async throws -> MartletError {
        try #require(
            await #expect(throws: MartletError.self) {
                let session = try await open(file)
                _ = try await session.query("SELECT max(n) FROM \(session.relation)")
            }
        )
    }
}
