import Foundation
import MartletCore
import MartletDuckDB
import Synchronization
import Testing

/// Scripts that fail, and what the user reads.
struct ScriptErrorTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private static let script = """
        -- Features of each flight.
        CREATE TABLE late AS
            SELECT * FROM flights WHERE delay > 15;

        SELECT
            carrier,
            avg(delay) AVERAGE delay
        FROM late
        GROUP BY carrier;
        """

    private func flights() throws -> TableInput {
        TableInput(name: "flights", path: try folder.write("carrier,delay\nUA,20\nDL,3\n", to: "flights.csv"))
    }

    @Test func aSyntaxErrorShowsItsLine() async throws {
        let error = try await folder.failure(Self.script, inputs: [flights()])
        #expect(error.code == .sqlInvalid)
        #expect(error.message == "line 7, column 24: syntax error at or near \"delay\"")
        #expect(error.location == SourceLocation(file: "sql/features.sql", line: 7, column: 24))
        let excerpt = try #require(error.reason).split(separator: "\n")
        #expect(excerpt[0] == "7 |     avg(delay) AVERAGE delay")
        #expect(excerpt[1].hasPrefix("  |                        ^"))
        #expect(error.cause == "DuckDB Parser Error")
    }

    @Test func anInlineScriptCountsTheLinesOfItsFile() async throws {
        let error = try await folder.failure("SELECT 1;\nSELEKT 2", firstLine: 40)
        #expect(error.location == SourceLocation(file: "sql/features.sql", line: 41, column: 1))
        #expect(error.message.hasPrefix("line 41, column 1: "))
        #expect(error.reason?.hasPrefix("41 | SELEKT 2\n   | ^") == true)
    }

    @Test func aSyntaxErrorStopsTheScriptBeforeItRuns() async throws {
        let side = folder.file("side.csv")
        let error = try await folder.failure("COPY (SELECT 1) TO '\(side)'; SELECT 2 +;")
        #expect(error.code == .sqlInvalid)
        #expect(!folder.names.contains("side.csv"))
    }

    @Test func aBinderErrorKeepsTheCandidates() async throws {
        let script = "CREATE TABLE t AS FROM flights;\n\nSELECT\n  upper(carier) AS c\nFROM flights"
        let error = try await folder.failure(script, inputs: [flights()])
        #expect(error.code == .sqlInvalid)
        #expect(error.message == "line 4, column 9: Referenced column \"carier\" not found in FROM clause!")
        let reason = try #require(error.reason)
        #expect(reason.contains("Candidate bindings: \"carrier\""))
        #expect(reason.contains("4 |   upper(carier) AS c\n  |         ^"))
    }

    @Test func aMistypedInputIsGuessed() async throws {
        let error = try await folder.failure("SELECT 1;\nSELECT * FROM flihgts", inputs: [flights()])
        #expect(error.code == .sqlInvalid)
        #expect(error.location == SourceLocation(file: "sql/features.sql", line: 2, column: 15))
        #expect(error.remedy == "did you mean flights? the inputs are flights")
        #expect(error.reason?.contains("sqlite_master") == false)
    }

    @Test func aConversionErrorIsAFailureOfTheRun() async throws {
        let script = "CREATE TABLE t AS VALUES ('1'), ('x');\nCREATE TABLE out AS\nSELECT col0::INTEGER FROM t"
        let error = try await folder.failure(script)
        #expect(error.code == .sqlFailed)
        #expect(error.location == SourceLocation(file: "sql/features.sql", line: 3, column: 12))
        #expect(error.message.hasPrefix("line 3, column 12: Could not convert string 'x' to INT32"))
        #expect(error.remedy?.contains("TRY_CAST") == true)
        #expect(error.cause == "DuckDB Conversion Error")
    }

    @Test func aFailureOfTheLastStatementHasItsPlaceToo() async throws {
        let script = "CREATE TABLE t AS FROM (VALUES ('1'), ('x')) t (a);\nSELECT\n  a::INTEGER AS a\nFROM t"
        let error = try await folder.failure(script)
        #expect(error.code == .sqlFailed)
        #expect(error.location == SourceLocation(file: "sql/features.sql", line: 3, column: 4))
        #expect(folder.names.isEmpty)
    }

    @Test func aBadLineOfAnInputIsNamed() async throws {
        // The types are found out from the first lines, and the odd one comes after those.
        let lines = (1...30_000).map(String.init).joined(separator: "\n")
        let input = TableInput(name: "t", path: try folder.write("a\n\(lines)\nx\n", to: "t.csv"))
        let error = try await folder.failure("SELECT sum(a) AS a FROM t", inputs: [input])
        #expect(error.code == .sqlFailed)
        #expect(error.message.hasPrefix("CSV Error on Line: 30002: Error when converting column \"a\"."))
        #expect(error.reason?.contains("file = \(input.path)") == true)
        #expect(error.remedy?.contains("read_csv") == true)
    }

    @Test func outOfMemoryIsExplained() async throws {
        let error = try await folder.failure(
            "SET max_temp_directory_size = '0B'; SELECT hash(i)::VARCHAR AS h FROM range(5000000) t (i) ORDER BY h",
            settings: .init(memoryLimitBytes: 16 << 20, threads: 1, temporaryDirectory: folder.file("spill"))
        )
        #expect(error.code == .sqlFailed)
        #expect(error.cause == "DuckDB Out of Memory Error")
        #expect(error.remedy?.contains("more memory") == true)
        #expect(folder.names.allSatisfy { !$0.hasSuffix(".partial") })
    }

    @Test(arguments: [
        ("", "it is empty"), ("-- nothing;\n/* to do; */", "it holds nothing but spaces and comments"),
    ])
    func aScriptWithoutStatementsIsRefused(script: String, reason: String) async throws {
        let error = try await folder.failure(script)
        #expect(error.code == .sqlOutputMissing)
        #expect(error.reason == reason)
    }

    @Test func oneOutputWithoutRowsNamesWhatThereIs() async throws {
        let error = try await folder.failure("CREATE TABLE ouput AS SELECT 1 AS a", outputs: ["output"])
        #expect(error.code == .sqlOutputMissing)
        #expect(error.message == "the script makes no rows for its output output")
        #expect(error.reason == "its last statement returns no rows, and the script makes ouput")
        #expect(
            error.remedy == "end the script with a SELECT, or make a table or view named output; did you mean ouput?"
        )
    }

    @Test func aMissingTableLeavesNothingBehind() async throws {
        let error = try await folder.failure("CREATE TABLE a AS SELECT 1 AS x; SELECT 2", outputs: ["a", "b"])
        #expect(error.code == .sqlOutputMissing)
        #expect(error.message.hasSuffix("output b"))
        #expect(error.reason == "the script makes a")
        #expect(folder.names.isEmpty)
    }

    @Test func anInputIsNotAnOutput() async throws {
        let error = try await folder.failure("SELECT 1", inputs: [flights()], outputs: ["flights", "b"])
        #expect(error.code == .sqlOutputMissing)
        #expect(error.reason == "the script makes no table or view")
    }

    @Test func theNetworkIsNotTouched() async throws {
        let error = try await folder.failure("SELECT * FROM read_csv('https://example.invalid/a.csv')")
        #expect(error.code == .sqlFailed)
        #expect(error.cause == "DuckDB Missing Extension Error")
    }

    @Test func aZeroByteIsRefused() async throws {
        let error = try await folder.failure("SELECT 1\u{0}; SELECT 2")
        #expect(error.code == .sqlInvalid)
        #expect(error.message.contains("zero byte"))
    }

    @Test func anOutputThatCannotBeWrittenIsReported() async throws {
        try folder.write("a file", to: "folder")
        let output = TableOutput(name: "out", path: folder.file("folder/out.csv"), format: .csv)
        let transform = SQLTransform(script: "SELECT 1", outputs: [output])
        let error = await #expect(throws: MartletError.self) { try await duckDB.transform(transform) { _ in } }
        #expect(error?.code == .sqlFailed)
        #expect(error?.message.contains(output.path) == true)
    }

    @Test func anOutputInPlaceOfAFolderIsReported() async throws {
        try folder.write("a file", to: "out.csv/inside")
        let error = try await folder.failure("SELECT 1 AS a")
        #expect(error.code == .sqlFailed)
        #expect(error.message.contains("cannot be put in place"))
        #expect(folder.names == ["out.csv"])
    }

    @Test(.timeLimit(.minutes(30)))
    func aRunningScriptIsInterrupted() async throws {
        // Ends in no time that a test would wait for.
        let script = "SELECT count(*) AS n FROM range(4000000) a, range(4000000) b WHERE hash(a.range, b.range) = 42"
        let transform = SQLTransform(
            script: "SELECT 1;\n\(script)",
            outputs: [TableOutput(name: "out", path: folder.file("out.csv"), format: .csv)],
            settings: .init(threads: 1)
        )
        let (started, start) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        let step = Task {
            try await duckDB.transform(transform) { _ in start.yield() }
        }
        for await _ in started { break }
        step.cancel()
        let error = await #expect(throws: MartletError.self) { try await step.value }
        #expect(error?.code == .sqlCancelled)
        #expect(folder.names.isEmpty)
    }
}
