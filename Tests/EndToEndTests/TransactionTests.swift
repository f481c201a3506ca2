import Foundation
import Glibc
import MartletCore
import MartletTestKit
import Testing

/// Runs as transactions on the lake, as users see them: the built program over real files.
@Suite(.tags(.endToEnd)) struct TransactionTests {
    private static let pipeline = """
        sources: { things/raw: raw.txt }
        params: { rate: { type: integer, default: 1 } }
        steps:
          - id: clean
            command: sh steps/clean.sh
            inputs: { raw: things/raw }
            outputs: { clean: things/clean }
          - { id: check, command: "! grep bad {{ inputs.clean }}", inputs: { clean: things/clean }, tags: [check] }
        """

    private func project() throws -> TestProject {
        let project = try TestProject(["p": Self.pipeline])
        try FileManager.default.createDirectory(atPath: "\(project.path)/steps", withIntermediateDirectories: true)
        try project.write("raw.txt", "a\nb\n")
        try project.write("steps/clean.sh", "sort $MARTLET_INPUT_RAW > $MARTLET_OUTPUT_CLEAN\n")
        return project
    }

    private func step(_ id: String, of run: JSONValue) -> JSONValue? {
        guard case .array(let steps)? = run["steps"] else { return nil }
        return steps.first { $0["id"]?.stringValue == id }
    }

    @Test func whatHasNotChangedIsNotRunAgain() async throws {
        let project = try project()
        let first = try await project.martlet("run", "p", "--json").json
        #expect(first["published"] == true && first["published_to"] == "main")
        #expect(step("clean", of: first)?["reused_from"] == .null)
        let second = try await project.martlet("run", "p", "--json").json
        #expect(step("clean", of: second)?["reused_from"] == first["run_id"])
        #expect(step("clean", of: second)?["ran_because"] == .null)
        // A step without outputs is run for its effects.
        #expect(step("check", of: second)?["reused_from"] == .null)
        try project.write("raw.txt", "a\nc\n")
        let input = try await project.martlet("run", "p", "--json").json
        #expect(step("clean", of: input)?["ran_because"] == "input raw changed")
        try project.write("steps/clean.sh", "sort -r $MARTLET_INPUT_RAW > $MARTLET_OUTPUT_CLEAN\n")
        let code = try await project.martlet("run", "p", "--json").json
        #expect(step("clean", of: code)?["ran_because"] == "file steps/clean.sh changed")
        let param = try await project.martlet("run", "p", "-p", "rate=2", "--json").json
        #expect(step("clean", of: param)?["ran_because"] == "parameter rate changed")
        #expect(try await project.martlet("lake", "cat", "main:things/clean.txt").status == 2)
        #expect(try await project.martlet("lake", "cat", "main:things/clean").output == "c\na\n")
    }

    @Test func aFailingCheckPublishesNothing() async throws {
        let project = try project()
        _ = try await project.martlet("run", "p", "-q")
        let before = try await project.martlet("lake", "log", "main", "--json").output
        try project.write("raw.txt", "bad\n")
        let failed = try await project.martlet("run", "p", "--json")
        #expect(failed.status == 1)
        let branch = try failed.json["branch"]?.stringValue ?? ""
        #expect(try failed.json["published"] == false && branch == "run/\(failed.json["run_id"]?.stringValue ?? "")")
        #expect(try await project.martlet("lake", "log", "main", "--json").output == before)
        #expect(try await project.martlet("lake", "cat", "\(branch):things/clean").output == "bad\n")
        // The branch of the run that was published is gone.
        let branches = try await project.martlet("lake", "branch", "--json").output
        #expect(branches.components(separatedBy: "\"name\":\"run/").count == 2)
        #expect(try await project.martlet("lake", "verify").status == 0)
    }

    /// Two runs wait for each other in their first steps, so both have begun before either publishes.
    private static func writer(of dataset: String, _ name: String) -> String {
        """
        sources: { \(name)/raw: raw.txt }
        steps:
          - id: write
            inputs: { raw: \(name)/raw }
            outputs: { out: \(dataset) }
            command: |
              echo $MARTLET_RUN_ID >> begun
              if [ -e together ]; then until [ $(wc -l < begun) -ge 2 ]; do sleep 0.01; done; fi
              echo $MARTLET_RUN_ID > {{ outputs.out }}
        """
    }

    @Test func ofTwoRunsThatWriteOneDatasetOnePublishes() async throws {
        let project = try TestProject(["p": Self.writer(of: "things/out", "p")])
        try project.write("raw.txt", "x\n")
        try project.write("together", "")
        let calls = try (0..<2).map { _ in
            try MartletProgram.start(["run", "p", "--json", "--no-cache"], in: project.path)
        }
        var ends: [MartletProgram.Result] = []
        for call in calls { ends.append(try await call.result()) }
        #expect(ends.map(\.status).sorted() == [0, 1], "\(ends.map(\.output))")
        let won = try #require(ends.first { $0.status == 0 }).json
        let lost = try #require(ends.first { $0.status == 1 }).json
        let reason = lost["reason"]?.stringValue ?? ""
        #expect(reason.contains("things/out has changed there since the run began") && reason.contains("MT3100"))
        #expect(lost["published"] == false)
        let id = won["run_id"]?.stringValue ?? ""
        #expect(try await project.martlet("lake", "cat", "main:things/out").output == "\(id)\n")
        let again = try await project.martlet("run", "p", "--json", "--no-cache")
        #expect(again.status == 0, "\(again.talk)")
        #expect(try await project.martlet("lake", "verify").status == 0)
    }

    @Test func runsThatWriteDifferentDatasetsBothPublish() async throws {
        let project = try TestProject([
            "a": Self.writer(of: "things/a", "a"), "b": Self.writer(of: "things/b", "b"),
        ])
        try project.write("raw.txt", "x\n")
        try project.write("together", "")
        let calls = try ["a", "b"].map { try MartletProgram.start(["run", $0, "--json"], in: project.path) }
        for call in calls {
            let end = try await call.result()
            #expect(end.status == 0, "\(end.output)")
        }
        for name in ["a", "b"] {
            #expect(try await project.martlet("lake", "cat", "main:things/\(name)").output.hasPrefix("\(name)-"))
        }
    }

    @Test func aProtectedTargetTakesRuns() async throws {
        let project = try project()
        _ = try await project.martlet("run", "p", "-q")
        #expect(try await project.martlet("lake", "branch", "main", "--protect").status == 0)
        try project.write("raw.txt", "new\n")
        let run = try await project.martlet("run", "p", "--json")
        #expect(run.status == 0, "\(run.output)")
        #expect(try await project.martlet("lake", "cat", "main:things/clean").output == "new\n")
    }

    /// Collecting all the time, and without grace, while runs read, write, reuse and publish.
    @Test func collectingMeanwhileLosesNothing() async throws {
        let project = try project()
        for round in 0..<4 {
            // Every second run finds results of an earlier one.
            try project.write("raw.txt", "round \(round / 2)\n")
            let run = try MartletProgram.start(["run", "p", "--json"], in: project.path)
            while run.process.isRunning {
                let collected = try await project.martlet("lake", "gc", "--grace", "0s")
                #expect(collected.status == 0 || collected.talk.contains("MT3035"), "\(collected.talk)")
            }
            let end = try await run.result()
            #expect(end.status == 0, "\(end.output) \(end.talk)")
            let found = try await project.martlet("lake", "cat", "main:things/clean")
            #expect(found.output == "round \(round / 2)\n", "\(found.talk)")
        }
        let verified = try await project.martlet("lake", "verify")
        #expect(verified.status == 0, "\(verified.output) \(verified.talk)")
    }

    @Test func consumersReadWhatWasPublishedAndNothingElse() async throws {
        let project = try TestProject([
            "producer": """
            sources: { things/raw: raw.txt }
            steps:
              - id: write
                inputs: { raw: things/raw }
                outputs: { out: things/out }
                command: cp {{ inputs.raw }} {{ outputs.out }}
              - { id: check, command: "! grep bad {{ inputs.out }}", inputs: { out: things/out } }
            """,
            "consumer": """
            schedule: { datasets: [things/out] }
            sources: { things/out: lake:main }
            steps:
              - { id: read, inputs: { out: things/out }, command: "cat {{ inputs.out }} >> seen" }
            """,
        ])
        let scheduler = try await UpTests.Scheduler(project)
        for (text, state) in [("one\n", "success"), ("bad\n", "failed"), ("two\n", "success")] {
            try project.write("raw.txt", text)
            let run = try await project.martlet("trigger", "producer", "--wait", "--json")
            #expect(try run.json["state"]?.stringValue == state, "\(run.output)")
            let consumers = text == "one\n" ? 1 : text == "bad\n" ? 1 : 2
            try await scheduler.until { runs in
                runs.count { $0["pipeline"] == "consumer" && $0["state"] == "success" } == consumers
            }
        }
        _ = try await scheduler.stop()
        #expect(project.read("seen") == "one\ntwo\n")
    }
}
