import MartletCore
import Testing

@testable import MartletQuality

/// Conditions that split good rows from bad ones agree with the counts of the checks.
@Suite
struct RowPredicateTests {
    private static let rules: [CheckRule] = [
        .values(column: "i", .between(Bounds(minimum: 2))), .values(column: "s", .notNull), .values(column: "s", .null),
        .values(column: "s", .unique), .values(column: "i", .unique),
        .values(column: "x", .decreasing(strictly: false)),
        .values(column: "i", .increasing(strictly: true)),
        .values(column: "i", .zScore(threshold: 1, doubleSided: true)),
        .values(column: "i", .notOutlier(.iqr, multiplier: 1.5)),
        .values(column: "i", .notOutlier(.std, multiplier: 1)),
        .values(column: "s", .regex("^b")), .pair(a: "x", b: "f", .greater(orEqual: false), ignoring: .bothMissing),
        .multicolumn(["i", "s"], .uniqueCombination, ignoring: .allMissing),
        .multicolumn(["x", "i"], .sum(2), ignoring: .allMissing), .condition(sql: "x > 1"),
        .values(column: "s", .jsonParseable),
    ]

    @Test(arguments: Semantics.allCases, [nil, RowCondition.comparison(column: "i", .less, 4)])
    func agreesWithCounts(_ semantics: Semantics, _ rows: RowCondition?) async throws {
        let bench = try await CheckBench(CheckBench.small)
        let checks = Self.rules.enumerated().map { Check(index: $0, type: "t", rows: rows, rule: $1) }
        let outcomes = try await bench.outcomes(checks, semantics)
        let predicates = try await RowPredicates.predicates(
            checks: checks,
            session: bench.session,
            semantics: semantics
        )
        for (check, (outcome, predicate)) in zip(checks, zip(outcomes, predicates)) {
            let unexpected = try #require(predicate?.unexpected)
            let table = try await bench.session.query(
                "SELECT count(*), count(bad), coalesce(sum(bad::INT), 0)::BIGINT FROM"
                    + " (SELECT \(unexpected) AS bad FROM \(bench.session.relation))"
            )
            let count = try #require(outcome.counts?.unexpectedCount, "\(outcome)")
            #expect(table.rows == [[.integer(4), .integer(4), .integer(Int64(count))]], "\(check.rule): \(unexpected)")
        }
    }

    @Test
    func leavesOutWhatIsNotAboutRows() async throws {
        let bench = try await CheckBench(CheckBench.small)
        let checks = CheckBench.checks([
            .table(.rowCountEquals(4)), .statistic(column: "i", .mean, Bounds()), .values(column: "zz", .notNull),
            .values(column: "s", .ofType("TEXT")),
        ])
        let predicates = RowPredicates.predicates(
            checks: checks,
            columns: bench.session.columns,
            semantics: .sql,
            dialect: .duckdb,
            relation: bench.session.relation
        )
        #expect(predicates == [nil, nil, nil, nil])
    }
}
