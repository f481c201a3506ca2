import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct PartitionKeyTests {
    @Test(
        arguments: [
            (.hour, "2026-01-02T03"), (.day, "2026-01-02"), (.week, "2026-W01"), (.month, "2026-01"),
            (.quarter, "2026-Q1"), (.year, "2026"),
        ] as [(PartitionKey.Unit, String)]
    )
    func units(unit: PartitionKey.Unit, expected: String) throws {
        let interval = try TimetableTests.tick("2026-01-02T03:04/2026-01-03").interval
        #expect(PartitionKey.start(of: unit).text(of: interval, in: .utc) == expected)
    }

    @Test(
        arguments: [
            ("2024-12-30", "2025-W01"), ("2021-01-03", "2020-W53"), ("2023-01-01", "2022-W52"),
            ("2024-06-09", "2024-W23"), ("2024-06-10", "2024-W24"),
        ]
    )
    func weeksAreThoseOfISO8601(day: String, expected: String) throws {
        let interval = try TimetableTests.tick(day).interval
        #expect(PartitionKey.start(of: .week).text(of: interval, in: .utc) == expected)
    }

    @Test func keysAreOfTheZone() throws {
        let interval = try TimetableTests.tick("2026-01-01T02:00").interval
        #expect(PartitionKey.start(of: .quarter).text(of: interval, in: try Zone("America/New_York")) == "2025-Q4")
    }

    @Test func fixedAndMapped() throws {
        let interval = try TimetableTests.tick("2026-02-01").interval
        #expect(PartitionKey.fixed("all").text(of: interval, in: .utc) == "all")
        let key = PartitionKey.mapped(.start(of: .month), ["2026-01": "january"])
        #expect(key.text(of: interval, in: .utc) == "2026-02")
        #expect(key.text(of: try TimetableTests.tick("2026-01-31").interval, in: .utc) == "january")
    }
}
