import Foundation
import MartletCore
import MartletTestKit
import Testing

/// Checks as steps: what they let go on, what they put aside, and what their verdicts are bound to.
@Suite(.tags(.endToEnd)) struct CheckTests {
    private let project: TestProject

    init() throws {
        project = try TestProject()
        try FileManager.default.createDirectory(atPath: "\(project.path)/pipelines", withIntermediateDirectories: true)
        try write("project: checks\n", to: "martlet.yaml")
        try write(
            """
            pipeline: orders
            sources: { orders/raw: { path: orders.csv, format: csv } }
            steps:
              - id: gate
                check: orders.yaml
                quarantine: 50%
                inputs: { data: orders/raw }
                outputs: { good: orders/good, bad: orders/bad }
              - id: total
                sql: SELECT count(*) AS n, sum(amount) AS total FROM good
                inputs: { good: orders/good }
                outputs: { total: orders/total }
            """,
            to: "pipelines/orders.yaml"
        )
        try write(
            """
            suite: orders
            columns:
              id: { unique: true }
              amount: { not_null: true, between: [0, 100] }
            expect:
              - { mean: [0, 60], column: amount }
            """,
            to: "orders.yaml"
        )
    }

    private func write(_ text: String, to path: String) throws {
        try project.write(path, text)
    }

    private func martlet(_ arguments: String...) async throws -> MartletProgram.Result {
        try await MartletProgram.run(arguments, in: project.path)
    }

    private func verdict(_ run: JSONValue) -> JSONValue? {
        guard case .array(let steps)? = run["steps"] else { return nil }
        return steps.first { $0["id"] == "gate" }?["verdict"]
    }

    @Test func badRowsArePutAsideAndTheOthersGoOn() async throws {
        try write("id,amount\n1,10\n2,20\n2,30\n3,900\n4,\n5,40\n6,50\n7,60\n8,70\n", to: "orders.csv")
        let run = try await martlet("run", "orders", "--json")
        #expect(run.status == 0, "\(run.talk)")
        let verdict = try #require(verdict(try run.json))
        #expect(verdict["state"] == "warned")
        #expect(verdict["quarantine"] == .object(["total": 9, "bad": 4]))
        guard case .array(let data)? = verdict["data"] else { return }
        #expect(data.count == 1 && data[0]["dataset"] == "orders/raw" && data[0]["digest"]?.stringValue?.count == 64)

        let rows = try await martlet(
            "quality",
            "profile",
            "--dataset",
            "orders/bad",
            "--json"
        )
        #expect(rows.status == 0, "\(rows.talk)")
        let log = try await martlet("lake", "log", "main", "-n", "1", "--json")
        #expect(log.output.contains("\"check\":\"gate\"") && log.output.contains("\"state\":\"warned\""))

        // The same suite over the same data is not run again.
        let again = try await martlet("run", "orders", "--json")
        guard case .array(let steps)? = try again.json["steps"] else { return }
        let reused = self.verdict(try again.json)
        #expect(steps[0]["reused_from"] != .null && reused?["state"] == "warned")
    }

    @Test func tooManyBadRowsFailTheStep() async throws {
        try write("id,amount\n1,-1\n2,-2\n3,5\n", to: "orders.csv")
        let run = try await martlet("run", "orders", "--json")
        #expect(run.status == 1)
        guard case .array(let steps)? = try run.json["steps"] else { return }
        #expect(steps[0]["error"]?["code"] == "MT5081", "\(steps[0])")
        #expect(steps[1]["state"] == "upstream_failed")
        #expect(try run.json["published"] == false)
    }

    @Test func aSuiteThatMakesNoSenseIsToldBeforeAnythingRuns() async throws {
        try write("suite: orders\ncolumns: { amount: { betwen: [0, 1] } }\n", to: "orders.yaml")
        try write("id,amount\n1,1\n", to: "orders.csv")
        let checked = try await martlet("validate")
        #expect(checked.status == 2)
        #expect(checked.talk.contains("between") || checked.output.contains("between"))
    }
}
