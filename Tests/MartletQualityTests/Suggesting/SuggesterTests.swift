import MartletCore
import MartletTestKit
import Testing

@testable import MartletQuality

@Suite struct SuggesterTests {
    static func profiles(_ queries: [String]) async throws -> [ProfileDocument] {
        var profiles: [ProfileDocument] = []
        for query in queries {
            profiles.append(
                try await Profiler(told: Limits.suggestedSet).profile(
                    ProfilerTests.table(query),
                    source: "v\(profiles.count)"
                )
            )
        }
        return profiles
    }

    static func version(_ seed: Int, rows: Int = 5_000) -> String {
        """
        SELECT i + \(seed * 1_000_000) AS id, ['red', 'green', 'blue'][1 + (hash(i || '/\(seed)') % 3)::BIGINT] AS colour,
            (hash(i || '/\(seed)/1') % 100000) / 1000.0::DOUBLE AS price,
            CASE WHEN hash(i || '/\(seed)/2') % 20 = 0 THEN NULL ELSE hash(i || '/\(seed)/3') % 9000 END AS size,
            'AB-' || (1000 + hash(i || '/\(seed)/4') % 9000) AS code, i % 2 = 0 AS flag
        FROM range(\(rows)) t(i)
        """
    }

    static func kinds(_ suggestion: SuggestedSuite, of column: String) -> [String] {
        suggestion.suite.expectations.filter { $0.arguments["column"] == .string(column) }
            .map { $0.type.replacing("expect_column_", with: "") }
    }

    @Test func oneVersionGivesWideBounds() async throws {
        let suggestion = try Suggester().suite(from: await Self.profiles([Self.version(1)]), name: "orders")
        #expect(
            Self.kinds(suggestion, of: "id") == [
                "values_to_be_in_type_list", "values_to_not_be_null", "values_to_be_unique",
            ]
        )
        #expect(Self.kinds(suggestion, of: "colour").last == "values_to_be_in_set")
        #expect(Self.kinds(suggestion, of: "price").suffix(2) == ["values_to_be_between", "mean_to_be_between"])
        let code = try #require(suggestion.suite.expectations.first { $0.type.hasSuffix("match_regex") })
        #expect(code.arguments["regex"]?.stringValue == "^[A-Z]{2}-[0-9]{4}$")
        #expect(suggestion.falseAlarmRate <= 0.01)
        #expect(suggestion.falseAlarmRate > 0)
        #expect(suggestion.notes.contains { $0.hasPrefix("one version tells") })
        for proposal in suggestion.proposals {
            #expect(!proposal.reason.isEmpty)
            #expect(proposal.expectation.meta["martlet"]?["reason"] == .string(proposal.reason))
        }
    }

    @Test func manyVersionsNarrowTheBounds() async throws {
        let versions = try await Self.profiles((1...9).map { Self.version($0, rows: 4_800 + ($0 * 7919) % 400) })
        let suggestion = try Suggester().suite(from: versions, name: "orders")
        let rows = try #require(suggestion.proposals.first { $0.expectation.type.contains("row_count") })
        #expect(rows.falseAlarmRate != nil)
        let low = try #require(rows.expectation.arguments["min_value"]?.doubleValue)
        #expect(low > 1_000 && low < 4_800)
        // An id that grows has no range.
        #expect(!Self.kinds(suggestion, of: "id").contains("values_to_be_between"))
        #expect(suggestion.falseAlarmRate <= 0.01)
    }

    @Test func nothingIsLearntFromNothing() async throws {
        let profiles = try await Self.profiles(["SELECT 1 AS a WHERE false"])
        let error = #expect(throws: MartletError.self) { try Suggester().suite(from: profiles, name: "x") }
        #expect(error?.code == .suggestionImpossible)
    }

    @Test func aHandfulOfRowsGivesStructureOnly() async throws {
        let suggestion = try Suggester().suite(
            from: await Self.profiles(["SELECT 1 AS a, 'x' AS b FROM range(3)"]),
            name: "x"
        )
        #expect(
            suggestion.proposals.allSatisfy {
                $0.method == "structure" || $0.method == "wide" || $0.method.hasPrefix("cheb")
            }
        )
        #expect(suggestion.notes.contains { $0.hasPrefix("too few rows") })
        #expect(JSONText.encode(JSONValue.object(suggestion.suite.meta)).contains("too few rows"))
    }

    /// Rows drawn from one source: the tolerance is exceeded no more often than its rate says.
    @Test(arguments: [(0.0, 1_000), (0.002, 1_000), (0.05, 300)])
    func tolerancesKeepTheirRate(share: Double, rows: Int) {
        var generator = SeededGenerator(seed: 11)
        let versions = 3_000
        var alarms = 0
        let rate = 0.02
        func odd() -> Int { (0..<rows).count { _ in Double.random(in: 0..<1, using: &generator) < share } }
        for _ in 0..<versions / 10 {
            let seen = odd()
            let tolerance = RowTolerance(seen: seen, of: rows, next: rows, rate: rate)
            #expect(tolerance.rate <= rate)
            if odd() > tolerance.allowed { alarms += 1 }
        }
        let expected = rate * Double(versions / 10)
        #expect(Double(alarms) <= expected + 3 * expected.squareRoot(), "\(alarms)")
    }

    @Test func noOddRowSoFarAllowsAsManyAsCoinsMay() {
        // Of as many rows again, k odd ones all fall on the new side with chance 2^-k.
        let tolerance = RowTolerance(seen: 0, of: 1_000, next: 1_000, rate: 0.001)
        #expect(tolerance.allowed == 9)
        #expect(tolerance.rate.isClose(to: 1.0 / 1_024))
    }

    @Test(
        arguments: [
            (["AA-9", "A-999"], "^[A-Z]{1,2}-[0-9]{1,3}$"), (["9999-99-99"], "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
            (["a@a.aa", "a⁺@aaa.aaa"], "^[a-z]+@[a-z]{1,3}\\.[a-z]{2,3}$"), (["a⁺"], nil), (["xaa"], nil),
            (["a⁺…"], nil),
            (["A", "9-", "9+", "a"], nil), (["A9", "9A"], "^(?:[A-Z][0-9]|[0-9][A-Z])$"), ([""], nil),
        ] as [([String], String?)]
    )
    func masksBecomeExpressions(masks: [String], expression: String?) {
        #expect(MaskExpression.of(masks) == expression)
    }

    @Test func boundsFollowTheirHistory() throws {
        #expect(HistoryBound([1, 2, 3, 4, 5, 6], side: .both, rate: 0.01) == nil)
        #expect(HistoryBound([3, 1, 2], side: .both, rate: 0.01) == nil)
        let few = try #require(HistoryBound([10, 12, 9, 11, 10], side: .both, rate: 0.01))
        #expect(few.method == .chebyshev)
        #expect(few.high.isClose(to: 10.4 + 10 * 1.3.squareRoot()))
        let normal = try #require(HistoryBound([10, 12, 9, 11, 10, 8, 11, 10, 9, 12], side: .both, rate: 0.01))
        #expect(normal.method == .student)
        #expect(normal.high < few.high)
        let upper = try #require(HistoryBound([0, 0, 0, 0, 9, 0, 0, 0], side: .upper, rate: 0.01))
        #expect(upper.method == .cantelli)
        #expect(upper.low == -.infinity)
    }
}
