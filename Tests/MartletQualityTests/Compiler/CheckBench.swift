import Foundation
import MartletCore
import MartletDuckDB
import Testing

@testable import MartletQuality

/// A table in the real engine, and checks on it.
struct CheckBench {
    let session: any TableSession

    /// The rows of a query.
    init(_ sql: String) async throws {
        let engine = DuckDBTables(environment: ProcessInfo.processInfo.environment)
        session = try await engine.open(.query(sql, inputs: []), settings: .init())
    }

    /// The rows of a file.
    init(file path: String) async throws {
        let engine = DuckDBTables(environment: ProcessInfo.processInfo.environment)
        session = try await engine.open(.files(TableInput(name: "data", path: path)), settings: .init())
    }

    func outcomes(
        _ checks: [Check],
        _ semantics: Semantics = .sql,
        format: ResultFormat = ResultFormat(level: .complete),
        custom: [String: CustomExpectation] = [:]
    ) async throws -> [CheckOutcome] {
        try await QualityRun(session: session, custom: custom).outcomes(checks, semantics: semantics, format: format)
    }

    func outcome(
        _ rule: CheckRule,
        mostly: Double = 1,
        rows: RowCondition? = nil,
        _ semantics: Semantics = .sql,
        format: ResultFormat = ResultFormat(level: .complete)
    ) async throws -> CheckOutcome {
        let check = Check(index: 0, type: "t", rows: rows, mostly: mostly, rule: rule)
        return try #require(try await outcomes([check], semantics, format: format).first)
    }

    /// Rules as checks in their order.
    static func checks(_ rules: [CheckRule]) -> [Check] {
        rules.enumerated().map { Check(index: $0, type: "t\($0)", rule: $1) }
    }

    /// The small table that most tests look at, of which the answers of Great Expectations are known.
    static let small = """
        SELECT * FROM (VALUES
            (1.0::DOUBLE, 1::BIGINT, 'a', 1.5::DOUBLE, TIMESTAMP '2020-01-01'),
            (2.0, 2, 'b', NULL, TIMESTAMP '2020-02-01'),
            (3.0, 2, NULL, 2.5, TIMESTAMP '2020-03-01'),
            (NULL, 4, 'a', 3.5, TIMESTAMP '2020-03-05')) AS t(x, i, s, f, d)
        """
}

extension CheckOutcome {
    var counts: RowCounts? { if case .counts(let counts) = observation { counts } else { nil } }
    var value: JSONValue? { if case .value(let value, _, _) = observation { value } else { nil } }
    var details: [String: JSONValue] { if case .value(_, let details, _) = observation { details } else { [:] } }
    var told: [String: JSONValue] { if case .value(_, _, let counts) = observation { counts } else { [:] } }
}
