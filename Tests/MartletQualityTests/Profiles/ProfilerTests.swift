import Foundation
import MartletCore
import MartletDuckDB
import Testing

@testable import MartletQuality

/// Profiles on the real engine, of rows that a query makes.
@Suite struct ProfilerTests {
    static func table(_ sql: String) async throws -> any TableSession {
        try await DuckDBTables(environment: ProcessInfo.processInfo.environment)
            .open(.query(sql, inputs: []), settings: SQLTransform.Settings(threads: 2))
    }

    static func profile(_ sql: String) async throws -> ProfileDocument {
        try await Profiler().profile(table(sql), source: "test")
    }

    @Test func smallTablesAreCountedExactly() async throws {
        let profile = try await Self.profile(
            """
            SELECT i AS id, i % 3 AS few, CASE WHEN i % 4 = 0 THEN NULL ELSE i / 10.0::DOUBLE END AS x,
                'AB-' || (100 + i) AS code, DATE '2024-01-01' + i::INTEGER AS day, i % 2 = 0 AS flag
            FROM range(100) t(i)
            """
        )
        #expect(profile.rowCount == 100)
        #expect(profile.columns.map(\.kind) == ["integer", "integer", "floating", "text", "date", "boolean"])
        let id = profile.columns[0]
        #expect(id.distinct == DistinctCount(count: 100, isExact: true))
        #expect(id.minimum == 0)
        #expect(id.maximum == 99)
        #expect(id.numbers?.mean == 49.5)
        #expect(id.numbers?.zeroCount == 1)
        #expect(id.quantiles.map(\.value) == [0, 4, 24, 49, 74, 94, 98])
        #expect(id.histogram?.counts == Array(repeating: 5, count: 20))
        let few = profile.columns[1]
        #expect(
            few.topValues == [
                ValueCount(value: 0, count: 34), ValueCount(value: 1, count: 33), ValueCount(value: 2, count: 33),
            ]
        )
        #expect(few.histogram?.counts == [34, 33, 33])
        let x = profile.columns[2]
        #expect(x.nullCount == 25)
        #expect(x.quantileHistogram?.counts.reduce(0, +) == 75)
        let code = profile.columns[3]
        #expect(code.patterns == [PatternCount(mask: "AA-999", count: 100)])
        #expect(code.lengths == LengthFacts(minimum: 6, maximum: 6, mean: 6, emptyCount: 0))
        let day = profile.columns[4]
        #expect(day.minimum == "2024-01-01")
        #expect(day.quantiles[3].value == "2024-02-19")
        #expect(profile.columns[5].topValues.map(\.value) == ["false", "true"])
        #expect(profile.candidateKeys.map(\.columns) == [["id"], ["code"], ["day"]])
        #expect(profile.correlations.first?.columns == ["id", "x"])
        #expect(profile.correlations.first?.coefficient.isClose(to: 1) == true)
    }

    /// Numbers that are not finite, columns without values, and types without an order.
    @Test func oddDataIsProfiled() async throws {
        let profile = try await Self.profile(
            """
            SELECT unnest(['nan', 'inf', '-inf', '1', '-0', NULL])::DOUBLE AS f, NULL AS nothing, '' AS blank,
                [1, 2] AS list, {'a': 1} AS record, MAP {'k': 1} AS pairs, INTERVAL 1 DAY AS span, 'ab'::BLOB AS raw,
                1.5::DECIMAL(9, 2) AS price, 170141183460469231731687303715884105727::HUGEINT AS wide,
                TIME '10:00' AS clock, TIMESTAMP '2024-01-01 10:00:00.5' AS at, '{"a": 1}'::JSON AS doc,
                'infinity'::DATE AS never, 1 AS "say ""hi""; DROP TABLE x"
            """
        )
        #expect(profile.rowCount == 6)
        let columns = Dictionary(uniqueKeysWithValues: profile.columns.map { ($0.name, $0) })
        let f = try #require(columns["f"])
        #expect(f.numbers?.nanCount == 1)
        #expect(f.numbers?.positiveInfinityCount == 1)
        #expect(f.numbers?.negativeInfinityCount == 1)
        #expect(f.nullCount == 1)
        #expect(f.maximum == .number(1))
        #expect(f.histogram?.counts.reduce(0, +) == 2)
        #expect(columns["nothing"]?.nullCount == 6)
        #expect(columns["nothing"]?.minimum == nil)
        #expect(columns["list"]?.lengths?.maximum == 2)
        #expect(columns["pairs"]?.lengths?.maximum == 1)
        #expect(columns["raw"]?.lengths?.maximum == 2)
        #expect(columns["blank"]?.lengths?.emptyCount == 6)
        #expect(columns["at"]?.minimum == "2024-01-01T10:00:00.500000")
        #expect(columns["clock"]?.minimum == "10:00:00")
        #expect(columns["record"]?.distinct?.count == 1)
        #expect(columns["never"]?.minimum == nil)
        #expect(columns["say \"hi\"; DROP TABLE x"]?.minimum == 1)
        #expect(profile.notes.isEmpty, "\(profile.notes)")
        let text = JSONText.encode(profile)
        // Once read, a whole number is no double any more, whatever it was.
        let read = try JSONText.decode(ProfileDocument.self, from: text)
        #expect(try JSONText.decode(ProfileDocument.self, from: JSONText.encode(read)) == read)
        #expect(read.columns[0].numbers == f.numbers)
    }

    @Test(arguments: [
        "SELECT 1 AS a, 'x' AS b WHERE false", "SELECT NULL::DOUBLE AS a, NULL::VARCHAR AS b FROM range(5)",
    ])
    func nothingIsProfiled(sql: String) async throws {
        let profile = try await Self.profile(sql)
        #expect(profile.columns.allSatisfy { $0.topValues.isEmpty && $0.histogram == nil && $0.minimum == nil })
        #expect(profile.candidateKeys.isEmpty)
    }

    /// More values than are counted one by one: estimates are near, counts stay exact.
    @Test func largeColumnsAreEstimatedClosely() async throws {
        let sql = """
            SELECT i AS id, hash(i) % 1000000 / 1e6::DOUBLE AS u,
                CASE WHEN i % 10 < 3 THEN 0 ELSE i END AS heavy, 'K' || (hash(i) % 20000) AS code,
                TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND AS at, i % 317 AS a, i // 317 AS b
            FROM range(200000) t(i)
            """
        let profile = try await Self.profile(sql)
        let columns = Dictionary(uniqueKeysWithValues: profile.columns.map { ($0.name, $0) })
        let u = try #require(columns["u"])
        for quantile in u.quantiles {
            let value = try #require(quantile.value.doubleValue)
            #expect(abs(value - quantile.share) < 0.01, "\(quantile)")
        }
        #expect(u.histogram?.counts.reduce(0, +) == 200_000)
        #expect(u.quantileHistogram?.counts.allSatisfy { $0 > 5_000 && $0 < 16_000 } == true)
        let heavy = try #require(columns["heavy"])
        #expect(heavy.topValues.first == ValueCount(value: 0, count: 60_000))
        let code = try #require(columns["code"])
        #expect(abs((code.distinct?.count ?? 0) - 20_000) < 2_000)
        #expect(code.distinct?.isExact == false)
        #expect(code.patterns.contains { $0.mask == "A99999" })
        #expect(profile.candidateKeys.map(\.columns) == [["id"], ["at"]])
        #expect(profile.scans <= 9, "\(profile.scans)")
        let pairs = try await Self.profile("SELECT a, b, heavy % 100 AS c FROM (\(sql))")
        #expect(pairs.candidateKeys.map(\.columns) == [["a", "b"]])
        #expect(try await Self.profile(sql) == profile)
    }

    /// One column only, of which one value fills a third: a sample by the row's hash takes all of them or none.
    @Test func frequentValuesOfASingleColumnAreFound() async throws {
        let profile = try await Self.profile(
            "SELECT CASE WHEN i % 3 = 0 THEN -1 ELSE i END AS x FROM range(90000) t(i)"
        )
        #expect(profile.columns[0].topValues.first == ValueCount(value: -1, count: 30_000))
        #expect(profile.columns[0].quantiles.first { $0.share == 0.25 }?.value == -1)
    }

    @Test func missingTogetherIsFound() async throws {
        let profile = try await Self.profile(
            """
            SELECT CASE WHEN i % 10 = 0 THEN NULL ELSE 1 END AS a, CASE WHEN i % 10 = 0 THEN NULL ELSE 2 END AS b,
                CASE WHEN i % 9 = 1 THEN NULL ELSE 2 END AS c FROM range(900) t(i)
            """
        )
        #expect(profile.missingTogether == [MissingTogether(columns: ["a", "b"], both: 90, either: 90)])
    }

    @Test func wideTablesAreProfiledInParts() async throws {
        let columns = (0..<450).map { "i + \($0) AS c\($0)" }.joined(separator: ", ")
        let profile = try await Self.profile("SELECT \(columns) FROM range(50) t(i)")
        #expect(profile.columns.count == 450)
        #expect(profile.columns[449].maximum == 498)
        #expect(profile.correlations.count == Limits.toldPairs)
        #expect(profile.notes.contains { $0.hasPrefix("correlations are of the first") })
    }

    @Test func overflowsTakeOnlyTheirColumnAway() async throws {
        let profile = try await Self.profile(
            "SELECT unnest([1e308, -1e308, 1.7e308]) AS huge, unnest([1, 2, 3]) AS fine"
        )
        #expect(profile.columns[1].numbers?.mean == 2)
        #expect(profile.columns[0].nullCount == 0)
    }
}
