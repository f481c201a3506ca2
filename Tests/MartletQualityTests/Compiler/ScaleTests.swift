import MartletCore
import Testing

@testable import MartletQuality

/// Wide tables and long suites.
@Suite
struct ScaleTests {
    @Test
    func checksTenThousandColumns() async throws {
        let bench = try await CheckBench("SELECT " + (0..<10_000).map { "\($0) AS c\($0)" }.joined(separator: ", "))
        let checks = CheckBench.checks((0..<10_000).map { .values(column: "c\($0)", .between(Bounds(maximum: 9_000))) })
        let outcomes = try await bench.outcomes(checks, format: ResultFormat(level: .booleanOnly))
        #expect(outcomes.count(where: \.success) == 9_001)
        #expect(outcomes.allSatisfy { $0.failure == nil })
    }

    @Test
    func makesThreeThousandChecksOfOneColumn() async throws {
        let bench = try await CheckBench("SELECT range AS v FROM range(1000)")
        let checks = CheckBench.checks(
            (0..<3_000).map { .values(column: "v", .between(Bounds(minimum: .integer($0)))) }
        )
        let outcomes = try await bench.outcomes(checks, format: ResultFormat(level: .booleanOnly))
        #expect(outcomes.map { $0.counts?.unexpectedCount } == (0..<3_000).map { min($0, 1_000) })
    }

    @Test
    func comparesAHundredColumnsWithEachOther() async throws {
        let bench = try await CheckBench("SELECT " + (0..<100).map { "\($0) AS c\($0)" }.joined(separator: ", "))
        let rule = CheckRule.multicolumn((0..<100).map { "c\($0)" }, .allDifferent, ignoring: .allMissing)
        #expect(try await bench.outcome(rule).success)
    }
}
