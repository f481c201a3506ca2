import Foundation
import MartletCore
import MartletTestKit
import Testing

@testable import MartletDuckDB

/// Files as people have them, whole and broken.
@Suite
struct TableInputTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    @Test
    func quotesThatComeLateAreQuotes() async throws {
        let plain = (0..<30_000).map { "\($0),x\($0)\n" }.joined()
        try folder.write("n,it's\n\(plain)7,\"a,b \"\"q\"\"\"\n", to: "late.csv")
        let session = try await open("late.csv")
        let rows = try await session.query("SELECT \"it's\" FROM \(session.relation) WHERE n = 7 ORDER BY 1").rows
        #expect(rows == [[.text("a,b \"q\"")], [.text("x7")]])
    }

    @Test
    func aColumnWhoseFirstValuesAreMissingGetsItsType() async throws {
        let lines = (0..<5000).map { "\($0),\($0 < 3000 ? "" : "\($0)")\n" }.joined()
        try folder.write("n,late\n\(lines)", to: "missing.csv")
        #expect(try await open("missing.csv").columns.map(\.kind) == [.integer, .integer])
    }

    @Test
    func aTypeThatManyRowsTellIsFound() async throws {
        let lines = (0..<5000).map { "\($0 < 3000 ? "\($0)" : "\($0).5")\n" }.joined()
        try folder.write("n\n\(lines)", to: "mixed.csv")
        let session = try await open("mixed.csv")
        #expect(session.columns.map(\.kind) == [.floating])
        #expect(try await session.query("SELECT max(n) FROM \(session.relation)").rows == [[.double(4999.5)]])
    }

    @Test(
        arguments: [
            ("a,b\n1,2\n3\n4,5\n", 3, "1 field", "2"), ("a;b\n1;2\n3;4;5\n6;7\n", 3, "3 fields", "2"),
            ("a,b\n\"1\n1\",2\n3\n4,5\n5,6\n", 4, "1 field", "2"),
        ]
    )
    func aLineOfAnotherLengthIsNamed(_ text: String, _ line: Int, _ fields: String, _ expected: String) async throws {
        try folder.write(text, to: "ragged.csv")
        let error = try await failure("ragged.csv")
        #expect(error.code == .sqlInputUnreadable)
        #expect(error.message.contains("line \(line)") || error.message.contains("Line: \(line)"))
    }

    @Test(
        arguments: [
            ("name, first\nA\nB\nC\n", nil), ("a,b\n1,2\n", nil), ("", nil), ("a,b\n1,2\n3\n4,5\n", 3),
            ("a|b|c\n1|2|3\n1|2\n1|2|3\n", 3), ("a\n1,2\n3\n", nil),
        ] as [(String, Int?)]
    )
    func linesThatAreNoFieldsAreLeftAlone(_ text: String, _ line: Int?) {
        #expect(RaggedLine.first(in: Array(text.utf8))?.number == line)
    }

    @Test(
        arguments: [
            ("a,b\n1,\u{FFFF}\n2,x\n", false), ("x\n\u{1F600}\n", false), ("\u{FEFF}a,b\n1,2\n", false),
            ("a,a,\n1,2,3\n", false), ("a\r\n1\r\n2\r\n", false), ("a,b\n1,\"x\n2,y\n", false),
        ]
    )
    func oddTextIsReadOrRefusedButNeverTrapped(_ text: String, _: Bool) async throws {
        try folder.write(text, to: "odd.csv")
        do {
            let session = try await open("odd.csv")
            _ = try await session.query("SELECT count(*) FROM \(session.relation)")
        } catch let error as MartletError {
            #expect(error.code == .sqlInputUnreadable)
        }
    }

    @Test
    func textThatIsNotUTF8IsRefused() async throws {
        try folder.write(Data("a,b\n1,".utf8) + Data([0xE9]) + Data("\n2,x\n".utf8), to: "latin.csv")
        let error = try await failure("latin.csv")
        #expect(error.code == .sqlInputUnreadable)
        #expect(error.message.contains("latin.csv"))
    }

    @Test
    func aBrokenLineOfJSONIsRefused() async throws {
        try folder.write("{\"a\": 1}\n{\"a\": \n{\"a\": 3}\n", to: "broken.jsonl")
        let error = try await failure("broken.jsonl")
        #expect(error.code == .sqlInputUnreadable)
        #expect(error.message.contains("broken.jsonl"))
    }

    @Test
    func brokenPagesOfParquetAreRefused() async throws {
        let path = folder.file("pages.parquet")
        _ = try await folder.csv("COPY (SELECT hash(i) AS h FROM range(20000) AS t(i)) TO '\(path)'; SELECT 1 AS one")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in 20..<2000 { bytes[index] = 0xFF }
        try bytes.write(to: URL(fileURLWithPath: path))
        let session = try await open("pages.parquet")
        #expect(try await session.statistics()?.rowCount == 20_000)
        let query = "SELECT sum(h) FROM \(session.relation)"
        let error = try #require(await #expect(throws: MartletError.self) { try await session.query(query) })
        #expect([.sqlFailed, .sqlInputUnreadable].contains(error.code))
    }

    @Test
    func emptyPartsOfAFolderAreLeftOut() async throws {
        try folder.write("", to: "parts/0.csv")
        try folder.write("a\n1\n", to: "parts/1.csv")
        let session = try await open("parts")
        #expect(try await session.query("SELECT a FROM \(session.relation)").rows == [[.integer(1)]])
    }

    @Test
    func tenThousandColumnsAreOpened() async throws {
        let names = (0..<10_000).map { "c\($0)" }.joined(separator: ",")
        let values = (0..<10_000).map { "\($0)" }.joined(separator: ",")
        try folder.write("\(names)\n\(values)\n", to: "wide.csv")
        let session = try await open("wide.csv")
        #expect(session.columns.count == 10_000)
        #expect(try await session.query("SELECT c9999 FROM \(session.relation)").rows == [[.integer(9999)]])
    }

    @Test
    func aMemoryLimitThatIsSetIsKept() async throws {
        // Exact quantiles do not spill to disk.
        let sql = "SELECT quantile_disc(hash(i), 0.5) FROM range(4000000) AS t(i)"
        let settings = SQLTransform.Settings(memoryLimitBytes: 16 << 20)
        let session = try await duckDBTables.open(.query("SELECT 1 AS one", inputs: []), settings: settings)
        let error = try #require(await #expect(throws: MartletError.self) { try await session.query(sql) })
        #expect(error.code == .sqlFailed)
        #expect(error.remedy?.contains("more memory") ?? false)
    }

    @Test
    func aRunningQueryIsInterrupted() async throws {
        let session = try await duckDBTables.open(.query("SELECT 1 AS one", inputs: []), settings: .init())
        let (started, signal) = AsyncStream<Void>.makeStream()
        let query = Task {
            try await session.stream("SELECT i, (SELECT count(*) FROM range(1000000)) FROM range(1000000000) AS t(i)") {
                _ in
                signal.yield()
            }
        }
        for await _ in started { break }
        query.cancel()
        let error = await #expect(throws: MartletError.self) { try await query.value }
        #expect(error?.code == .sqlCancelled)
        #expect(try await session.query("SELECT 1").rows == [[.integer(1)]])
    }

    private func open(_ name: String) async throws -> any TableSession {
        try await duckDBTables.open(.files(TableInput(name: "data", path: folder.file(name))), settings: .init())
    }

    private func failure(_ name: String) async throws -> MartletError {
        try #require(
            await #expect(throws: MartletError.self) {
                let session = try await open(name)
                _ = try await session.query("SELECT count(*) FROM (SELECT * FROM \(session.relation))")
            }
        )
    }
}
