import MartletCore
import Testing

@testable import MartletQuality

/// Checks that cannot be made, and what must not happen.
@Suite
struct FailureTests {
    private static let failing: [(CheckRule, ErrorCode)] = [
        (.values(column: "zz", .notNull), .checkColumnUnknown),
        (.statistic(column: "zz", .maximum, Bounds()), .checkColumnUnknown),
        (.pair(a: "x", b: "zz", .equal, ignoring: .neither), .checkColumnUnknown),
        (.multicolumn(["x", "zz"], .allEqual, ignoring: .never), .checkColumnUnknown),
        (.values(column: "s", .between(Bounds(minimum: 1))), .checkTypeUnfit),
        (.values(column: "i", .between(Bounds(minimum: "2020-01-01"))), .checkTypeUnfit),
        (.values(column: "i", .between(Bounds(minimum: 5, maximum: 1))), .checkArgumentsInvalid),
        (.values(column: "i", .between(Bounds())), .checkArgumentsInvalid),
        (.values(column: "s", .regex("(?=a")), .checkPatternInvalid),
        (.values(column: "s", .regexList(["a", "(a)\\1"], matchAll: false)), .checkPatternInvalid),
        (.values(column: "s", .regexList([], matchAll: false)), .checkArgumentsInvalid),
        (.values(column: "s", .zScore(threshold: 1, doubleSided: true)), .checkTypeUnfit),
        (.statistic(column: "s", .mean, Bounds()), .checkTypeUnfit),
        (.statistic(column: "s", .minimum, Bounds(minimum: 1)), .checkTypeUnfit),
        (
            .quantiles(column: "s", QuantileRule(quantiles: [0.5], ranges: [.init(minimum: 0, maximum: 1)])),
            .checkTypeUnfit
        ),
        (
            .divergence(column: "s", DivergenceRule(partition: ["values": ["a"], "weights": [0.5]], threshold: 1)),
            .checkArgumentsInvalid
        ),
        (.unexpectedRows(query: "SELECT * FROM nowhere"), .checkQueryFailed),
        (.unexpectedRows(query: "SELECT 1) AS t; DROP VIEW data; --"), .checkArgumentsInvalid),
        (.condition(sql: "nowhere > 1"), .checkQueryFailed),
        (.condition(sql: "i > 1) OR (1 = 1"), .checkArgumentsInvalid),
        (.table(.rowCountEqualsOtherTable("nowhere")), .checkQueryFailed),
        (.closure(columns: ["x"]), .checkArgumentsInvalid),
    ]

    @Test
    func oneFailureStopsNoOther() async throws {
        let bench = try await CheckBench(CheckBench.small)
        let fine = CheckRule.values(column: "i", .notNull)
        var rules: [CheckRule] = []
        for (rule, _) in Self.failing { rules += [rule, fine] }
        let outcomes = try await bench.outcomes(CheckBench.checks(rules))
        for (index, (rule, code)) in Self.failing.enumerated() {
            let outcome = outcomes[index * 2]
            #expect(!outcome.success)
            #expect(outcome.failure?.error.code == code, "\(rule): \(outcome)")
            #expect(outcome.failure?.error.remedy?.isEmpty == false, "\(rule)")
            #expect(outcomes[index * 2 + 1].success)
        }
    }

    @Test
    func offersTheNearestColumn() async throws {
        let bench = try await CheckBench("SELECT 1 AS amount, 2 AS price")
        let outcome = try await bench.outcome(.values(column: "amuont", .notNull))
        #expect(outcome.failure?.error.remedy == "did you mean amount?")
        #expect(outcome.failure?.metric == "column_values.nonnull.condition(amuont)")
    }

    @Test
    func findsWhoIsToBlameForAFailingScan() async throws {
        let bench = try await CheckBench(
            "SELECT repeat('9', 38)::DECIMAL(38, 0) AS v, unnest([1, 2]) AS w"
        )
        let rules: [CheckRule] = [
            .values(column: "w", .between(Bounds(minimum: 0))),
            .statistic(column: "v", .sum, Bounds()),
            .statistic(column: "w", .mean, Bounds(minimum: 1)),
        ]
        let outcomes = try await bench.outcomes(CheckBench.checks(rules))
        #expect(outcomes.map(\.success) == [true, false, true])
        #expect(outcomes[1].failure?.error.code == .checkQueryFailed)
    }

