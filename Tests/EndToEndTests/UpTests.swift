import Foundation
import Glibc
import MartletCore
import MartletTestKit
import Testing

/// `martlet up` as a user runs it: real processes, real time, and kills.
@Suite(.tags(.endToEnd), .serialized) struct UpTests {
    /// A `martlet up --json` that says what it does on lines of standard output.
    final class Scheduler {
        let running: MartletProgram.Running
        private let project: TestProject

        /// Starts it, and waits until it has the project.
        init(_ project: TestProject) async throws {
            self.project = project
            running = try MartletProgram.start(["up", "--json"], in: project.path)
            let pid = "\(running.process.processIdentifier) "
            while !project.read(".martlet/up.lock").hasPrefix(pid) {
                try #require(running.process.isRunning, "the scheduler ended by itself")
                await Task.yield()
            }
        }

        /// Waits until the runs of the project are as `condition` wants them.
        func until(_ condition: ([JSONValue]) -> Bool) async throws {
            let patience = ContinuousClock.now + .seconds(300)
            while true {
                try #require(ContinuousClock.now < patience, "the runs never came to what they should")
                let list = try await project.martlet("runs", "list", "--json", "--limit", "1000")
                if list.status == 0, case .array(let runs) = try list.json, condition(runs) { return }
                try #require(running.process.isRunning, "the scheduler ended by itself")
                await Task.yield()
            }
        }

        func stop() async throws -> MartletProgram.Result {
            kill(running.process.processIdentifier, SIGTERM)
            return try await running.result()
        }
    }

    private static func ended(_ runs: [JSONValue]) -> Int {
        runs.count { ["success", "failed", "cancelled"].contains($0["state"]?.stringValue ?? "") }
    }

    /// Ten dates long past, each a run with a mapped step in a pool of one slot.
    private static let dated = """
        schedule:
          every: 1h
          start: "2026-01-01T00:00:00Z"
          end: "2026-01-01T09:00:00Z"
          catchup: true
        max_active_runs: 3
        steps:
          - { id: list, command: "sleep 0.01; echo $MARTLET_RUN_ID/list >> ran" }
          - { id: each, map: [1, 2], after: [list], command: "sleep 0.01; echo $MARTLET_RUN_ID/$MARTLET_MAP_INDEX >> ran" }
          - { id: end, after: [each], command: "echo $MARTLET_RUN_ID/end >> ran" }
        """

    @Test func killedAtAnyInstantNoDateIsLostOrDoubled() async throws {
        let project = try TestProject(["p": Self.dated])
        for _ in 0..<8 {
            let scheduler = try await Scheduler(project)
            // The instant is the point of this test: real time, and any of it.
            usleep(UInt32.random(in: 20_000...250_000))
            kill(scheduler.running.process.processIdentifier, SIGKILL)
            _ = try await scheduler.running.result()
        }
        let scheduler = try await Scheduler(project)
        try await scheduler.until { $0.count == 10 && Self.ended($0) == 10 }
        #expect(try await scheduler.stop().status == 0)
        guard case .array(let runs) = try await project.martlet("runs", "list", "--json", "--limit", "100").json else {
            return
        }
        #expect(runs.allSatisfy { $0["state"] == "success" })
        #expect(runs.count == 10)
        for run in runs {
            let id = run["run_id"]?.stringValue ?? ""
            let shown = try await project.martlet("runs", "show", id, "--json", "--events").json
            guard case .array(let events) = shown["events"] else { continue }
            let successes = events.compactMap { entry -> String? in
                let event = entry["event"]
                guard event?["type"] == "attempt_finished", event?["state"] == "success" else { return nil }
                return event?["step"]?.stringValue
            }
            #expect(successes.sorted() == ["each[0]", "each[1]", "end", "list"])
        }
    }

    @Test func aSecondSchedulerIsRefusedAndNamesTheFirst() async throws {
        let project = try TestProject(["p": "steps:\n  - { id: a, command: /bin/true }\n"])
        let first = try await Scheduler(project)
        _ = try await project.martlet("trigger", "p", "--wait")
        let second = try await project.martlet("up")
        #expect(second.status == 2)
        #expect(second.talk.contains("MT2021") && second.talk.contains("\(first.running.process.processIdentifier)"))
        #expect(try await first.stop().status == 0)
    }

    @Test func datasetsStartTheirConsumers() async throws {
        let project = try TestProject([
            "producer": "steps:\n  - { id: p, command: \"echo x > $MARTLET_OUTPUT_A\", outputs: { a: things/a } }\n",
            "consumer": "schedule: { datasets: [things/a] }\nsteps:\n  - { id: c, command: /bin/true }\n",
        ])
        let scheduler = try await Scheduler(project)
        for _ in 0..<2 { _ = try await project.martlet("trigger", "producer", "--wait") }
        try await scheduler.until { runs in
            runs.contains { $0["pipeline"] == "consumer" } && Self.ended(runs) == runs.count && runs.count >= 3
        }
        _ = try await scheduler.stop()
    }

    @Test func aTriggeredRunIsWaitedForAndItsStepsDoNotOverlapTheirPool() async throws {
        let line = "echo in >> log; sleep 0.02; echo out >> log"
        let project = try TestProject([
            "p": "steps:\n  - { id: a, map: [1, 2, 3, 4], pool: one, command: \"\(line)\" }\n"
        ])
        #expect(try await project.martlet("pools", "set", "one", "1").status == 0)
        let scheduler = try await Scheduler(project)
        let triggered = try await project.martlet("trigger", "p", "--wait", "--json")
        #expect(triggered.status == 0, "\(triggered.talk)")
        #expect(try triggered.json["state"] == "success")
        _ = try await scheduler.stop()
        let lines = project.read("log").split(separator: "\n")
        #expect(lines == ["in", "out", "in", "out", "in", "out", "in", "out"])
    }

    @Test func withoutASchedulerRequestsAreAnsweredAndRunsWait() async throws {
        let project = try TestProject([
            "p": "params: { n: { type: integer } }\nsteps:\n  - { id: a, command: /bin/true }\n"
        ])
        let wrong = try await project.martlet("trigger", "p", "-p", "n=x")
        #expect(wrong.status == 2)
        let triggered = try await project.martlet("trigger", "p", "-p", "n=1", "--json")
        #expect(triggered.status == 0)
        #expect(try triggered.json["state"] == "queued")
        let scheduler = try await Scheduler(project)
        try await scheduler.until { Self.ended($0) == 1 }
        _ = try await scheduler.stop()
    }

    @Test func aBackfillIsPlannedFirstAndThenRun() async throws {
        let project = try TestProject([
            "p":
                "schedule: { cron: \"0 0 * * *\", start: 2026-01-01 }\npaused: false\nsteps:\n  - { id: a, command: /bin/true }\n"
        ])
        let arguments = ["backfill", "p", "--from", "2026-02-01", "--to", "2026-02-03", "--json"]
        let plan = try await MartletProgram.run(arguments + ["--dry-run"], in: project.path)
        guard case .array(let dates) = try plan.json["dates"] else { return }
        #expect(dates.map { $0["decision"] } == ["create", "create", "create"])
        #expect(try await project.martlet("runs", "list", "--json").json == .array([]))
        _ = try await MartletProgram.run(arguments, in: project.path)
        let scheduler = try await Scheduler(project)
        try await scheduler.until { runs in runs.count { $0["kind"] == "backfill" && $0["state"] == "success" } == 3 }
        _ = try await scheduler.stop()
        let again = try await MartletProgram.run(arguments + ["--dry-run"], in: project.path)
        guard case .array(let second) = try again.json["dates"] else { return }
        #expect(second.map { $0["reason"] } == ["already exists", "already exists", "already exists"])
    }
}
