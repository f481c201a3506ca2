import Foundation
import MartletCore
import MartletTestKit
import Testing

/// `martlet schedule` as a user has it.
@Suite(.tags(.endToEnd)) struct ScheduleTests {
    private func schedule(_ arguments: String...) async throws -> MartletProgram.Result {
        try await MartletProgram.run(["schedule", "next"] + arguments, in: NSTemporaryDirectory())
    }

    /// The first start listed.
    private func first(_ result: MartletProgram.Result) throws -> [String: JSONValue] {
        guard case .array(let ticks) = try result.json, case .object(let fields)? = ticks.first else { return [:] }
        return fields
    }

    @Test func timesAsJSON() async throws {
        let result = try await schedule(
            "30 2 * * *",
            "--timezone",
            "America/New_York",
            "--after",
            "2024-03-10T06:30:00Z",
            "--count",
            "2",
            "--json"
        )
        #expect(result.status == 0 && result.talk.isEmpty)
        let expected = ["2024-03-10T07:30:00.000000Z", "2024-03-11T06:30:00.000000Z"].map { instant in
            JSONValue.object([
                "run_after": .string(instant), "data_interval_start": .string(instant),
                "data_interval_end": .string(instant),
            ])
        }
        #expect(try result.json == .array(expected))
    }

    @Test func intervalsAndPeriods() async throws {
        let intervals = try await schedule("@daily", "--intervals", "--after", "2024-03-10", "--count", "1", "--json")
        #expect(try first(intervals)["data_interval_start"] == "2024-03-10T00:00:00.000000Z")
        #expect(try first(intervals)["run_after"] == "2024-03-11T00:00:00.000000Z")
        let period = try await schedule("15m", "--after", "2024-03-10T00:07:00Z", "--count", "1", "--json")
        #expect(try first(period)["run_after"] == "2024-03-10T00:22:00.000000Z")
    }

    @Test func policiesForTheClocks() async throws {
        let arguments = ["30 1 * * *", "--timezone", "America/New_York", "--after", "2024-11-03T00:00", "--count", "2"]
        let result = try await MartletProgram.run(
            ["schedule", "next"] + arguments + ["--fold", "both"],
            in: NSTemporaryDirectory()
        )
        #expect(result.output.contains("-04:00  2024-11-03T05:30:00.000000Z"))
        #expect(result.output.contains("-05:00  2024-11-03T06:30:00.000000Z"))
    }

    @Test(
        arguments: [
            (["0 0 30 2 *"], "MT1011", "L for the last day"), (["@dialy"], "MT1011", "@daily"),
            (["@daily", "--timezone", "Europe/Berln"], "MT1022", "Europe/Berlin"), (["0s"], "MT1012", "15m"),
            (["@daily", "--after", "soon"], "MT1024", "2026-01-02"), (["@daily", "--count", "0"], "MT1019", "1 to"),
            (["0 0 1 1 * 0 2020", "--after", "2024-01-01"], "MT1025", "year"), (["@continuous"], "MT1025", "ended"),
            (["@daily", "--gap", "skp"], "MT1019", "skip"), (["15m", "--gap", "skip"], "MT1023", "cron"),
        ]
    )
    func wrongRequests(arguments: [String], code: String, hint: String) async throws {
        let result = try await MartletProgram.run(
            ["schedule", "next"] + arguments + ["--json"],
            in: NSTemporaryDirectory()
        )
        #expect(result.status == 2)
        #expect(result.talk.contains(code) && result.talk.contains(hint), "\(result.talk)")
        #expect(try result.json["errors"] != nil)
    }

    @Test func whatReadersDisagreeOnIsSaid() async throws {
        let result = try await schedule("59/15 * * * *", "--count", "1", "--json")
        #expect(result.status == 0 && result.talk.contains("59 alone"))
        let project = try TestProject(["p": "schedule: 59/15 * * * *\n" + BadInputTests.good])
        let validated = try await project.martlet("validate")
        #expect(validated.status == 0 && validated.talk.contains("59 alone"))
    }
}
