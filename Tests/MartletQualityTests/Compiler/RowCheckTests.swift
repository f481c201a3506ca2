import MartletCore
import Testing

@testable import MartletQuality

/// Checks of several columns of a row, of the table, and by queries.
@Suite
struct RowCheckTests {
    private static let rows: [(CheckRule, Int, Int, Int, Int)] = [
        // Rule, missing and unexpected in SQL, then in pandas.
        (.pair(a: "x", b: "f", .greater(orEqual: false), ignoring: .bothMissing), 0, 1, 0, 3),
        (.pair(a: "x", b: "f", .greater(orEqual: true), ignoring: .eitherMissing), 2, 1, 2, 1),
        (.pair(a: "x", b: "i", .equal, ignoring: .neither), 0, 2, 0, 2),
        (.pair(a: "i", b: "s", .inSet([[1, "a"], [2, "b"]]), ignoring: .neither), 0, 1, 0, 2),
        (.pair(a: "i", b: "s", .inSet([[1, "a"], [2, "b"], [2, nil], [4, "a"]]), ignoring: .neither), 0, 0, 0, 0),
        (.multicolumn(["i", "s"], .uniqueCombination, ignoring: .allMissing), 0, 0, 0, 0),
        (.multicolumn(["x", "i"], .sum(2), ignoring: .allMissing), 0, 2, 0, 3),
        (.multicolumn(["x", "f"], .allEqual, ignoring: .allMissing), 0, 4, 0, 4),
        (.multicolumn(["x", "i", "f"], .allDifferent, ignoring: .allMissing), 0, 2, 0, 2),
    ]

    @Test(arguments: rows)
    func countsRows(_ rule: CheckRule, _ missing: Int, _ count: Int, _ pandasMissing: Int, _ pandas: Int) async throws {
        let bench = try await CheckBench(CheckBench.small)
        let sql = try await bench.outcome(rule)
        #expect(sql.counts?.missingCount == missing, "\(sql)")
        #expect(sql.counts?.unexpectedCount == count)
        #expect(sql.counts?.unexpectedValues.count == count)
        let other = try await bench.outcome(rule, .pandas)
        #expect(other.counts?.missingCount == pandasMissing)
        #expect(other.counts?.unexpectedCount == pandas, "\(other)")
        #expect(other.counts?.unexpectedIndex?.count == pandas)
    }

    @Test
    func nullKeysMatchInPandasOnly() async throws {
        let bench = try await CheckBench("SELECT * FROM (VALUES (1, NULL), (1, NULL), (2, 3), (2, 3)) AS t(a, b)")
        let rule = CheckRule.multicolumn(["a", "b"], .uniqueCombination, ignoring: .allMissing)
        #expect(try await bench.outcome(rule).counts?.unexpectedCount == 2)
        let pandas = try #require(try await bench.outcome(rule, .pandas).counts)
        #expect(pandas.unexpectedCount == 4)
        #expect(pandas.unexpectedValues.first == ["a": 1, "b": nil])
    }

    private static let tables: [(TableRule, Bool, JSONValue?)] = [
        (.columnExists("x", index: nil), true, nil), (.columnExists("x", index: 1), false, nil),
        (.columnExists("X", index: nil), false, nil), (.columnExists("i", index: 1), true, nil),
        (.columnType("i", "BIGINT"), true, "BIGINT"), (.columnType("i", "int64"), true, "BIGINT"),
        (.columnType("i", "INTEGER"), false, "BIGINT"), (.columnType("s", "TEXT"), true, "VARCHAR"),
        (.columnCountEquals(4), false, 5), (.columnCount(Bounds(minimum: 5)), true, 5), (.rowCountEquals(4), true, 4),
        (.rowCount(Bounds(minimum: 4, maximum: 9, isMinimumStrict: true)), false, 4),
        (.columnsMatchSet(["x", "q"], isExact: true), false, ["d", "f", "i", "s", "x"]),
        (.columnsMatchSet(["x", "s"], isExact: false), true, ["d", "f", "i", "s", "x"]),
        (.columnsMatchOrdered(["x", "i", "s", "f", "d"]), true, ["x", "i", "s", "f", "d"]),
    ]

    @Test(arguments: tables)
    func looksAtTheTable(_ rule: TableRule, _ isMet: Bool, _ value: JSONValue?) async throws {
        let outcome = try await CheckBench(CheckBench.small).outcome(.table(rule))
        #expect(outcome.success == isMet)
        #expect(outcome.value == value)
    }

    @Test
    func tellsColumnsOutOfPlace() async throws {
        let outcome = try await CheckBench(CheckBench.small).outcome(.table(.columnsMatchOrdered(["x", "s", "i"])))
        guard case .array(let mismatched)? = outcome.details["mismatched"] else {
            Issue.record("\(outcome)")
            return
        }
        #expect(mismatched.count == 4)
        #expect(mismatched.first == ["Expected Column Position": 1, "Expected": "s", "Found": "i"])
        #expect(mismatched.last == ["Expected Column Position": 4, "Expected": nil, "Found": "d"])
    }

    @Test
    func runsQueries() async throws {
        let bench = try await CheckBench(CheckBench.small)
        let found = try await bench.outcome(.unexpectedRows(query: "select i, '{{}}' as b from {batch} where i > 1; "))
        #expect(found.value == 3)
        #expect(found.details["unexpected_rows"] == [["i": 2, "b": "{}"], ["i": 2, "b": "{}"], ["i": 4, "b": "{}"]])
        #expect(try await bench.outcome(.unexpectedRows(query: "SELECT * FROM {batch} WHERE i > 100 -- none")).success)
        let rows = RowCondition.comparison(column: "i", .less, 3)
        #expect(
            try await bench.outcome(.unexpectedRows(query: "SELECT * FROM {batch} WHERE i > 1"), rows: rows).value == 2
        )
        let same = CheckRule.queryComparison(
            base: "SELECT i FROM {batch}",
            source: "x",
            comparison: "SELECT unnest([4, 2, 1, 2])"
        )
        #expect(try await bench.outcome(same).success)
        let other = CheckRule.queryComparison(
            base: "SELECT i FROM {batch}",
            source: "x",
            comparison: "SELECT unnest([4, 2, 1])"
        )
        let outcome = try await bench.outcome(other)
        #expect(outcome.told == ["unexpected_count": 1, "unexpected_percent": 25.0])
        #expect(outcome.details["unexpected_rows"] == [["i": 2]])
        #expect(try await bench.outcome(.condition(sql: "i < 4 AND x IS NOT NULL")).counts?.unexpectedCount == 1)
        #expect(try await bench.outcome(.condition(sql: "x > 1")).counts?.unexpectedCount == 2)
    }

    @Test
    func runsClosures() async throws {
        let bench = try await CheckBench(CheckBench.small)
        let custom = CustomExpectation { (values) throws(MartletError) in values != [.integer(2), .null] }
        let check = Check(index: 3, type: "expect_fit", rule: .closure(columns: ["i", "s"]))
        let outcomes = try await bench.outcomes([check], custom: ["expect_fit": custom])
        #expect(outcomes.first?.counts?.unexpectedCount == 1)
        #expect(outcomes.first?.counts?.unexpectedValues == [["i": 2, "s": nil]])
        #expect(try await bench.outcomes([check]).first?.failure?.error.code == .checkArgumentsInvalid)
    }
}
