import Foundation
import MartletCore
import Testing

@testable import MartletQuality

@Suite("Validation records")
struct ReportRecordTests {
    @Test(
        "instants are read in the ways that results write them",
        arguments: [
            ("2026-01-03T06:00:00+00:00", "2026-01-03T06:00:00.000000Z"),
            ("2026-01-03T06:00:00.123456+02:00", "2026-01-03T04:00:00.123456Z"),
            ("2026-01-03T06:00:00-0530", "2026-01-03T11:30:00.000000Z"),
            ("2026-01-03T06:00:00Z", "2026-01-03T06:00:00.000000Z"),
            ("2026-01-03T06:00:00.5", "2026-01-03T06:00:00.500000Z"),
            ("2026-01-03 06:00:00", "2026-01-03T06:00:00.000000Z"),
            ("20260103T060000.000123Z", "2026-01-03T06:00:00.000123Z"),
            ("20260103T060000Z", "2026-01-03T06:00:00.000000Z"),
            ("2026-01-03 06:30", "2026-01-03T06:30:00.000000Z"),
            ("2026-01-03", "2026-01-03T00:00:00.000000Z"),
        ]
    )
    func times(text: String, expected: String) {
        #expect(ReportTime.parse(text)?.description == expected)
    }

    @Test("what is no instant is none", arguments: ["", "today", "2026-13-01T00:00:00Z", "2026-01-03T06:00:00+99:99"])
    func noTimes(text: String) {
        #expect(ReportTime.parse(text) == nil)
    }

    static let old: JSONValue = [
        "success": false,
        "results": [
            [
                "success": false, "result": ["element_count": 10, "unexpected_count": 2, "missing_percent": 10.0],
                "expectation_config": [
                    "expectation_type": "expect_column_values_to_be_in_set",
                    "kwargs": ["column": "payment", "value_set": ["card"], "batch_id": "b"],
                    "meta": ["notes": ["format": "markdown", "content": ["One.", "Two."]]],
                ],
                "exception_info": [
                    "raised_exception": true, "exception_message": "boom", "exception_traceback": "line 1",
                ],
            ]
        ],
        "evaluation_parameters": ["low": 1],
        "statistics": ["evaluated_expectations": 1, "successful_expectations": 0],
        "meta": [
            "great_expectations_version": "0.18.22", "expectation_suite_name": "old.suite",
            "run_id": ["run_name": "__none__", "run_time": "2026-01-03T06:00:00+00:00"],
            "active_batch_definition": ["data_asset_name": "trips", "batch_identifiers": ["commit": "abc"]],
        ],
    ]

    @Test("the shape of 0.18 is read")
    func zero18() throws {
        let record = try #require(ValidationRecord(Self.old, fallback: "file"))
        #expect(record.suite == "old.suite")
        #expect(record.dataset == "trips")
        #expect(record.runName == nil)
        #expect(record.time?.description == "2026-01-03T06:00:00.000000Z")
        #expect(record.versions.map(\.name) == ["commit"])
        #expect(record.writer == "Great Expectations 0.18.22")
        #expect(record.parameters == ["low": 1])
        let result = try #require(record.results.first)
        #expect(result.type == "expect_column_values_to_be_in_set")
        #expect(result.notes == ["One.", "Two."])
        #expect(result.failures.map(\.message) == ["boom"])
        #expect(result.status == .error)
        #expect(record.rowCount == 10)
        #expect(record.nullShares == ["payment": 0.1])
    }

    static func record(_ results: [JSONValue], success: Bool = false) -> ValidationRecord? {
        ValidationRecord(["success": .bool(success), "results": .array(results)], fallback: "file")
    }

    static func result(success: Bool, severity: String? = nil, raised: Bool = false) -> JSONValue {
        let failure: JSONValue = [
            "raised_exception": .bool(raised), "exception_message": "m", "exception_traceback": nil,
        ]
        return [
            "success": .bool(success), "result": ["observed_value": nil],
            "expectation_config": [
                "type": "expect_table_row_count_to_equal", "kwargs": ["value": 1],
                "severity": severity.map(JSONValue.string) ?? .null,
            ],
            // Great Expectations 1.x gives one for each metric.
            "exception_info": ["metric b": failure, "metric a": failure],
        ]
    }

    @Test(
        "a validation is as bad as the worst that failed",
        arguments: [
            ([result(success: true)], true, ReportStatus.passed),
            ([result(success: true), result(success: false)], false, .failed),
            ([result(success: false, severity: "warning")], false, .warning),
            ([result(success: false, severity: "info")], false, .warning),
            ([result(success: false, severity: "warning"), result(success: false)], false, .failed),
            ([result(success: false, raised: true)], false, .failed),
            ([], false, .failed),
            ([], true, .passed),
        ]
    )
    func status(results: [JSONValue], success: Bool, expected: ReportStatus) {
        #expect(Self.record(results, success: success)?.status == expected)
    }

    @Test("one reason is told once, however many metrics have it")
    func failures() {
        let record = Self.record([Self.result(success: false, raised: true)])
        #expect(record?.results.first?.failures.count == 1)
        #expect(record?.results.first?.observed == nil)
    }

    @Test(
        "what is no validation result is not read as one",
        arguments: [JSONValue.null, [], [:], ["results": [], "success": "yes"], ["success": true], ["results": 3]]
    )
    func foreign(json: JSONValue) {
        #expect(ValidationRecord(json, fallback: "file") == nil)
    }

    @Test(
        "rows of metrics have instants of any kind",
        arguments: [
            ("2026-04-11", 1_775_865_600), (1_775_865_600, 1_775_865_600), (1_775_865_600_000, 1_775_865_600),
            (12, 12), ("12", 12),
        ] as [(JSONValue, Int64)]
    )
    func rows(time: JSONValue, seconds: Int64) {
        let point = MetricSeries.Point(["timestamp": time, "value": 3, "anomaly": true, "episode": 1, "lower": nil])
        #expect(point?.time == Timestamp(microseconds: seconds * 1_000_000))
        #expect(point?.isAnomaly == true && point?.episode == "1" && point?.lower == nil)
        #expect(MetricSeries.Point(["timestamp": time, "value": 3]) == nil)
    }
}
