import Foundation
import MartletCore
import MartletTestKit
import Testing

/// `martlet run` on good pipelines.
@Suite(.tags(.endToEnd)) struct RunTests {
    @Test func theStarterProjectWorks() async throws {
        let project = try TestProject()
        let made = try await project.martlet("init", "hello")
        #expect(made.status == 0)
        let folder = "\(project.path)/hello"
        let run = try await MartletProgram.run(["run", "penguins"], in: folder)
        #expect(run.status == 0, "\(run.talk)")
        #expect(run.output.contains("✓  judge"))
        #expect(run.output.contains("judge.rows"))
        let again = try await MartletProgram.run(["init"], in: folder)
        #expect(again.status == 2)
        #expect(again.talk.contains("MT1021"))
    }

    @Test func theJSONOfARunIsTheContract() async throws {
        let project = try TestProject([
            "p": """
            steps:
              - id: good
                command: /bin/true
              - id: bad
                command: exit 3
                after: [good]
              - id: never
                command: /bin/true
                after: [bad]
            """
        ])
        let run = try await project.martlet("run", "p", "--json")
        #expect(run.status == 1)
        let json = try run.json
        #expect(json["state"] == "failed" && json["pipeline"] == "p")
        #expect(json["published"] == false && json["branch"] == .null && json["commit"] == .null)
        for key in ["run_id", "started_at", "finished_at"] { #expect(json[key]?.stringValue != nil, "\(key)") }
        guard case .array(let steps) = json["steps"] else {
            Issue.record("no steps")
            return
        }
        #expect(steps.map { $0["id"] } == ["good", "bad", "never"])
        #expect(steps.map { $0["state"] } == ["success", "failed", "upstream_failed"])
        #expect(steps.map { $0["attempts"] } == [1, 1, 0])
        #expect(steps.map { $0["exit_code"] } == [0, 3, .null])
        #expect(steps[1]["error"]?["code"] == "MT2001")
        let shown = try await project.martlet("runs", "show", "latest", "--json")
        #expect(try shown.json["run_id"] == json["run_id"])
        let list = try await project.martlet("runs", "list", "--json")
        guard case .array(let runs) = try list.json else {
            Issue.record("no list")
            return
        }
        #expect(runs.count == 1 && runs[0]["state"] == "failed")
    }

    @Test func valuesAndDatasetsPassBetweenSteps() async throws {
        let project = try TestProject([
            "p": #"""
            params:
              who: { type: string, default: "it's \"me\"; $(touch hacked)" }
            steps:
              - id: make
                command: |
                  echo 'a,b' > $MARTLET_OUTPUT_TABLE; echo '1,2' >> $MARTLET_OUTPUT_TABLE
                  echo '{"type":"value","name":"n","value":41}' >> $MARTLET_MESSAGES
                outputs: { table: some/table.csv }
              - id: use
                command: printf '%s' "{{ params.who }}" {{ params.who }} '{{ params.who }}' > out; cat "{{ inputs.table }}" >> out
                inputs: { table: some/table.csv }
                when: "{{ steps.make.values.n + 0 == 41 }}"
              - id: query
                sql: SELECT a + {{ steps.make.values.n }} AS c FROM t
                inputs: { t: some/table.csv }
                outputs: { result: result.csv }
            """#
        ])
        let wrong = try await project.martlet("run", "p")
        // Arithmetic is no part of expressions: the error says so with its place.
        #expect(wrong.status == 2)
        #expect(wrong.talk.contains("pipelines/p.yaml:13:"))
        try project.write(
            "pipelines/p.yaml",
            project.read("pipelines/p.yaml").replacingOccurrences(of: " + 0 ==", with: " ==")
        )
        let run = try await project.martlet("run", "p", "--json")
        #expect(run.status == 0, "\(run.talk)")
        let who = "it's \"me\"; $(touch hacked)"
        #expect(project.read("out") == who + who + who + "a,b\n1,2\n")
        #expect(!FileManager.default.fileExists(atPath: "\(project.path)/hacked"))
        guard case .array(let steps) = try run.json["steps"], case .array(let outputs) = steps[2]["outputs"] else {
            Issue.record("no outputs")
            return
        }
        let result = try String(contentsOfFile: outputs[0]["path"]?.stringValue ?? "", encoding: .utf8)
        #expect(result == "c\n42\n")
        #expect(steps[2]["metrics"]?["rows_out.result"] == 1)
    }

    @Test func theTriggerRulesDecide() async throws {
        let project = try TestProject([
            "p": """
            steps:
              - { id: ok, command: /bin/true }
              - { id: bad, command: /bin/false }
              - { id: skipped, command: exit 99 }
              - { id: all_done, command: /bin/true, after: [ok, bad, skipped], trigger_rule: all_done }
              - { id: one_success, command: /bin/true, after: [ok, bad], trigger_rule: one_success }
              - { id: none_failed, command: /bin/true, after: [ok, skipped], trigger_rule: none_failed }
              - { id: all_success, command: /bin/true, after: [ok, bad] }
            """
        ])
        let run = try await project.martlet("run", "p", "--json")
        guard case .array(let steps) = try run.json["steps"] else {
            Issue.record("no steps")
            return
        }
        let states = steps.map { "\($0["id"]?.stringValue ?? ""): \($0["state"]?.stringValue ?? "")" }
        #expect(
            states == [
                "ok: success", "bad: failed", "skipped: skipped", "all_done: success", "one_success: success",
                "none_failed: success", "all_success: upstream_failed",
            ]
        )
    }

    @Test func coloursNeedATerminal() async throws {
        let project = try TestProject(["p": "steps:\n  - { id: a, command: /bin/true }\n"])
        #expect(try await !project.martlet("run", "p").output.contains("\u{1b}"))
        let forced = try await project.martlet("run", "p", environment: ["CLICOLOR_FORCE": "1", "NO_COLOR": ""])
        #expect(forced.output.contains("\u{1b}[32m"))
        let off = try await project.martlet("run", "p", environment: ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"])
        #expect(!off.output.contains("\u{1b}"))
    }

    @Test func pythonRequirementsComeFromACachedEnvironment() async throws {
        let project = try TestProject([
            "p": "steps:\n  - { id: a, python: six_version.py, requirements: [six==1.16.0], values: [version] }\n"
        ])
        try project.write(
            "six_version.py",
            """
            import json, os, six
            with open(os.environ["MARTLET_MESSAGES"], "a") as file:
                print(json.dumps({"type": "value", "name": "version", "value": six.__version__}), file=file)
            """
        )
        for _ in 1...2 {
            let run = try await project.martlet("run", "p", "--json")
            #expect(run.status == 0, "\(run.talk)")
            guard case .array(let steps) = try run.json["steps"] else { return }
            #expect(steps[0]["values"]?["version"] == "1.16.0")
        }
        let cache = try FileManager.default.contentsOfDirectory(atPath: "\(project.path)/.martlet/cache/python")
        #expect(cache.filter { $0.hasSuffix(".ready") }.count == 1)
        #expect(cache.count == 3, "a folder, its marker and its lock: \(cache)")
    }

    @Test func completionsAndHelpArePrinted() async throws {
        let project = try TestProject()
        for shell in ["bash", "zsh", "fish"] {
            let script = try await project.martlet("completion", shell)
            #expect(script.status == 0 && script.output.contains("martlet"))
        }
        let help = try await project.martlet("run", "--help")
        #expect(help.status == 0 && help.output.contains("martlet run flight_delays -p month=6"))
        #expect(try await project.martlet("rnu").status == 2)
        #expect(try await project.martlet("--version").output == "0.1.0\n")
    }
}
