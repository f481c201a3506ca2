import Foundation
import MartletCore
import Testing

@testable import MartletQuality

/// Drift on the real engine, between the rows of two queries.
@Suite struct DriftDetectorTests {
    static func compare(
        _ reference: String,
        _ data: String,
        _ detector: DriftDetector = DriftDetector()
    ) async throws -> DriftDocument {
        let left = try await ProfilerTests.table(reference)
        let right = try await ProfilerTests.table(data)
        return try await detector.compare(reference: left, data: right, names: ("before", "after"))
    }

    /// Rows whose values depend on the seed only; all columns are independent of each other.
    static func rows(_ count: Int, seed: Int, shift: Double = 0, extra: String = "") -> String {
        func uniform(_ salt: Int) -> String { "(hash(i || '/\(seed)/\(salt)') % 1000003) / 1000003.0::DOUBLE" }
        return """
            SELECT sqrt(-2 * ln(\(uniform(1)) + 1e-9)) * cos(2 * pi() * \(uniform(2))) + \(shift) AS x,
                (\(uniform(3)) * 8)::INTEGER AS few, ['red', 'green', 'blue', 'grey'][1 + (hash(i || 'c\(seed)') % 4)::BIGINT] AS colour,
                CASE WHEN \(uniform(5)) < 0.1 THEN NULL ELSE \(uniform(6)) END AS y,
                repeat('z', (\(uniform(7)) * 20)::INTEGER) || hash(i || 'n\(seed)') AS name,
                DATE '2024-01-01' + (\(uniform(8)) * 365)::INTEGER AS day\(extra)
            FROM range(\(count)) t(i)
            """
    }

