import MartletCore
import Testing

@testable import MartletQuality

/// What is asked of the engine, and what is not.
@Suite
struct PlanTests {
    private static let columns = [
        TableColumn(name: "id", type: "BIGINT", kind: .integer),
        TableColumn(name: "n", type: "INTEGER", kind: .integer),
        TableColumn(name: "f", type: "DOUBLE", kind: .floating), TableColumn(name: "t", type: "VARCHAR", kind: .text),
        TableColumn(name: "at", type: "TIMESTAMP", kind: .timestamp),
    ]
    private static let statistics = TableStatistics(
        rowCount: 1_000,
        columns: [
            "id": .init(nullCount: 0, minimum: .integer(1), maximum: .integer(1_000)),
            "n": .init(nullCount: 10, minimum: .integer(1), maximum: .integer(4)),
            "f": .init(nullCount: 0, minimum: .double(-1.5), maximum: .double(2.5), isWithin: true),
            "t": .init(nullCount: 3, distinctAtMost: 20),
            "at": .init(nullCount: 1_000),
        ]
    )

    private func plan(_ rules: [CheckRule], _ semantics: Semantics = .sql, dialect: SQLDialect = .duckdb) -> QualityPlan
    {
        QualityCompiler.plan(
            checks: CheckBench.checks(rules),
            columns: Self.columns,
            statistics: Self.statistics,
            semantics: semantics,
            dialect: dialect,
            format: ResultFormat(level: .booleanOnly)
        )
    }

    private static let proved: [(CheckRule, Bool)] = [
        (.table(.rowCountEquals(1_000)), true), (.table(.columnCountEquals(5)), true),
        (.values(column: "id", .notNull), true), (.values(column: "n", .notNull), true),
        (.values(column: "t", .null), true),
        (.values(column: "n", .between(Bounds(minimum: 1, maximum: 4))), true),
        (.values(column: "n", .between(Bounds(minimum: 1, isMinimumStrict: true))), false),
        (.values(column: "n", .between(Bounds(minimum: 5))), true),
        (.values(column: "n", .between(Bounds(minimum: 2))), false),
        (.values(column: "f", .between(Bounds(minimum: -1.5, maximum: 2.5))), true),
        (.values(column: "f", .between(Bounds(minimum: -1))), false),
        (.values(column: "at", .between(Bounds(minimum: "2020-01-01"))), true),
        (.values(column: "n", .inSet([4, 3, 2, 1])), true), (.values(column: "n", .inSet([1, 2, 4])), false),
        (.values(column: "n", .notInSet([0, 5])), true), (.values(column: "n", .inSet([7])), true),
        (.statistic(column: "n", .maximum, Bounds()), true), (.statistic(column: "f", .maximum, Bounds()), false),
        (.statistic(column: "n", .proportionOfNonNullValues, Bounds()), true),
        (.statistic(column: "at", .minimum, Bounds()), true), (.statistic(column: "n", .mean, Bounds()), false),
    ]

    @Test(arguments: proved)
    func asksNothingThatStatisticsProve(_ rule: CheckRule, _ isProved: Bool) {
        let plan = plan([rule])
        #expect(plan.services.first?.isDone == isProved)
        #expect(plan.passes.isEmpty == isProved)
    }

    @Test
    func conditionsOnRowsNeedTheRows() {
        let checks = [
            Check(
                index: 0,
                type: "t",
                rows: .comparison(column: "id", .greater, 5),
                rule: .values(column: "n", .between(Bounds(minimum: 1, maximum: 4)))
            )
        ]
        let plan = QualityCompiler.plan(
            checks: checks,
            columns: Self.columns,
            statistics: Self.statistics,
            semantics: .sql,
            dialect: .duckdb,
            format: ResultFormat()
        )
        #expect(plan.passes.map(\.kind) == ["fused"])
    }

    @Test
    func putsManyChecksIntoOnePass() {
        let plan = plan([
            .statistic(column: "f", .mean, Bounds()), .statistic(column: "f", .sum, Bounds()),
            .values(column: "f", .between(Bounds(minimum: 0))), .values(column: "id", .unique),
            .pair(a: "id", b: "n", .greater(orEqual: true), ignoring: .bothMissing),
        ])
        #expect(plan.passes.map(\.kind) == ["fused"])
        #expect(plan.passes.first?.checks == [0, 1, 2, 3, 4])
        #expect(
            plan.passes.first?.sql.contains("bitstring_agg(\"id\", CAST(1 AS BIGINT), CAST(1000 AS BIGINT))") == true
        )
    }

    @Test
    func testsPatternsOncePerDistinctString() {
        let plan = plan([
            .values(column: "t", .lengthBetween(Bounds(minimum: 1))), .values(column: "t", .inSet(["a"])),
            .statistic(column: "t", .uniqueValueCount, Bounds()), .values(column: "t", .unique),
        ])
        #expect(plan.passes.map(\.kind) == ["dictionary"])
        #expect(plan.passes.first?.checks == [0, 1, 2, 3])
    }

    @Test
    func sharesWhatSeveralNeed() throws {
        let plan = plan([
            .statistic(column: "f", .mean, Bounds()), .statistic(column: "f", .mean, Bounds(minimum: 1)),
            .values(column: "f", .zScore(threshold: 3, doubleSided: true)),
        ])
        let sql = try #require(plan.passes.first?.sql)
        #expect(sql.ranges(of: "favg").count == 1)
    }

    @Test
    func speaksSpark() throws {
        let plan = plan(
            [.values(column: "t", .regex("a'b")), .values(column: "f", .between(Bounds(minimum: 0.1)))],
            dialect: .spark
        )
        let sql = plan.passes.map(\.sql).joined(separator: "\n")
        #expect(sql.contains("('' RLIKE 'a\\'b')"))
        #expect(sql.contains("`f` < CAST('0.1' AS DOUBLE)"))
        #expect(SQLDialect.spark.identifier("a`b") == "`a``b`")
        #expect(SQLDialect.spark.string("a\\b'c") == "'a\\\\b\\'c'")
    }

    @Test
    func tellsPeopleAndPrograms() throws {
        let plan = plan([
            .table(.rowCountEquals(1_000)), .values(column: "zz", .notNull), .statistic(column: "f", .mean, Bounds()),
        ])
        #expect(plan.text.hasPrefix("3 checks, 1 query\n"))
        #expect(plan.text.contains("#0 t0: statistics tell the row count"))
        #expect(plan.text.contains("#1 t1(zz): the table has no column \"zz\""))
        #expect(plan.text.contains("serves #2 t2(f)"))
        #expect(
            plan.json["queries"] == [
                [
                    "kind": "fused", "purpose": "one pass over all rows: 1 value",
                    "sql": "SELECT favg(\"f\") FROM data", "checks": [2],
                ]
            ]
        )
    }
}
