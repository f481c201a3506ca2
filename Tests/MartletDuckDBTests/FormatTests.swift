import Foundation
import MartletCore
import Testing

@testable import MartletDuckDB

/// Files in and out of the real engine.
struct FormatTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private static let names: [DatasetFormat: String] = [.csv: "t.csv", .jsonl: "t.jsonl", .parquet: "t.parquet"]

    @Test(arguments: DatasetFormat.allCases, [true, false])
    func everyFormatRoundTrips(format: DatasetFormat, isDeclared: Bool) async throws {
        // Without an extension only the content tells the format.
        let path = folder.file("table")
        let first = "(1, 'Zoë', 1.5::DOUBLE, DATE '2026-01-02')"
        let rows = "\(first), (2, NULL, NULL, NULL), (3, 'a,\"b\"', -2.25, DATE '1969-12-31')"
        let transform = SQLTransform(
            script: "SELECT * FROM (VALUES \(rows)) AS t (id, name, score, day)",
            outputs: [TableOutput(name: "out", path: path, format: format)]
        )
        let result = try await duckDB.transform(transform) { _ in }
        #expect(result.rowsOut == ["out": 3])
        #expect(result.engine.hasPrefix("DuckDB v"))

        let input = TableInput(name: "t", path: path, format: isDeclared ? format : nil)
        let text = try await folder.csv("SELECT id, name, score, day FROM t", inputs: [input])
        #expect(text == "id,name,score,day\n1,Zoë,1.5,2026-01-02\n2,,,\n3,\"a,\"\"b\"\"\",-2.25,1969-12-31\n")
    }

    @Test(arguments: DatasetFormat.allCases)
    func anOutputWithoutRowsKeepsItsColumns(format: DatasetFormat) async throws {
        let output = TableOutput(name: "out", path: folder.file("empty"), format: format)
        let transform = SQLTransform(script: "SELECT 1 AS a, 'x' AS b WHERE false", outputs: [output])
        let result = try await duckDB.transform(transform) { _ in }
        #expect(result.rowsOut == ["out": 0])
        // JSON lines without a line have no columns to keep.
        guard format != .jsonl else { return }
        let text = try await folder.csv(
            "SELECT a, b FROM t",
            inputs: [TableInput(name: "t", path: output.path, format: format)]
        )
        #expect(text == "a,b\n")
    }

    @Test(arguments: [DatasetFormat.csv, .jsonl])
    func compressedTextRoundTrips(format: DatasetFormat) async throws {
        let output = TableOutput(name: "out", path: folder.file("t.\(format.rawValue).gz"), format: format)
        let result = try await duckDB.transform(SQLTransform(script: "SELECT 7 AS a", outputs: [output])) { _ in }
        #expect(result.rowsOut == ["out": 1])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: output.path))
        #expect(bytes.starts(with: [0x1F, 0x8B]))
        let text = try await folder.csv("SELECT a FROM t", inputs: [TableInput(name: "t", path: output.path)])
        #expect(text == "a\n7\n")
    }

    @Test func parquetIsCompressedWithZstandard() async throws {
        let output = TableOutput(name: "out", path: folder.file("t.parquet"))
        _ = try await duckDB.transform(SQLTransform(script: "SELECT 1 AS a", outputs: [output])) { _ in }
        let script = "SELECT DISTINCT compression FROM parquet_metadata('\(output.path)')"
        #expect(try await folder.csv(script) == "compression\nZSTD\n")
    }

    @Test func rowOrderIsKept() async throws {
        let output = TableOutput(name: "out", path: folder.file("t.parquet"))
        let script = "SELECT range AS i FROM range(300000) ORDER BY hash(range)"
        _ = try await duckDB.transform(SQLTransform(script: script, outputs: [output])) { _ in }
        let check = """
            SELECT count(*) AS n FROM (
                SELECT hash(i) AS h, lag(hash(i)) OVER (ORDER BY file_row_number) AS before
                FROM read_parquet('\(output.path)', file_row_number = true)
            ) WHERE h < before
            """
        #expect(try await folder.csv(check) == "n\n0\n")
    }

    @Test func aFolderIsOneTable() async throws {
        try folder.write("a,b\n1,x\n", to: "data/part-2.csv")
        try folder.write("a,b\n2,y\n", to: "data/part-10.csv")
        try folder.write("", to: "data/_SUCCESS")
        try folder.write("nothing", to: "data/.part-2.csv.crc")
        let inputs = [TableInput(name: "t", path: folder.file("data"))]
        #expect(try await folder.csv("SELECT * FROM t ORDER BY a", inputs: inputs) == "a,b\n1,x\n2,y\n")
    }

    @Test func foldersInAFolderTellColumns() async throws {
        try folder.write("a\n1\n", to: "data/year=2025/t.csv")
        try folder.write("a\n2\n", to: "data/year=2026/t.csv")
        let inputs = [TableInput(name: "t", path: folder.file("data/"))]
        #expect(try await folder.csv("SELECT a, year FROM t ORDER BY a", inputs: inputs) == "a,year\n1,2025\n2,2026\n")
    }

    @Test func aFolderOfDifferentFormatsIsRefused() async throws {
        try folder.write("a,b\n1,x\n", to: "data/t.csv")
        try folder.write("{\"a\": 1}\n", to: "data/t.jsonl")
        let error = try await folder.failure("FROM t", inputs: [TableInput(name: "t", path: folder.file("data"))])
        #expect(error.code == .sqlInputUnreadable)
        #expect(error.reason?.contains("t.csv (csv) and") == true)
    }

    @Test func anEmptyFolderIsRefused() async throws {
        try folder.write("", to: "data/_SUCCESS")
        let error = try await folder.failure("FROM t", inputs: [TableInput(name: "t", path: folder.file("data"))])
        #expect(error.code == .sqlInputUnreadable)
        #expect(error.message.contains("folder without files"))
    }

    @Test func aFileThatIsNotWhatItsFormatSaysIsRefused() async throws {
        let path = try folder.write("a,b\n1,2\n3,4\n5,6\n7,8\n", to: "t.parquet")
        let error = try await folder.failure("FROM t", inputs: [TableInput(name: "t", path: path, format: .parquet)])
        #expect(error.code == .sqlInputUnreadable)
        #expect(error.message == "input t cannot be read as parquet: \(path)")
        #expect(error.reason?.contains("magic bytes") == true)
    }

    @Test func contentTellsTheFormat() throws {
        let cases: [(String, DatasetFormat)] = [
            ("PAR1....PAR1", .parquet), ("\u{FEFF} \n {\"a\":1}", .jsonl), ("a,b\n", .csv), ("", .csv), ("PAR", .csv),
        ]
        for (content, format) in cases {
            let path = try folder.write(content, to: "t")
            #expect(try TableFiles(of: TableInput(name: "t", path: path)).format == format, "\(content)")
        }
    }

    @Test(arguments: ["a[1].csv", "a*.csv", "what?.csv", "it's.csv", "o'\"; DROP.csv", "größe 🐦.csv", "a{b}.csv"])
    func oddFileNamesAreTakenAsTheyAre(name: String) async throws {
        let input = try folder.write("v\nright\n", to: "in/\(name)")
        // Each would match one of the names if that were taken for a pattern.
        for decoy in ["a1.csv", "ab.csv", "what1.csv"] { try folder.write("v\nwrong\n", to: "in/\(decoy)") }
        let output = TableOutput(name: "out", path: folder.file("out \(name)"), format: .csv)
        let transform = SQLTransform(
            script: "FROM t",
            inputs: [TableInput(name: "t", path: input)],
            outputs: [output]
        )
        let result = try await duckDB.transform(transform) { _ in }
        #expect(try folder.text("out \(name)") == "v\nright\n")
        #expect(result.rowsIn == ["t": 1])
    }

    @Test func relativePathsWork() throws {
        let file = OutputFile(output: TableOutput(name: "out", path: "out.csv", format: .csv))
        #expect(file.partialPath == ".out.csv.partial")
        let nested = OutputFile(output: TableOutput(name: "out", path: "a/out.csv", format: .csv))
        #expect(nested.partialPath == "a/.out.csv.partial")
        let top = OutputFile(output: TableOutput(name: "out", path: "/out.csv", format: .csv))
        #expect(top.partialPath == "/.out.csv.partial")
    }
}
