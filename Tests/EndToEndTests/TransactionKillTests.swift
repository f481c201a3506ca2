import Foundation
import Glibc
import MartletCore
import MartletTestKit
import Testing

/// Runs with datasets, killed at any instant: each one's data is in `main` whole and once, or not at all.
@Suite(.tags(.endToEnd), .serialized) struct TransactionKillTests {
    /// A source, two writers, and a mapped step whose parts are gathered.
    private static let pipeline = #"""
        sources: { k/raw: raw.txt }
        params: { n: { type: string, default: one } }
        steps:
          - id: left
            inputs: { raw: k/raw }
            outputs: { left: k/left }
            command: "sleep 0.02; cat {{ inputs.raw }} > {{ outputs.left }}; echo {{ params.n }} >> {{ outputs.left }}"
          - id: right
            inputs: { raw: k/raw }
            outputs: { right: k/right }
            command: "mkdir {{ outputs.right }}; for i in 1 2 3; do echo {{ params.n }} > {{ outputs.right }}/$i; done"
          - id: each
            map: [x, y, z]
            inputs: { left: k/left }
            outputs: { part: k/parts }
            command: "echo {{ item }} {{ params.n }} > {{ outputs.part }}"
          - id: all
            inputs: { parts: k/parts, right: k/right }
            outputs: { all: k/all }
            command: "cat {{ inputs.parts }}/* {{ inputs.right }}/* > {{ outputs.all }}"
        """#

    private func project() throws -> TestProject {
        let project = try TestProject(["k": Self.pipeline])
        try project.write("raw.txt", "raw\n")
        return project
    }

    /// What `main` has of the datasets, by file.
    private func expect(_ n: String, in project: TestProject) async throws {
        let files =
            ["k/all", "k/left", "k/parts/00000", "k/parts/00001", "k/parts/00002"] + (1...3).map { "k/right/\($0)" }
        let listing = try await project.martlet("lake", "ls", "-r", "main:k").output
        let listed = listing.split(separator: "\n").map(String.init)
        #expect(listed == (files + ["k/raw.txt"]).sorted())
        for (file, text) in [
            ("k/left", "raw\n\(n)\n"), ("k/right/2", "\(n)\n"), ("k/parts/00001", "y \(n)\n"),
            ("k/all", "x \(n)\ny \(n)\nz \(n)\n\(n)\n\(n)\n\(n)\n"),
        ] {
            #expect(try await project.martlet("lake", "cat", "main:\(file)").output == text)
        }
        let verified = try await project.martlet("lake", "verify")
        #expect(verified.status == 0, "\(verified.output) \(verified.talk)")
    }

    /// How often a run was published in `main`.
    private func publications(of run: String, in project: TestProject) async throws -> Int {
        let log = try await project.martlet("lake", "log", "main", "--json").output
        return log.components(separatedBy: "\"Publish \(run)\"").count - 1
    }

    @Test(arguments: 0..<8) func aRunThatIsKilledAgainAndAgainIsPublishedOnce(_ seed: UInt64) async throws {
        let project = try project()
        var random = SeededGenerator(seed: seed)
        var arguments = ["run", "k", "-q", "-p", "n=v\(seed)"]
        for _ in 0..<5 {
            let running = try MartletProgram.start(arguments, in: project.path)
            // The instant is the point of this test: real time, and any of it.
            usleep(UInt32.random(in: 20_000...350_000, using: &random))
            kill(running.process.processIdentifier, SIGKILL)
            _ = try await running.result()
            let list = try await project.martlet("runs", "list", "--json")
            guard list.status == 0, case .array(let runs) = try list.json, !runs.isEmpty else { continue }
            arguments = ["runs", "resume", "latest", "-q"]
        }
        let last = try await MartletProgram.run(arguments, in: project.path)
        // It may have ended before one of the kills.
        #expect(last.status == 0 || last.talk.contains("MT2012"), "\(last.output) \(last.talk)")
        let shown = try await project.martlet("runs", "show", "latest", "--json").json
        #expect(shown["state"] == "success" && shown["published"] == true, "\(shown.jsonText)")
        try await expect("v\(seed)", in: project)
        #expect(try await publications(of: shown["run_id"]?.stringValue ?? "", in: project) == 1)
    }

    @Test(arguments: 0..<3) func aSchedulerThatIsKilledLosesNoData(_ seed: UInt64) async throws {
        let project = try project()
        var random = SeededGenerator(seed: 100 + seed)
        for n in ["a", "b", "c"] { _ = try await project.martlet("trigger", "k", "-p", "n=\(n)") }
        for _ in 0..<5 {
            let scheduler = try await UpTests.Scheduler(project)
            usleep(UInt32.random(in: 20_000...350_000, using: &random))
            kill(scheduler.running.process.processIdentifier, SIGKILL)
            _ = try await scheduler.running.result()
        }
        let scheduler = try await UpTests.Scheduler(project)
        try await scheduler.until { runs in
            runs.allSatisfy { ["success", "failed"].contains($0["state"]?.stringValue ?? "") }
        }
        _ = try await scheduler.stop()
        guard case .array(let runs) = try await project.martlet("runs", "list", "--json").json else { return }
        #expect(runs.count == 3)
        var published = 0
        for run in runs {
            let shown = try await project.martlet("runs", "show", run["run_id"]?.stringValue ?? "", "--json").json
            let count = try await publications(of: run["run_id"]?.stringValue ?? "", in: project)
            #expect(count == (shown["published"] == true ? 1 : 0))
            published += count
            // Runs that go on at once write the same datasets: the slower ones fail, and say so.
            if run["state"] == "failed" {
                #expect(shown["reason"]?.stringValue?.contains("MT3100") == true, "\(shown.jsonText)")
            }
        }
        #expect(published > 0)
        let verified = try await project.martlet("lake", "verify")
        #expect(verified.status == 0, "\(verified.output) \(verified.talk)")
    }
}
