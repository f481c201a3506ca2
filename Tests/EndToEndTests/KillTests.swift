import Foundation
import Glibc
import MartletCore
import MartletTestKit
import Testing

/// `martlet run` killed at any instant, and stopped politely.
@Suite(.tags(.endToEnd), .serialized) struct KillTests {
    /// A diamond of chains; each step leaves a line behind when it ends.
    static let pipeline = """
        max_parallel_steps: 3
        steps:
          - { id: a, command: "sleep 0.02; echo a >> ran" }
          - { id: b1, command: "sleep 0.03; echo b1 >> ran", after: [a] }
          - { id: b2, command: "sleep 0.01; echo b2 >> ran", after: [a] }
          - { id: b3, command: "sleep 0.05; echo b3 >> ran", after: [a] }
          - { id: c1, command: "sleep 0.02; echo c1 >> ran", after: [b1] }
          - { id: c2, command: "sleep 0.02; echo c2 >> ran", after: [b2, b3] }
          - { id: d, command: "sleep 0.01; echo d >> ran", after: [c1, c2] }
        """

    @Test(arguments: 0..<12) func killedAtARandomInstantItGoesOn(_ round: Int) async throws {
        let project = try TestProject(["p": Self.pipeline])
        var delay = Int.random(in: 20...400)
        var arguments = ["run", "p", "-q"]
        var kills = 0
        while kills < 4 {
            let running = try MartletProgram.start(arguments, in: project.path)
            // The instant is the point of this test: real time, and any of it.
            usleep(UInt32(delay * 1_000))
            kill(running.process.processIdentifier, SIGKILL)
            _ = try await running.result()
            kills += 1
            delay = Int.random(in: 20...200)
            let list = try await project.martlet("runs", "list", "--json")
            guard case .array(let runs) = try list.json, let run = runs.first else { continue }
            if run["state"] == "success" { break }
            arguments = ["runs", "resume", "latest", "-q"]
        }
        var last = try await project.martlet("runs", "resume", "latest", "--json", "-q")
        if last.status == 2, last.talk.contains("no runs yet") {
            last = try await project.martlet("run", "p", "--json", "-q")
        }
        let shown = try await project.martlet("runs", "show", "latest", "--json", "--events")
        #expect(try shown.json["state"] == "success", "round \(round): \(last.talk)")
        try check(shown.json, ran: project.read("ran"))
    }

    /// No step that succeeded was started again, and each attempt that was recorded as a success really ran.
    private func check(_ json: JSONValue, ran: String) throws {
        guard case .array(let events) = json["events"], case .array(let steps) = json["steps"] else {
            Issue.record("no events")
            return
        }
        var succeeded: Set<String> = []
        for entry in events {
            let event = entry["event"]
            let step = event?["step"]?.stringValue ?? ""
            switch event?["type"]?.stringValue {
            case "attempt_started": #expect(!succeeded.contains(step), "\(step) ran again after it had succeeded")
            case "attempt_finished":
                if event?["state"] == "success" { #expect(succeeded.insert(step).inserted) }
            default: break
            }
        }
        #expect(succeeded.count == 7)
        let lines = ran.split(separator: "\n").map(String.init)
        for step in steps {
            let id = step["id"]?.stringValue ?? ""
            let times = lines.count { $0 == id }
            guard case .integer(let attempts) = step["attempts"] else { continue }
            #expect(times >= 1 && times <= attempts, "\(id) ran \(times) times in \(attempts) attempts")
        }
    }

    @Test(arguments: [SIGINT, SIGTERM]) func askedToStopItStopsItsSteps(_ number: Int32) async throws {
        let project = try TestProject([
            "p":
                "steps:\n  - { id: a, command: \"echo $$ > pid; sleep 600\" }\n  - { id: b, command: /bin/true, after: [a] }\n"
        ])
        let running = try MartletProgram.start(["run", "p", "--json"], in: project.path)
        while project.read("pid").isEmpty { await Task.yield() }
        kill(running.process.processIdentifier, number)
        let result = try await running.result()
        #expect(result.status == 1)
        #expect(try result.json["state"] == "cancelled")
        guard case .array(let steps) = try result.json["steps"] else { return }
        #expect(steps.map { $0["state"] } == ["cancelled", "cancelled"])
        let pid = try #require(pid_t(project.read("pid").trimmingCharacters(in: .newlines)))
        #expect(kill(pid, 0) != 0)
    }

    @Test func whatAKilledRunLeftBehindIsEndedOnResume() async throws {
        let project = try TestProject([
            "p": "steps:\n  - { id: a, command: \"echo $$ >> pids; test $MARTLET_ATTEMPT = 2 || sleep 600\" }\n"
        ])
        let running = try MartletProgram.start(["run", "p"], in: project.path)
        while project.read("pids").isEmpty { await Task.yield() }
        kill(running.process.processIdentifier, SIGKILL)
        _ = try await running.result()
        let pid = try #require(pid_t(project.read("pids").trimmingCharacters(in: .newlines)))
        #expect(kill(pid, 0) == 0, "the step should have outlived its runner")
        let resumed = try await project.martlet("runs", "resume", "latest", "--json")
        #expect(resumed.status == 0, "\(resumed.talk)")
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        #expect(stat.isEmpty || stat.contains(") Z "))
    }
}
