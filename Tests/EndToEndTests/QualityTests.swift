import Foundation
import MartletCore
import MartletTestKit
import Testing

/// `martlet quality` as people use it: the built program over real files.
@Suite(.tags(.endToEnd)) struct QualityTests {
    private let project: TestProject

    init() throws {
        project = try TestProject()
        try FileManager.default.createDirectory(atPath: "\(project.path)/quality", withIntermediateDirectories: true)
        try project.write("flights.csv", "id,carrier,distance\n1,AA,100\n2,UA,200\n3,ZZ,-5\n")
        try project.write(
            "quality/flights.yaml",
            """
            suite: flights
            columns:
              id: { not_null: true, unique: true }
              carrier: { in: [AA, UA], severity: warning }
              distance: { at_least: { $PARAMETER: lo } }
            expect:
              - row_count_between: [1, 10]
              - { sql: "distance < 1000", name: flights are short }

            """
        )
    }

    @discardableResult
    private func quality(_ arguments: String..., expecting status: Int32 = 0) async throws -> MartletProgram.Result {
        let result = try await MartletProgram.run(["quality"] + arguments, in: project.path)
        #expect(result.status == status, "\(arguments): \(result.talk) \(result.output)")
        return result
    }

    @Test func suiteToVerdict() async throws {
        let passed = try await quality(
            "run",
            "flights",
            "--data",
            "flights.csv",
            "--param",
            "lo=-5",
            "--json",
            "--sql",
            "SELECT * FROM data WHERE carrier <> 'ZZ'"
        )
        .json
        #expect(passed["success"] == true && passed["statistics"]?["evaluated_expectations"] == 6)
        let failed = try await quality(
            "run",
            "flights",
            "--data",
            "flights.csv",
            "--param",
            "lo=0",
            "--json",
            "--mask",
            "carrier",
            "--save",
            expecting: 1
        )
        #expect(try failed.json["statistics"]?["unsuccessful_expectations"] == 2)
        #expect(!failed.output.contains("ZZ") && failed.output.contains("***"))
        let text = try await quality(
            "run",
            "flights",
            "--data",
            "flights.csv",
            "--param",
            "lo=0",
            "--samples",
            "3",
            expecting: 1
        )
        .output
        #expect(text.contains("✕ flights: 2 of 6 expectations are not met") && text.contains("ZZ"))
        #expect(text.contains("flights are short"))
        let kept = FileManager.default.enumerator(atPath: "\(project.path)/.martlet/quality/validations")
        let files = (kept?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".json") }
        #expect(files.count == 1 && files[0].hasPrefix("flights/__none__/"))
        #expect(
            try await quality("run", "flights", "--data", "flights.csv", "--param", "lo=0", "--explain").output
                .contains("query 1")
        )
    }

    @Test(
        "what is wrong with a request ends with 2 and its number",
        arguments: [
            (["run", "fligths", "--data", "flights.csv"], "MT5008"), (["run", "flights"], "MT5006"),
            (["run", "flights", "--param", "lo=1"], "MT5011"),
            (["run", "flights", "--param", "lo=1", "--data", "nope.csv"], "MT2402"),
            (["run", "flights", "--param", "lo=1", "--data", "flights.csv", "--result-format", "FULL"], "MT1019"),
            (["suite", "new", "flights"], "MT5009"), (["run", "bad.json", "--data", "flights.csv"], "MT5002"),
        ]
    )
    func refused(_ arguments: [String], _ code: String) async throws {
        try project.write("bad.json", #"{"expectations": [{"type": "expect_nothing", "kwargs": {}}]}"#)
        let result = try await MartletProgram.run(["quality"] + arguments, in: project.path)
        #expect(result.status == 2 && result.talk.contains(code), "\(arguments): \(result.status) \(result.talk)")
    }

    @Test func suitesAreWrittenListedAndConverted() async throws {
        try await quality("suite", "new", "other", "--data", "flights.csv")
        #expect(try await quality("suite", "list").output.contains("quality/other.yaml"))
        #expect(try await quality("suite", "show", "flights").output.contains("values of id are unique"))
        try await quality("run", "other", "--data", "flights.csv")
        let old = try await quality("suite", "convert", "flights", "--to", "0.18")
        #expect(old.output.contains("expectation_suite_name") && old.talk.contains("severity"))
        try await quality("suite", "check")
        try await quality("suite", "delete", "other")
    }
    /// What commands keep, and what runs left, has pages.
    @Test func whatIsKeptIsReported() async throws {
        try project.write("later.csv", "id,carrier,distance\n1,AA,100\n")
        // Wherever the project keeps its state.
        try project.write("martlet.yaml", "project: kept\nstate: sqlite:elsewhere/state.db\n")
        try project.write(
            "pipelines/count.yaml",
            """
            pipeline: count
            sources: { flights/raw: { path: flights.csv, format: csv } }
            steps:
              - id: count
                sql: SELECT count(*) AS n FROM flights
                inputs: { flights: flights/raw }
                outputs: { counted: flights/counted }

            """
        )
        let run = try await MartletProgram.run(["run", "count"], in: project.path)
        #expect(run.status == 0, "\(run.talk)")
        for arguments in [["lake", "add", "later.csv"], ["lake", "commit", "-m", "later"]] {
            let added = try await MartletProgram.run(arguments, in: project.path)
            #expect(added.status == 0, "\(added.talk)")
        }
        let later = try await quality("run", "flights", "--dataset", "later.csv", "--param", "lo=-5", "--json").json
        #expect(later["meta"]?["batch_spec"]?["dataset"] == "later.csv")
        try await quality("profile", "flights.csv", "--save")
        try await quality("drift", "--reference", "flights.csv", "--data", "later.csv", "--save")
        try await quality("run", "flights", "--data", "flights.csv", "--param", "lo=-5", "--save", expecting: 1)
        let report = try await quality("report", "--json").json
        #expect(report["validations"] == 1 && report["skipped"] == .array([]), "\(report)")
        let folder = project.path + "/.martlet/quality/report"
        func page(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
        #expect(try page("profiles.html").contains("flights.csv"))
        #expect(try page("drift.html").contains("later.csv"))
        #expect(try page("metrics.html").contains("dataset:flights/counted:bytes of count"))
        // Nothing has happened since, so nothing is written.
        #expect(try await quality("report", "--json").json["pages_written"] == 0)
    }
}