    /// Texts that would end a quote, a name or a statement if they were not quoted.
    static let nasty = [
        "a\"b", "a'b", "'; DROP VIEW data; --", "\") FROM data; --", "a\\'b", "{batch}", "über 🐦", "e\u{301}",
        "'\u{301}",
        "\"\u{301}", "%_", "$1", "a b", "--", "/*", "?", "NULL", "''",
    ]

    @Test
    func quotesNames() async throws {
        let columns = Self.nasty.map { "\"\($0.unicodeQuoted("\""))\"" }
        let bench = try await CheckBench("SELECT " + columns.map { "1 AS \($0)" }.joined(separator: ", "))
        var rules: [CheckRule] = []
        for name in Self.nasty {
            rules += [
                .values(column: name, .notNull), .values(column: name, .unique), .values(column: name, .inSet([2])),
                .values(column: name, .increasing(strictly: false)),
                .statistic(column: name, .median, Bounds(minimum: 1)),
                .distinctValues(column: name, .equalSet, [1]), .mostCommonValue(column: name, in: [1], tiesOkay: true),
                .multicolumn([name, "a b"], .allEqual, ignoring: .never), .values(column: name, .regex("1")),
            ]
        }
        let format = ResultFormat(level: .complete, includesUnexpectedRows: true, indexColumns: Self.nasty)
        let outcomes = try await bench.outcomes(CheckBench.checks(rules), format: format)
        for (rule, outcome) in zip(rules, outcomes) {
            #expect(outcome.failure == nil, "\(rule)")
            let isInSet = if case .values(_, .inSet) = rule { true } else { false }
            #expect(outcome.success != isInSet, "\(rule)")
        }
    }

    @Test
    func quotesValues() async throws {
        let values = Self.nasty + ["a\0b", "\0", "'\0'"]
        let dialect = SQLDialect.duckdb
        let bench = try await CheckBench("SELECT unnest([\(values.map(dialect.string).joined(separator: ", "))]) AS v")
        let all = values.map { JSONValue.string($0) }
        for value in values {
            let others = all.filter { $0 != .string(value) }
            #expect(
                try await bench.outcome(.values(column: "v", .notInSet([.string(value)]))).counts?.unexpectedCount == 1
            )
            let outcome = try await bench.outcome(.values(column: "v", .inSet(others)))
            #expect(outcome.counts?.unexpectedValues == [.string(value)])
            let rows = RowCondition.comparison(column: "v", .equal, .string(value))
            #expect(
                try await bench.outcome(.table(.rowCountEquals(1)), rows: rows).success,
                "\(value.debugDescription)"
            )
        }
        #expect(try await bench.outcome(.distinctValues(column: "v", .equalSet, all)).success)
        #expect(try await bench.outcome(.table(.rowCountEqualsOtherTable("x\"; DROP VIEW data; --"))).failure != nil)
        #expect(try await bench.outcome(.table(.rowCountEquals(values.count))).success)
    }

    private static let fragments: [(String, Bool)] = [
        ("a > 1", true), ("(a) > (1)", true), ("a = ')'", true), ("a = 'it''s )'", true), ("\"a)\" > 1", true),
        ("a > 1 -- )", true), ("a /* ) */ > 1", true), ("a = E'\\')'", true), ("list[1] > {'a': 1}.a", true),
        ("a > 1)", false), ("(a > 1", false), ("a > 1; b", false), ("a = 'x", false), ("a /* x", false), ("", false),
        ("a = $$)$$", false), ("a = $t$)$t$", false), ("a\0b", false), (" ", false), ("a = '\\') OR (1=1", false),
    ]

    @Test(arguments: fragments)
    func takesWholeFragmentsOnly(_ text: String, _ isWhole: Bool) {
        #expect((SQLFragment.problem(text, .duckdb) == nil) == isWhole)
    }
}

extension String {
    /// The text with each scalar `quote` doubled.
    fileprivate func unicodeQuoted(_ quote: Unicode.Scalar) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            scalars.append(scalar)
            if scalar == quote { scalars.append(scalar) }
        }
        return String(scalars)
    }
}
