import MartletCore
import Testing

@testable import MartletQuality

/// Checks of columns as a whole; the expected values are those of Great Expectations 1.24.1 on the same rows.
@Suite
struct AggregateCheckTests {
    private static let statistics: [(String, ColumnStatistic, Bounds, Bool, JSONValue)] = [
        ("i", .minimum, Bounds(minimum: 1), true, 1),
        ("i", .minimum, Bounds(minimum: 1, isMinimumStrict: true), false, 1),
        ("d", .maximum, Bounds(minimum: "2020-01-01"), true, "2020-03-05T00:00:00"),
        ("s", .minimum, Bounds(), true, "a"), ("i", .median, Bounds(minimum: 1), true, 2.0),
        ("x", .sum, Bounds(minimum: 1), true, 6.0), ("i", .sum, Bounds(minimum: 10), false, 9),
        ("x", .standardDeviation, Bounds(minimum: 1), true, 1.0), ("i", .mean, Bounds(maximum: 2), false, 2.25),
        ("x", .proportionOfNonNullValues, Bounds(minimum: 0.5), true, 0.75),
        ("s", .uniqueValueCount, Bounds(maximum: 2), true, 2),
        ("s", .proportionOfUniqueValues, Bounds(maximum: 0.5), false, 0.6666666666666666),
    ]

    @Test(arguments: statistics)
    func tellsStatistics(
        _ column: String,
        _ statistic: ColumnStatistic,
        _ bounds: Bounds,
        _ isMet: Bool,
        _ value: JSONValue
    ) async throws {
        let bench = try await CheckBench(CheckBench.small)
        for semantics in Semantics.allCases {
            let outcome = try await bench.outcome(.statistic(column: column, statistic, bounds), semantics)
            #expect(outcome.success == isMet, "\(outcome)")
            #expect(outcome.value == value)
        }
    }

    private static let empty: [(ColumnStatistic, Semantics, Bool, JSONValue)] = [
        (.minimum, .sql, false, nil), (.mean, .pandas, false, nil), (.median, .sql, false, nil),
        (.standardDeviation, .pandas, false, nil), (.sum, .sql, false, nil), (.sum, .pandas, true, 0.0),
        (.uniqueValueCount, .sql, true, 0), (.proportionOfUniqueValues, .pandas, true, 0),
        (.proportionOfNonNullValues, .sql, true, 0),
    ]

    @Test(arguments: empty)
    func hasRulesForNoValues(
        _ statistic: ColumnStatistic,
        _ semantics: Semantics,
        _ isMet: Bool,
        _ value: JSONValue
    ) async throws {
        let bench = try await CheckBench(CheckBench.small + " WHERE false")
        let outcome = try await bench.outcome(.statistic(column: "x", statistic, Bounds()), semantics)
        #expect(outcome.success == isMet)
        #expect(outcome.value == value)
    }

    @Test
    func quantilesAreDiscreteOrNearest() async throws {
        let bench = try await CheckBench(CheckBench.small)
        let ranges: [(Double?, Double?)] = [(0, 1), (nil, 2), (1, nil), (0, 1), (0, 9)]
        let rule = QuantileRule(
            quantiles: [0, 0.25, 0.5, 0.7, 1],
            ranges: ranges.map { QuantileRule.Range(minimum: $0.0, maximum: $0.1) }
        )
        let sql = try await bench.outcome(.quantiles(column: "i", rule))
        #expect(sql.value?["values"] == [1, 1, 2, 2, 4])
        #expect(sql.details["success_details"] == [true, true, true, false, true])
        let pandas = try await bench.outcome(.quantiles(column: "i", rule), .pandas)
        #expect(pandas.value?["values"] == [1, 2, 2, 2, 4])
        let empty = try await CheckBench(CheckBench.small + " WHERE false").outcome(.quantiles(column: "i", rule))
        #expect(!empty.success)
        #expect(empty.value?["values"] == [nil, nil, nil, nil, nil])
    }

    private static let interpolated: [(JSONValue, JSONValue)] = [
        ("linear", 1.75), ("lower", 1), ("higher", 2), ("midpoint", 1.5), ("nearest", 2), (false, 2),
    ]

