import MartletCore
import Testing

@testable import MartletQuality

/// Quantiles of many values, which are found by narrow ranges, are those of a full sort.
@Suite
struct RankTests {
    private static let values: [String] = [
        // Scattered, in order, mostly one value, few values, and with what is no number.
        "(range * 7919) % 300007", "range", "CASE WHEN range % 10 = 0 THEN range ELSE 5 END",
        "range % 6", "CASE WHEN range % 7 = 0 THEN 'nan'::DOUBLE ELSE (range * 31) % 1009 END",
    ]

    @Test(arguments: values)
    func findsWhatSortingFinds(_ expression: String) async throws {
        let bench = try await CheckBench("SELECT \(expression) AS v FROM range(250000)")
        let quantiles = [0, 0.001, 0.25, 0.5, 0.95, 1]
        let ranges = quantiles.map { _ in QuantileRule.Range(minimum: nil, maximum: nil) }
        let outcome = try await bench.outcome(
            .quantiles(column: "v", QuantileRule(quantiles: quantiles, ranges: ranges))
        )
        let fractions = quantiles.map { "\((($0 * 250_000).rounded(.up) - 0.5) / 250_000)" }
            .map { $0.hasPrefix("-") ? "0" : $0 }.joined(separator: ", ")
        let sorted = try await bench.session.query(
            "SELECT quantile_disc(v, [\(fractions)]) FROM \(bench.session.relation)"
        )
        guard case .list(let expected)? = sorted.rows.first?.first, case .array(let found)? = outcome.value?["values"]
        else {
            Issue.record("\(outcome)")
            return
        }
        #expect(found.map { "\($0)" } == expected.map { "\(ValueJSON.json($0))" })
    }
}
