import Foundation
import Glibc
import MartletCore
import MartletTestKit
import Testing

/// When results are used again and when not, and runs that are done once more to see whether the same comes of them.
@Suite(.tags(.endToEnd)) struct ReuseTests {
    private func project(_ steps: String) throws -> TestProject {
        let project = try TestProject(["p": "sources: { r/raw: raw.txt }\n" + steps])
        try project.write("raw.txt", "a\n")
        return project
    }

    private func reasons(_ run: MartletProgram.Result) throws -> [String?] {
        guard case .array(let steps) = try run.json["steps"] else { return [] }
        return steps.map { $0["ran_because"]?.stringValue }
    }

    private static let one = """
        steps:
          - { id: a, inputs: { raw: r/raw }, outputs: { out: r/out }, command: "cp {{ inputs.raw }} {{ outputs.out }}" }
        """

    @Test func aLakeThatIsLostIsFilledAnew() async throws {
        let project = try project(Self.one)
        let first = try await project.martlet("run", "p", "--json").json
        try FileManager.default.removeItem(atPath: "\(project.path)/.martlet/lake")
        let second = try await project.martlet("run", "p", "--json")
        let id = first["run_id"]?.stringValue ?? ""
        #expect(try reasons(second) == ["the lake has lost what \(id) made"])
        #expect(try await project.martlet("lake", "cat", "main:r/out").output == "a\n")
    }

    @Test func partsOfAMapKeepTheirPlaces() async throws {
        func steps(_ items: String) -> String {
            """
            pipeline: p
            sources: { r/raw: raw.txt }
            steps:
              - id: a
                map: [\(items)]
                inputs: { raw: r/raw }
                outputs: { part: r/parts }
                command: "echo {{ item }} > {{ outputs.part }}"
            """
        }
        let project = try project(Self.one)
        for items in ["x, y, z", "z, x", "x, z"] {
            try project.write("pipelines/p.yaml", steps(items))
            let run = try await project.martlet("run", "p", "--json")
            #expect(run.status == 0, "\(run.output)")
            let names = items.components(separatedBy: ", ")
            for (index, name) in names.enumerated() {
                let part = try await project.martlet("lake", "cat", "main:r/parts/0000\(index)")
                #expect(part.output == "\(name)\n", "part \(index) of \(items)")
            }
            let listed = try await project.martlet("lake", "ls", "main:r/parts").output.split(separator: "\n")
            #expect(listed.count == names.count)
        }
    }

    @Test func theEnvironmentAndWhereAStepRunsCount() async throws {
        func steps(_ more: String) -> String {
            """
            pipeline: p
            sources: { r/raw: raw.txt }
            steps:
              - id: a
                inputs: { raw: r/raw }
                outputs: { out: r/out }
                command: "echo $word $PWD > {{ outputs.out }}"
                \(more)
            """
        }
        let project = try project(Self.one)
        for (more, reason) in [
            ("env: { word: one }", "it has no earlier result"), ("env: { word: two }", "env word changed"),
            ("env: { word: two }\n    working_directory: pipelines", "working directory changed"),
        ] {
            try project.write("pipelines/p.yaml", steps(more))
            let run = try await project.martlet("run", "p", "--json")
            #expect(try reasons(run).first??.contains(reason) == true, "\(run.output) \(run.talk)")
        }
    }

    @Test func aLinkToAFolderIsNotLostInSilence() async throws {
        let project = try project(
            """
            steps:
              - id: a
                outputs: { out: r/out }
                command: "mkdir {{ outputs.out }}; ln -s /etc {{ outputs.out }}/etc"
            """
        )
        let run = try await project.martlet("run", "p", "--json")
        #expect(run.status == 1)
        guard case .array(let steps) = try run.json["steps"] else { return }
        #expect(steps[0]["error"]?["code"] == "MT3037", "\(run.output)")
    }

    @Test func afterAKillSourcesAreStillThoseThatTheRunBeganWith() async throws {
        let project = try project(
            """
            steps:
              - { id: a, inputs: { raw: r/raw }, outputs: { out: r/a }, command: "cp {{ inputs.raw }} {{ outputs.out }}" }
              - id: b
                after: [a]
                command: "[ -e killed ] || { touch killed; echo later > raw.txt; kill -9 $PPID; }"
              - id: c
                after: [b]
                inputs: { raw: r/raw }
                outputs: { out: r/c }
                command: "cp {{ inputs.raw }} {{ outputs.out }}"
            """
        )
        #expect(try await project.martlet("run", "p", "-q").status == SIGKILL)
        let run = try await project.martlet("runs", "resume", "latest", "--json")
        #expect(run.status == 0, "\(run.output) \(run.talk)")
        for name in ["raw.txt", "a", "c"] {
            #expect(try await project.martlet("lake", "cat", "main:r/\(name)").output == "a\n")
        }
    }

    @Test func aRunIsReproducedWithTheSourcesItHad() async throws {
        let project = try project(Self.one)
        let first = try await project.martlet("run", "p", "--json").json
        try project.write("raw.txt", "later\n")
        // The version of then counts as well.
        try project.write("pipelines/p.yaml", "pipeline: p\nsteps: [{ id: other, command: /bin/true }]\n")
        let again = try await project.martlet("runs", "reproduce", "latest", "--json")
        #expect(again.status == 0, "\(again.output) \(again.talk)")
        let report = try again.json
        #expect(report["same"] == true && report["reproduces"] == first["run_id"])
        guard case .array(let outputs) = report["outputs"] else { return }
        #expect(outputs.count == 1 && outputs[0]["digest"] == outputs[0]["reproduced_digest"])
        let shown = try await project.martlet("runs", "show", "latest", "--json").json
        #expect(shown["published"] == false && shown["run_id"] == report["run_id"])
        let log = try await project.martlet("lake", "log", "main", "--json").output
        #expect(log.components(separatedBy: "\"Publish ").count == 2)
    }

    @Test func whatDiffersIsShown() async throws {
        let project = try project(
            """
            steps:
              - { id: a, inputs: { raw: r/raw }, outputs: { out: r/a }, command: "echo $MARTLET_RUN_ID > {{ outputs.out }}" }
              - { id: b, inputs: { raw: r/raw }, outputs: { out: r/b }, command: "cp {{ inputs.raw }} {{ outputs.out }}" }
            """
        )
        _ = try await project.martlet("run", "p", "-q")
        let again = try await project.martlet("runs", "reproduce", "latest")
        #expect(again.status == 1)
        #expect(again.output.contains("1 of 2 outputs"), "\(again.output)")
        #expect(again.output.contains("different") && again.output.contains("same"))
        let plain = try await project.martlet("runs", "reproduce", "nothing")
        #expect(plain.status == 2 && plain.talk.contains("MT2011"))
    }
}