    @Test(arguments: interpolated)
    func pandasInterpolates(_ name: JSONValue, _ value: JSONValue) async throws {
        let bench = try await CheckBench("SELECT unnest([4, 1, 3, 2]) AS v")
        let rule = QuantileRule(quantiles: [0.25], ranges: [.init(minimum: 0, maximum: 9)], allowRelativeError: name)
        #expect(try await bench.outcome(.quantiles(column: "v", rule), .pandas).value?["values"] == .array([value]))
    }

    @Test
    func tellsDistinctValues() async throws {
        let bench = try await CheckBench(CheckBench.small)
        let within = try await bench.outcome(.distinctValues(column: "s", .beInSet, ["a"]))
        #expect(within.told == ["unexpected_count": 1, "partial_unexpected_list": ["b"]])
        let containing = try await bench.outcome(.distinctValues(column: "s", .containSet, ["a", "z", nil, "a"]))
        #expect(containing.told == ["missing_count": 3, "partial_missing_list": ["z", nil]])
        let equal = try await bench.outcome(.distinctValues(column: "s", .equalSet, ["a", "z"]))
        #expect(
            equal.told == [
                "unexpected_count": 1, "missing_count": 1, "partial_unexpected_list": ["b"],
                "partial_missing_list": ["z"],
            ]
        )
        let met = try await bench.outcome(.distinctValues(column: "s", .equalSet, ["a", "b"]))
        #expect(met.success)
        #expect(met.value == .null)
    }

    @Test
    func tellsModesWithTies() async throws {
        let bench = try await CheckBench(CheckBench.small)
        #expect(try await bench.outcome(.mostCommonValue(column: "s", in: ["a"], tiesOkay: false)).success)
        let ties = try await bench.outcome(.mostCommonValue(column: "f", in: [1.5], tiesOkay: true))
        #expect(ties.success)
        #expect(ties.value == [1.5, 2.5, 3.5])
        #expect(try await !bench.outcome(.mostCommonValue(column: "f", in: [1.5], tiesOkay: false)).success)
    }

    @Test
    func divergesByValues() async throws {
        let bench = try await CheckBench("SELECT unnest(['a', 'a', 'b']) AS v")
        let halves = DivergenceRule(partition: ["values": ["a", "b"], "weights": [0.5, 0.5]], threshold: 0.1)
        let outcome = try await bench.outcome(.divergence(column: "v", halves))
        #expect(outcome.success)
        #expect(outcome.value == 0.056633012265132454)
        let unseen = DivergenceRule(
            partition: ["values": ["z", "b"], "weights": [0.5, 0.5]],
            threshold: 0.1,
            tailWeightHoldout: 0.1
        )
        let other = try await bench.outcome(.divergence(column: "v", unseen))
        #expect(other.value == 1.1647117924404746)
        #expect(other.details["expected_partition"]?["weights"] == [0.45, 0.45, 0.1])
        #expect(other.details["observed_partition"]?["values"] == ["z", "b", "a"])
    }

    @Test
    func divergesByBins() async throws {
        let bench = try await CheckBench(CheckBench.small)
        let plain = DivergenceRule(partition: ["bins": [0, 2, 3, 4], "weights": [0.5, 0.25, 0.25]], threshold: 0.1)
        #expect(try await bench.outcome(.divergence(column: "f", plain)).value == 0.056633012265132454)
        let held = DivergenceRule(
            partition: ["bins": [0, 2, 3, 4], "weights": [0.5, 0.0, 0.5]],
            threshold: 0.1,
            internalWeightHoldout: 0.1,
            tailWeightHoldout: 0.1
        )
        let outcome = try await bench.outcome(.divergence(column: "f", held))
        #expect(outcome.value == 0.2797765635793421)
        #expect(outcome.details["expected_partition"]?["weights"] == [0.4, 0.1, 0.4])
        #expect(outcome.details["expected_partition"]?["tail_weights"] == [0.05, 0.05])
        let outside = DivergenceRule(partition: ["bins": [2, 3, 3.2], "weights": [0.5, 0.5]], threshold: 0.1)
        let unmet = try await bench.outcome(.divergence(column: "f", outside))
        #expect(unmet.value == .null)
        #expect(!unmet.success)
        let own = try await bench.outcome(.divergence(column: "i", DivergenceRule(partition: nil, threshold: 0.1)))
        #expect(own.value == 0.0)
        #expect(own.details["observed_partition"]?["bins"] == [1.0, 2.0, 3.0, 4.0])
    }
}
