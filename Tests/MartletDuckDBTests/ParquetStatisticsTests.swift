import Foundation
import MartletCore
import MartletTestKit
import Testing

@testable import MartletDuckDB

/// What footers tell, held against what queries tell.
@Suite
struct ParquetStatisticsTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// Columns of every type with statistics, with nulls, in three row groups.
    private static let columns = """
        i AS plain, (i % 7)::TINYINT AS small, (i * 13 % 65000)::USMALLINT AS unsigned,
        18446744073709551615::UBIGINT - i::UBIGINT AS huge, -i AS negative, CASE WHEN i % 3 = 0 THEN i END AS sometimes,
        NULL::INTEGER AS never, i % 2 = 5 AS no, (i / 8)::DOUBLE AS number, (i / 4)::FLOAT AS single,
        (i / 100)::DECIMAL(4,2) AS little, (i - 3000.5)::DECIMAL(12,3) AS middle, (i * 1e30)::DECIMAL(38,2) AS wide,
        'text ' || i AS words, DATE '1969-12-30' + i::INTEGER AS day, TIME '00:00:01' + to_seconds(i) AS clock,
        TIMESTAMP '1969-12-31 23:00:00.000001' + to_minutes(i) AS instant,
        (TIMESTAMP '2024-01-01' + to_hours(i))::TIMESTAMP_MS AS millis,
        (TIMESTAMP '2024-01-01' + to_hours(i))::TIMESTAMP_NS AS nanos,
        TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_days(i::INTEGER) AS zoned
        """

    @Test(arguments: ["ROW_GROUP_SIZE 2048", "ROW_GROUP_SIZE 100000", "PARQUET_VERSION v2"])
    func tellsWhatQueriesTell(_ option: String) async throws {
        try await write("SELECT \(Self.columns) FROM range(5000) AS t(i)", to: "all.parquet", option)
        let session = try await open("all.parquet")
        let statistics = try #require(try await session.statistics())
        #expect(statistics.rowCount == 5000)
        #expect(Set(statistics.columns.keys) == Set(session.columns.map(\.name)))
        for column in session.columns {
            let known = try #require(statistics.columns[column.name])
            let query = "SELECT count(*) - count(c), min(c), max(c) FROM (SELECT \(column.name) AS c FROM all_rows)"
            let asked = query.replacing("all_rows", with: session.relation)
            let row = try #require(try await session.query(asked).rows.first)
            #expect(row[0] == .integer(Int64(try #require(known.nullCount))), "\(column.name)")
            #expect(known.minimum ?? .null == row[1], "\(column.name)")
            #expect(known.maximum ?? .null == row[2], "\(column.name)")
            #expect(!known.isWithin)
        }
    }

    @Test
    func addsFilesUp() async throws {
        try await write("SELECT 5 AS a, 'x' AS b", to: "parts/1.parquet")
        try await write("SELECT -5 AS a, NULL::VARCHAR AS b", to: "parts/2.parquet")
        try await write("SELECT 7 AS a, 'y' AS b WHERE false", to: "parts/3.parquet")
        let statistics = try #require(try await open("parts").statistics())
        #expect(statistics.rowCount == 2)
        #expect(statistics.columns["a"]?.minimum == .integer(-5))
        #expect(statistics.columns["a"]?.maximum == .integer(5))
        #expect(statistics.columns["b"]?.nullCount == 1)
        #expect(statistics.columns["b"]?.maximum == .text("x"))
    }

    @Test
    func aColumnThatCountsDifferentlyHasNoBounds() async throws {
        try await write("SELECT 1.5::DECIMAL(9,1) AS a", to: "parts/1.parquet")
        try await write("SELECT 1.25::DECIMAL(9,2) AS a", to: "parts/2.parquet")
        let statistics = try #require(try await open("parts").statistics())
        #expect(statistics.rowCount == 2)
        #expect(statistics.columns["a"]?.minimum == nil)
        #expect(statistics.columns["a"]?.nullCount == 0)
    }

    @Test
    func longTextsMerelyEncloseOrSayNothing() async throws {
        let long = String(repeating: "ab", count: 5000)
        try await write("SELECT '\(long)' || i AS a FROM range(10) AS t(i)", to: "long.parquet")
        let column = try #require(try await open("long.parquet").statistics()?.columns["a"])
        #expect(column.minimum == nil || column.isWithin || column.minimum == .text(long + "0"))
    }

    @Test
    func notANumberLeavesNoBounds() async throws {
        try await write("SELECT unnest([1.0, 'nan'::DOUBLE, 3.0]) AS a", to: "nan.parquet")
        let column = try #require(try await open("nan.parquet").statistics()?.columns["a"])
        #expect(column.minimum == nil)
        #expect(column.nullCount == 0)
    }

    @Test
    func partsOfStructuresAreNotColumns() async throws {
        try await write("SELECT {'a': 1, 'b': [2, 3]} AS s, [1, 2] AS l, 9 AS a", to: "nested.parquet")
        let statistics = try #require(try await open("nested.parquet").statistics())
        #expect(statistics.columns["a"]?.minimum == .integer(9))
        #expect(Set(statistics.columns.keys) == ["a"])
    }

    @Test
    func anotherWritersFloatsHaveNoBounds() async throws {
        try folder.write(try #require(Data(base64Encoded: Self.arrow)), to: "arrow.parquet")
        let session = try await open("arrow.parquet")
        let statistics = try #require(try await session.statistics())
        #expect(statistics.columns["x"] == .init(nullCount: 0))
        #expect(statistics.columns["u"]?.maximum == .wideInteger("9223372036854775808"))
        #expect(statistics.columns["s"]?.minimum == .text("a"))
        let count = try await session.query("SELECT count(*) FROM \(session.relation) WHERE isnan(x)").rows
        #expect(count == [[.integer(1)]])
    }

    /// A file that pyarrow wrote: `x` holds 1, NaN and 3, `u` 1, 2^63 and null, `s` a, null and c.
    ///
    /// Its writer says nothing of the NaN, and gives 1 and 3 as the bounds of `x`.
    private static let arrow = """
        UEFSMRUAFTwVPCwVBhUAFQYVBhwYCAAAAAAAAAhAGAgAAAAAAADwPxYAKAgAAAAAAAAIQBgIAAAAAAAA8D8REQAAAAIAAAAGAQAA
        AAAAAPA/AAAAAAAA+H8AAAAAAAAIQBUAFSwVLCwVBhUAFQYVBhw2AigIAAAAAAAAAIAYCAEAAAAAAAAAEREAAAACAAAAAwMBAAAA
        AAAAAAAAAAAAAACAFQAVIBUgLBUGFQAVBhUGHDYCKAFjGAFhEREAAAACAAAAAwUBAAAAYQEAAABjFQQZTDUAGAZzY2hlbWEVBgAV
        CiUCGAF4ABUEJQIYAXUlHEysE0ASAAAAFQwlAhgBcyUATBwAAAAWBhkcGTwmABwVChklBgAZGAF4FQAWBha6ARa6ASYIPBgIAAAA
        AAAACEAYCAAAAAAAAPA/FgAoCAAAAAAAAAhAGAgAAAAAAADwPxERABkcFQAVABUCADwpBhkmAAYAAAAmABwVBBklBgAZGAF1FQAW
        BhaCARaCASbCATw2AigIAAAAAAAAAIAYCAEAAAAAAAAAEREAGRwVABUAFQIAPCkGGSYCBAAAACYAHBUMGSUGABkYAXMVABYGFloW
        WibEAjw2AigBYxgBYRERABkcFQAVABUCADwWBBkGGSYCBAAAABaWAxYGJggWlgMAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9u
        IDI2LjAuMRk8HAAAHAAAHAAAAFEBAABQQVIx
        """.replacing("\n", with: "")

    @Test(arguments: [0, 1, 4, 11, 12, 100, 400])
    func aCutFileIsRefused(_ missing: Int) async throws {
        try await write("SELECT i, 'text ' || i AS t FROM range(1000) AS r(i)", to: "whole.parquet")
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file("whole.parquet")))
        try folder.write(whole.dropLast(missing), to: "cut.parquet")
        if missing == 0 {
            #expect(try await open("cut.parquet").statistics()?.rowCount == 1000)
            return
        }
        let error = try #require(await #expect(throws: MartletError.self) { try await open("cut.parquet") })
        #expect(error.code == .sqlInputUnreadable)
        #expect(error.message.contains("cut.parquet"))
    }

    @Test
    func noBytesWhateverAreBelieved() async throws {
        try await write("SELECT \(Self.columns) FROM range(100) AS t(i)", to: "whole.parquet")
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file("whole.parquet")))
        var random = SeededRandom(seed: 5)
        for _ in 0..<300 {
            var broken = whole
            for _ in 0..<3 { broken[broken.count - 1 - Int(random.next() % 3000)] = UInt8(random.next() % 256) }
            let path = try folder.write(broken, to: "broken.parquet")
            // It may be read or refused; it must not trap, hang or take all memory.
            _ = try? ParquetStatistics(ofFiles: [path], columns: [.init(name: "plain", type: "BIGINT", kind: .integer)])
        }
    }

    private func write(_ sql: String, to name: String, _ option: String = "ROW_GROUP_SIZE 2048") async throws {
        let path = folder.file(name)
        let above = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: above, withIntermediateDirectories: true)
        _ = try await folder.csv("COPY (\(sql)) TO '\(path)' (FORMAT parquet, \(option)); SELECT 1 AS one")
    }

    private func open(_ name: String) async throws -> any TableSession {
        try await duckDBTables.open(.files(TableInput(name: "data", path: folder.file(name))), settings: .init())
    }
}

/// A generator of bytes to break files with.
private struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 16
    }
}
