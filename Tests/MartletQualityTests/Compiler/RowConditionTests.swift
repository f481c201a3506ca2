import MartletCore
import Testing

@testable import MartletQuality

/// Which rows a check looks at; the expected ones are those of Great Expectations 1.24.1.
@Suite
struct RowConditionTests {
    private static let rows = """
        SELECT * FROM (VALUES
            (1, 'a', 1.0::DOUBLE, true), (2, NULL, NULL, false), (3, 'b', 3.0, true),
            (4, 'a', NULL, true), (5, 'c', 5.0, false), (6, 'b', 6.0, true)) AS t(i, s, x, b)
        """

    private static let cases: [(RowCondition, [JSONValue], [JSONValue])] = [
        (.comparison(column: "x", .greater, 2), [3, 5, 6], [3, 5, 6]),
        (.comparison(column: "x", .notEqual, 3), [1, 5, 6], [1, 2, 4, 5, 6]),
        (.nullity(column: "s", isNull: true), [2], [2]),
        (.comparison(column: "s", .isIn, ["a", "b", nil]), [1, 3, 4, 6], [1, 3, 4, 6]),
        (.comparison(column: "s", .isNotIn, ["a"]), [3, 5, 6], [2, 3, 5, 6]),
        (.comparison(column: "b", .equal, true), [1, 3, 4, 6], [1, 3, 4, 6]),
        (
            .or([.comparison(column: "i", .greater, 4), .comparison(column: "s", .equal, "a")]), [1, 4, 5, 6],
            [1, 4, 5, 6]
        ),
        (.and([.comparison(column: "i", .greater, 1), .comparison(column: "x", .lessOrEqual, 5)]), [3, 5], [3, 5]),
        (.verbatim("x > 2 OR s IS NULL -- both"), [2, 3, 5, 6], [2, 3, 5, 6]),
        (.comparison(column: "i", .equal, "x"), [], []),
    ]

    @Test(arguments: cases)
    func looksAtRows(_ condition: RowCondition, _ sql: [JSONValue], _ pandas: [JSONValue]) async throws {
        let bench = try await CheckBench(Self.rows)
        for (semantics, expected) in [(Semantics.sql, sql), (.pandas, pandas)] {
            let outcome = try await bench.outcome(.values(column: "i", .inSet([])), rows: condition, semantics)
            #expect(outcome.counts?.unexpectedValues == expected, "\(outcome)")
            #expect(outcome.counts?.elementCount == expected.count)
            let count = try await bench.outcome(.table(.rowCountEquals(expected.count)), rows: condition, semantics)
            #expect(count.success)
        }
    }

    @Test(arguments: Semantics.allCases)
    func statisticsAreOfTheRowsLookedAt(_ semantics: Semantics) async throws {
        let bench = try await CheckBench(Self.rows)
        let condition = RowCondition.comparison(column: "i", .less, 4)
        let expected: [(ColumnStatistic, JSONValue)] = [
            (.minimum, 1.0), (.maximum, 3.0), (.mean, 2.0), (.median, 2.0), (.sum, 4.0), (.uniqueValueCount, 2),
        ]
        for (statistic, value) in expected {
            let rule = CheckRule.statistic(column: "x", statistic, Bounds())
            #expect(try await bench.outcome(rule, rows: condition, semantics).value == value, "\(statistic)")
        }
        let unique = try await bench.outcome(.values(column: "s", .unique), rows: condition, semantics)
        #expect(unique.success)
    }

    @Test
    func pandasReadsNoMomentsInSets() async throws {
        let bench = try await CheckBench(CheckBench.small)
        let rule = CheckRule.values(column: "d", .inSet(["2020-01-01"]))
        #expect(try await bench.outcome(rule).counts?.unexpectedCount == 3)
        #expect(try await bench.outcome(rule, .pandas).counts?.unexpectedCount == 4)
    }
}
