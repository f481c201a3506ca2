import Foundation
import Glibc
import MartletCore
import MartletTestKit
import Testing

/// Everything that can be wrong: a clear error, the right exit code, nothing lost, and later runs work.
@Suite(.tags(.endToEnd)) struct BadInputTests {
    static let good = "steps:\n  - { id: a, command: /bin/true }\n"

    @Test func aPipelineThatIsNotThere() async throws {
        let project = try TestProject(["good": Self.good])
        let byName = try await project.martlet("run", "goood")
        #expect(byName.status == 2)
        #expect(byName.talk.contains("MT1018") && byName.talk.contains("did you mean good?"))
        let byPath = try await project.martlet("run", "pipelines/none.yaml")
        #expect(byPath.status == 2 && byPath.talk.contains("MT1001"))
        let asJSON = try await project.martlet("run", "goood", "--json")
        guard case .array(let errors) = try asJSON.json["errors"] else {
            Issue.record("no errors in \(asJSON.output)")
            return
        }
        #expect(errors[0]["code"] == "MT1018")
        #expect(!FileManager.default.fileExists(atPath: "\(project.path)/.martlet"))
    }

    @Test func aFileThatIsNoPipeline() async throws {
        let project = try TestProject()
        var random = SystemRandomNumberGenerator()
        let garbage = Data((0..<5_000).map { _ in UInt8.random(in: 0...255, using: &random) } + [0, 255])
        try garbage.write(to: URL(fileURLWithPath: "\(project.path)/pipelines/garbage.yaml"))
        let run = try await project.martlet("run", "pipelines/garbage.yaml")
        #expect(run.status == 2)
        #expect(run.talk.contains("MT1002"))
    }

    @Test(.timeLimit(.minutes(30))) func bombs() async throws {
        let project = try TestProject()
        var laughs = "pipeline: bomb\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1...12 {
            laughs +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",") + "]\n"
        }
        try project.write("pipelines/laughs.yaml", laughs)
        let big = "pipeline: bomb\nx: &x [1]\ny:\n" + String(repeating: "  - *x\n", count: 1_500_000)
        #expect(big.utf8.count > 10_000_000)
        try project.write("pipelines/big.yaml", big)
        for name in ["laughs", "big"] {
            let check = try await project.martlet("validate", "pipelines/\(name).yaml")
            #expect(check.status == 2)
            #expect(check.talk.contains("MT1016"), "\(check.talk.prefix(500))")
        }
    }

    @Test func allErrorsOfAFileComeAtOnce() async throws {
        let project = try TestProject([
            "p": """
            schedule: { cron: "61 * * * *" }
            stepz: []
            steps:
              - { id: a, command: /bin/true, timeout: 10, after: [c] }
              - { id: a, command: /bin/true, outputs: { x: d } }
              - { id: b, comand: /bin/true, outputs: { x: d } }
              - { id: c, command: /bin/true, after: [a], inputs: { y: nowhere } }
            """
        ])
        let check = try await project.martlet("validate", "--json")
        #expect(check.status == 2)
        guard case .array(let files) = try check.json["files"], case .array(let errors) = files[0]["errors"] else {
            Issue.record("no errors")
            return
        }
        let codes = Set(errors.compactMap { $0["code"]?.stringValue })
        #expect(codes.isSuperset(of: ["MT1003", "MT1007", "MT1008", "MT1011", "MT1012"]), "\(codes)")
        for error in errors { #expect(error["line"] != .null && error["column"] != .null, "\(error.jsonText)") }
    }

    @Test func parametersOutsideTheirLimits() async throws {
        let project = try TestProject(["p": "params: { n: { type: integer, default: 1, maximum: 3 } }\n" + Self.good])
        for words in ["n=4", "n=x", "m=1", "n"] {
            let run = try await project.martlet("run", "p", "-p", words)
            #expect(run.status == 2, "\(words)")
        }
        #expect(try await project.martlet("run", "p", "-p", "n=4").talk.contains("above the maximum 3"))
        #expect(try await project.martlet("run", "p", "-p", "m=1").talk.contains("no parameter \"m\""))
        #expect(try await project.martlet("run", "p", "-p", "n=3").status == 0)
    }

    @Test func stepsThatMisbehave() async throws {
        let project = try TestProject([
            "p": #"""
            steps:
              - { id: flood, command: "head -c 1073741824 /dev/zero" }
              - { id: signal, command: "kill -ABRT $$" }
              - { id: orphan, command: "sleep 987654 & echo started" }
              - { id: garbage, command: "head -c 100000 /dev/urandom | tee $MARTLET_MESSAGES" }
              - { id: noprogram, command: ["./not-there"] }
              - { id: nooutput, command: /bin/true, outputs: { x: d } }
              - { id: novalue, command: /bin/true, values: [v] }
              - { id: slow, command: sleep 600, timeout: 200ms }
            """#
        ])
        let run = try await project.martlet("run", "p", "--json")
        #expect(run.status == 1)
        guard case .array(let steps) = try run.json["steps"] else {
            Issue.record("no steps: \(run.talk)")
            return
        }
        let found = steps.map { "\($0["id"]?.stringValue ?? "") \($0["error"]?["code"]?.stringValue ?? "-")" }
        #expect(
            found == [
                "flood -", "signal MT2002", "orphan -", "garbage -", "noprogram MT2004", "nooutput MT2005",
                "novalue MT2006", "slow MT2003",
            ]
        )
        let id = try run.json["run_id"]?.stringValue ?? ""
        let log = "\(project.path)/.martlet/runs/\(id)/steps/flood/1/log"
        let size = (try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0
        #expect(size > 1 << 20 && size < 100 << 20)
        let left = try await MartletProgram.start(["-f", "sleep 987654"], in: "/", program: "/usr/bin/pgrep").result()
        #expect(left.status == 1, "the orphan lives: \(left.output)")
    }

    @Test func aRequirementThatDoesNotExist() async throws {
        let project = try TestProject([
            "p":
                "steps:\n  - { id: a, python: x.py, requirements: [martlet-no-such-package==9.9], retries: 3, retry_delay: 1h }\n",
            "good": Self.good,
        ])
        try project.write("x.py", "")
        let run = try await project.martlet("run", "p", "--json")
        #expect(run.status == 1)
        guard case .array(let steps) = try run.json["steps"] else { return }
        #expect(steps[0]["error"]?["code"] == "MT2017")
        #expect(steps[0]["attempts"] == 1, "what no index has is not asked for again")
        #expect(run.talk.contains("martlet-no-such-package"))
        #expect(try await project.martlet("run", "good").status == 0)
    }

    @Test func sqlThatIsWrongShowsItsLine() async throws {
        let project = try TestProject([
            "p": "sources: { d: d.csv }\nsteps:\n  - { id: a, sql: q.sql, inputs: { d: d }, outputs: { x: out } }\n"
        ])
        try project.write("d.csv", "a,b\n1,2\n")
        try project.write("q.sql", "-- a comment\nSELECT a,\n  bb\nFROM d\n")
        let run = try await project.martlet("run", "p")
        #expect(run.status == 1)
        #expect(run.output.contains("q.sql:3:3"), "\(run.output)")
        #expect(run.output.contains("MT2401"))
    }

    @Test func terminalsAreNotObeyed() async throws {
        let project = try TestProject([
            "p": #"""
            steps:
              - id: a
                command: printf '\033]0;title\007\033[2Jboom'; exit 3
              - id: nul
                command: ["/bin/echo", "a\0b"]
            """#
        ])
        let run = try await project.martlet("run", "p")
        #expect(run.status == 1)
        #expect(run.output.contains("boom"))
        #expect(!(run.output + run.talk).contains("\u{1b}"))
        #expect(run.output.contains("NUL"), "a C string would be cut there in silence")
    }

    @Test func relativePathsOfOutputsStartWhereTheStepStarts() async throws {
        let project = try TestProject([
            "p": #"""
            steps:
              - id: a
                working_directory: sub
                command: |
                  echo 1 > rel.csv
                  echo '{"type":"output","name":"o","path":"rel.csv"}' >> $MARTLET_MESSAGES
                outputs: { o: some/table }
              - { id: b, command: 'cat "{{ inputs.i }}"', inputs: { i: some/table } }
            """#
        ])
        try FileManager.default.createDirectory(atPath: "\(project.path)/sub", withIntermediateDirectories: true)
        #expect(try await project.martlet("run", "p").status == 0)
        #expect(try await project.martlet("runs", "log", "latest", "b").output == "1\n")
    }

    @Test func aReaderThatStopsEarlyIsFine() async throws {
        let project = try TestProject(["p": "steps:\n  - { id: a, command: seq 1 200000 }\n"])
        #expect(try await project.martlet("run", "p").status == 0)
        let line = "'\(MartletProgram.path)' runs log latest a | head -1; echo ${PIPESTATUS[0]}"
        let piped = try await MartletProgram.start(["-c", line], in: project.path, program: "/bin/bash").result()
        #expect(piped.output == "1\n0\n")
    }

    @Test func wrongWordsAreJSONTooWhenAskedFor() async throws {
        let project = try TestProject()
        let run = try await project.martlet("run", "--json")
        #expect(run.status == 2)
        guard case .array(let errors) = try run.json["errors"] else {
            Issue.record("no errors in \(run.output)")
            return
        }
        #expect(errors[0]["code"] == "MT1019")
    }

    @Test func aFolderThatIsGone() async throws {
        let line = "mkdir gone && cd gone && rmdir ../gone && '\(MartletProgram.path)' runs list"
        let project = try TestProject()
        let run = try await MartletProgram.start(["-c", line], in: project.path, program: "/bin/sh").result()
        #expect(run.status == 2)
        #expect(run.talk.contains("MT1001"))
    }

    @Test func twoRunsAtOnce() async throws {
        let steps = (0..<10).map { "  - { id: s\($0), command: /bin/true }" }.joined(separator: "\n")
        let project = try TestProject(["p": "steps:\n\(steps)\n"])
        let running = try (0..<4).map { _ in try MartletProgram.start(["run", "p", "--json"], in: project.path) }
        for run in running {
            let result = try await run.result()
            #expect(result.status == 0, "\(result.talk)")
        }
        let list = try await project.martlet("runs", "list", "--json")
        guard case .array(let runs) = try list.json else { return }
        #expect(runs.count == 4)
    }

    @Test(.enabled(if: TinyDisk.isAvailable, "a small file system can only be mounted by root")) func aFullDisk()
        async throws
    {
        let disk = try TinyDisk(megabytes: 4)
        for file in [
            "martlet.yaml": "project: t\n", "p.yaml": "pipeline: p\n" + Self.good,
            "fill.yaml": """
            pipeline: fill
            steps:
              - { id: a, command: "/bin/true" }
              - { id: fill, command: "cat /dev/zero > zeros; true", after: [a] }
              - { id: b, command: "/bin/true", after: [fill] }
            """,
        ] {
            try Data(file.value.utf8).write(to: URL(fileURLWithPath: "\(disk.path)/\(file.key)"))
        }
        let full = try await MartletProgram.run(["run", "fill.yaml"], in: disk.path)
        #expect(full.status == 3 || full.status == 1, "\(full.talk)")
        #expect(
            full.talk.contains("disk is full") || full.output.contains("disk is full"),
            "\(full.talk)\(full.output)"
        )
        try FileManager.default.removeItem(atPath: "\(disk.path)/zeros")
        let resumed = try await MartletProgram.run(["run", "p.yaml"], in: disk.path)
        #expect(resumed.status == 0, "\(resumed.talk)")
    }

    @Test(.enabled(if: TinyDisk.isAvailable, "a small file system can only be mounted by root")) func aReadOnlyDisk()
        async throws
    {
        let disk = try TinyDisk(megabytes: 4)
        try Data(("pipeline: p\n" + Self.good).utf8).write(to: URL(fileURLWithPath: "\(disk.path)/p.yaml"))
        try disk.makeReadOnly()
        let run = try await MartletProgram.run(["run", "p.yaml"], in: disk.path)
        #expect(run.status == 3)
        #expect(run.talk.contains("MT8005"), "\(run.talk)")
        #expect(run.talk.contains("fix"))
    }
}