    @Test(arguments: [100, 1_000, 30_000])
    func sameSourceDoesNotDrift(count: Int) async throws {
        let report = try await Self.compare(Self.rows(count, seed: 1), Self.rows(count, seed: 2))
        #expect(!report.drifted, "\(report.columns.filter(\.drifted).map(\.name))")
        #expect(report.tests >= 6)
        #expect(report.columns.map(\.name) == ["x", "few", "colour", "y", "name", "day"])
        let text = JSONText.encode(report)
        #expect(
            try JSONText.decode(DriftDocument.self, from: text).columns.map(\.aspects.count)
                == report.columns.map(\.aspects.count)
        )
    }

    @Test func theSameDataIsNowhereApart() async throws {
        let report = try await Self.compare(Self.rows(20_000, seed: 1), Self.rows(20_000, seed: 1))
        for aspect in report.columns.flatMap(\.aspects) { #expect(abs(aspect.effect ?? 0) < 1e-12) }
    }

    /// Each kind of change, and the only column that may be reported.
    @Test(arguments: [
        ("* REPLACE (x + 0.6 AS x)", "x", DriftAspect.values),
        ("* REPLACE (least(few, 3) AS few)", "few", .values),
        ("* REPLACE (CASE WHEN few = 1 THEN 'violet' ELSE colour END AS colour)", "colour", .values),
        ("* REPLACE (CASE WHEN few = 1 THEN NULL ELSE y END AS y)", "y", .missing),
        ("* REPLACE (CASE WHEN few = 1 THEN 'nan'::DOUBLE ELSE y END AS y)", "y", .notFinite),
        ("* REPLACE (name || 'abcdefgh' AS name)", "name", .lengths),
        ("* REPLACE (day + INTERVAL 90 DAY AS day)", "day", .values),
    ])
    func changesAreFound(select: String, column: String, aspect: DriftAspect) async throws {
        for count in [2_000, 30_000] {
            let cast = column == "day" ? "(day + 90)" : ""
            let changed = cast.isEmpty ? select : "* REPLACE (\(cast) AS day)"
            let report = try await Self.compare(
                Self.rows(count, seed: 1),
                "SELECT \(changed) FROM (\(Self.rows(count, seed: 2)))"
            )
            #expect(report.drifted)
            #expect(report.columns.filter(\.drifted).map(\.name) == [column], "\(count) rows")
            let alarms = report.columns.flatMap(\.aspects).filter(\.alarm).map(\.aspect)
            #expect(alarms == [aspect])
        }
    }

    @Test func schemasAreCompared() async throws {
        let report = try await Self.compare(
            "SELECT 1 AS a, 2 AS b, 'x' AS c, 1 AS gone FROM range(10)",
            "SELECT 1::BIGINT AS A, 'two' AS b, 'x' AS c, 1 AS extra FROM range(10)"
        )
        #expect(report.drifted)
        let changes = report.schema.map { "\($0.column) \($0.change.rawValue) \($0.alarm)" }
        #expect(
            changes == ["a type_changed false", "b kind_changed true", "gone missing true", "extra added false"]
        )
        #expect(report.columns.map(\.name) == ["a", "c"])
    }

    @Test func constantsEmptyColumnsAndFewRowsAreNoProblem() async throws {
        let constant = try await Self.compare("SELECT 5 AS a FROM range(200)", "SELECT 5 AS a FROM range(100)")
        #expect(!constant.drifted)
        let moved = try await Self.compare("SELECT 5 AS a FROM range(200)", "SELECT 6 AS a FROM range(100)")
        #expect(moved.drifted)
        let tiny = try await Self.compare("SELECT i AS a FROM range(3) t(i)", "SELECT i + 9 AS a FROM range(2) t(i)")
        #expect(!tiny.drifted)
        let empty = try await Self.compare(
            "SELECT NULL::INTEGER AS a FROM range(20)",
            "SELECT NULL::INTEGER AS a FROM range(20)"
        )
        #expect(!empty.drifted)
        let emptied = try await Self.compare(
            "SELECT i AS a FROM range(50) t(i)",
            "SELECT NULL::INTEGER AS a FROM range(50)"
        )
        #expect(emptied.columns[0].aspects.filter(\.alarm).map(\.aspect) == [.missing])
        let none = try await Self.compare("SELECT 1 AS a", "SELECT 1 AS a WHERE false")
        #expect(none.drifted)
        #expect(none.notes.contains { $0.hasPrefix("the data has no rows") })
    }

    @Test func aReferenceWithoutRowsIsRefused() async throws {
        let error = await #expect(throws: MartletError.self) {
            try await Self.compare("SELECT 1 AS a WHERE false", "SELECT 1 AS a")
        }
        #expect(error?.code == .driftReferenceEmpty)
    }

    @Test func distancesOfFewValuesAreExact() async throws {
        let report = try await Self.compare(
            "SELECT unnest([1, 1, 2, 3, 3, 3, 5]) AS a",
            "SELECT unnest([2, 3, 4, 4, 6, 6, 7, 7]) AS a"
        )
        let cumulative = try #require(report.columns[0].aspects[0].cumulative)
        #expect(cumulative.isExact)
        #expect(cumulative.kolmogorovSmirnov.isClose(to: 0.6071428571428571))
        #expect(cumulative.wasserstein.isClose(to: 2.3035714285714284))
    }

    @Test func manyCategoriesShareABin() async throws {
        let sql = "SELECT 'c' || least(i % 997, hash(i || %) % 997) AS c FROM range(50000) t(i)"
        let report = try await Self.compare(sql.replacing("%)", with: "'a')"), sql.replacing("%)", with: "'b')"))
        let aspect = report.columns[0].aspects[0]
        #expect(aspect.bins.count == Limits.driftCategories + 1)
        #expect(aspect.bins.last?.kind == .other)
        #expect(!report.columns[0].drifted)
    }

    @Test func keysAreCompared() async throws {
        let report = try await Self.compare(
            "SELECT i AS id, 'x' AS c FROM range(1000) t(i)",
            "SELECT greatest(i + 100, 101) AS ID, 'x' AS c FROM range(1000) t(i)",
            DriftDetector(ignored: [], keys: [["id"]], leastKept: 0.95)
        )
        let keys = try #require(report.keys.first)
        let counts: [Int] = [keys.reference, keys.data, keys.common, keys.new, keys.vanished]
        #expect(counts == [1_000, 999, 899, 100, 101])
        #expect(keys.dataDuplicates == 2)
        #expect(keys.alarm)
        let error = await #expect(throws: MartletError.self) {
            try await Self.compare("SELECT 1 AS id", "SELECT 1 AS id", DriftDetector(keys: [["idd"]]))
        }
        #expect(error?.code == .profileColumnUnknown)
        #expect(error?.remedy == "did you mean \"id\"?")
    }
}
