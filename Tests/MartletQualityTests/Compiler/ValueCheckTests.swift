import MartletCore
import Testing

@testable import MartletQuality

/// Tests of values one by one; the expected counts are those of Great Expectations 1.24.1 on the same rows.
@Suite
struct ValueCheckTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var rule: CheckRule
        var sql: [JSONValue]
        var pandas: [JSONValue]?
        var missing: Int? = 0
        var testDescription: String { "\(rule)" }
    }

    private static func of(_ column: String, _ rule: ValueRule) -> CheckRule { .values(column: column, rule) }

    private static let cases: [Case] = [
        Case(rule: of("i", .between(Bounds(minimum: 2.0))), sql: [1]),
        Case(rule: of("I", .between(Bounds(minimum: 2, isMinimumStrict: true))), sql: [1, 2, 2]),
        Case(rule: of("i", .between(Bounds(minimum: 1.5, maximum: 3.5))), sql: [1, 4]),
        Case(rule: of("i", .between(Bounds(maximum: 1e30))), sql: []),
        Case(rule: of("x", .between(Bounds(minimum: 1, maximum: 3, isMaximumStrict: true))), sql: [3.0], missing: 1),
        Case(rule: of("d", .between(Bounds(minimum: "2020-02-01"))), sql: ["2020-01-01T00:00:00"]),
        Case(rule: of("d", .between(Bounds(maximum: "2020-03-01 12:00:00"))), sql: ["2020-03-05T00:00:00"]),
        Case(rule: of("s", .inSet(["a"])), sql: ["b"], missing: 1),
        Case(rule: of("i", .inSet(["1", 2.0])), sql: [4], pandas: [1, 4]),
        Case(rule: of("i", .inSet([nil])), sql: [1, 2, 2, 4]),
        Case(rule: of("i", .inSet([])), sql: [1, 2, 2, 4]),
        Case(rule: of("i", .notInSet([])), sql: []),
        Case(rule: of("i", .notInSet([1, nil])), sql: [1]),
        Case(rule: of("s", .null), sql: ["a", "b", "a"], missing: nil),
        Case(rule: of("s", .notNull), sql: [nil], missing: nil),
        Case(rule: of("s", .unique), sql: ["a", "a"], missing: 1),
        Case(rule: of("i", .unique), sql: [2, 2]),
        Case(rule: of("i", .increasing(strictly: true)), sql: [2]),
        Case(rule: of("i", .increasing(strictly: false)), sql: []),
        Case(rule: of("x", .decreasing(strictly: false)), sql: [2.0, 3.0], missing: 1),
        Case(rule: of("s", .regex("^a$")), sql: ["b"], missing: 1),
        Case(rule: of("s", .notRegex("^a$")), sql: ["a", "a"], missing: 1),
        Case(rule: of("s", .regexList(["a", "b"], matchAll: false)), sql: [], missing: 1),
        Case(rule: of("s", .regexList(["a", "b"], matchAll: true)), sql: ["a", "b", "a"], missing: 1),
        Case(rule: of("s", .notRegexList(["a", "z"])), sql: ["a", "a"], missing: 1),
        Case(rule: of("s", .like("a%", escape: nil)), sql: ["b"], missing: 1),
        Case(rule: of("s", .notLike("A%", escape: nil)), sql: [], missing: 1),
        Case(rule: of("s", .likeList(["a", "b"], matchAll: false, escape: nil)), sql: [], missing: 1),
        Case(rule: of("s", .notLikeList(["_"], escape: "!")), sql: ["a", "b", "a"], missing: 1),
        Case(rule: of("i", .lengthEquals(1)), sql: []),
        Case(rule: of("s", .lengthBetween(Bounds(minimum: 2))), sql: ["a", "b", "a"], missing: 1),
        Case(rule: of("i", .zScore(threshold: 1, doubleSided: false)), sql: [4]),
        Case(rule: of("i", .zScore(threshold: 0.5, doubleSided: true)), sql: [1, 4]),
        Case(rule: of("i", .notOutlier(.iqr, multiplier: 1.5)), sql: [4]),
        Case(rule: of("i", .notOutlier(.std, multiplier: 1)), sql: [4]),
    ]

    @Test(arguments: cases)
    func countsAndTells(_ test: Case) async throws {
        let bench = try await CheckBench(CheckBench.small)
        for (semantics, expected) in [(Semantics.sql, test.sql), (.pandas, test.pandas ?? test.sql)] {
            let outcome = try await bench.outcome(test.rule, semantics)
            let counts = try #require(outcome.counts, "\(outcome)")
            #expect(counts.elementCount == 4)
            #expect(counts.missingCount == test.missing)
            #expect(counts.unexpectedValues == expected)
            #expect(counts.unexpectedCount == expected.count)
            #expect(outcome.success == expected.isEmpty)
            #expect(outcome.failure == nil)
        }
    }

    @Test(arguments: [(0.5, true), (0.75, true), (0.76, false)])
    func toleratesAShare(_ mostly: Double, _ isMet: Bool) async throws {
        let bench = try await CheckBench(CheckBench.small)
        let rule = Self.of("i", .between(Bounds(minimum: 2)))
        #expect(try await bench.outcome(rule, mostly: mostly).success == isMet)
    }

    @Test
    func looksAtTheRowsOfACondition() async throws {
        let bench = try await CheckBench(CheckBench.small)
        let rows = RowCondition.comparison(column: "x", .greater, 1)
        let counts = try #require(try await bench.outcome(Self.of("s", .inSet(["a"])), rows: rows).counts)
        #expect(counts.elementCount == 2)
        #expect(counts.missingCount == 1)
        #expect(counts.unexpectedValues == ["b"])
    }

    @Test(arguments: Semantics.allCases)
    func passesOnNoRows(_ semantics: Semantics) async throws {
        let bench = try await CheckBench(CheckBench.small + " WHERE false")
        for test in Self.cases {
            let outcome = try await bench.outcome(test.rule, semantics)
            #expect(outcome.success, "\(test.rule)")
            #expect(outcome.counts?.elementCount == 0)
            #expect(outcome.counts?.unexpectedCount == 0)
        }
    }

    @Test
    func takesNaNForAValueOrForNone() async throws {
        let bench = try await CheckBench("SELECT unnest([1.0::DOUBLE, 'nan'::DOUBLE, NULL, 'inf'::DOUBLE]) AS v")
        let rule = Self.of("v", .between(Bounds(minimum: 0)))
        let sql = try #require(try await bench.outcome(rule).counts)
        #expect((sql.missingCount, sql.unexpectedCount) == (1, 0))
        let high = Self.of("v", .between(Bounds(maximum: 5)))
        #expect(try await bench.outcome(high).counts?.unexpectedCount == 2)
        let pandas = try #require(try await bench.outcome(high, .pandas).counts)
        #expect((pandas.missingCount, pandas.unexpectedCount) == (2, 1))
    }

    private static let texts: [(ValueRule, [JSONValue])] = [
        (.jsonParseable, ["x", "2020-1-1", "May 5"]), (.strftime("%Y-%m-%d"), ["{}", "3", "x", "May 5"]),
        (.dateutilParseable, ["{}", "x"]),
    ]

    @Test(arguments: texts)
    func looksAtTextsInSwift(_ rule: ValueRule, _ unexpected: [JSONValue]) async throws {
        let bench = try await CheckBench("SELECT unnest(['{}', '3', 'x', '2020-1-1', NULL, 'May 5']) AS v")
        for semantics in Semantics.allCases {
            let outcome = try await bench.outcome(Self.of("v", rule), semantics)
            #expect(outcome.counts?.unexpectedValues == unexpected, "\(outcome)")
            #expect(outcome.counts?.unexpectedCount == unexpected.count)
            #expect(outcome.counts?.missingCount == 1)
        }
    }

    @Test
    func holdsTextsAgainstSchemas() async throws {
        let bench = try await CheckBench("SELECT unnest(['1', '\"a\"', '2']) AS v")
        let outcome = try await bench.outcome(Self.of("v", .jsonSchema(["type": "integer"])))
        #expect(outcome.counts?.unexpectedValues == ["\"a\""])
        let other = try await CheckBench("SELECT 'no json' AS v").outcome(
            Self.of("v", .jsonSchema(["type": "integer"]))
        )
        #expect(other.failure != nil)
    }

    @Test
    func tellsPlaces() async throws {
        let bench = try await CheckBench(CheckBench.small)
        let rule = Self.of("i", .unique)
        var format = ResultFormat(level: .summary, indexColumns: ["x"])
        let counts = try #require(try await bench.outcome(rule, format: format).counts)
        #expect(counts.unexpectedIndex == [["x": 2.0, "i": 2], ["x": 3.0, "i": 2]])
        #expect(try await bench.outcome(rule, .pandas).counts?.unexpectedIndex == [1, 2])
        format.includesUnexpectedRows = true
        let rows = try #require(try await bench.outcome(rule, format: format).counts?.unexpectedRows)
        #expect(rows.count == 2)
        #expect(rows.first?["s"] == "b")
        format.level = .booleanOnly
        #expect(try await bench.outcome(rule, format: format).counts?.unexpectedValues == [])
    }
}
