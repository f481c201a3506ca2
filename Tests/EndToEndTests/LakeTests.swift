import Foundation
import MartletCore
import MartletTestKit
import Testing

/// `martlet lake` as people use it: the built program over real files.
@Suite(.tags(.endToEnd)) struct LakeTests {
    private let project: TestProject

    init() throws {
        project = try TestProject()
        try FileManager.default.createDirectory(atPath: "\(project.path)/data", withIntermediateDirectories: true)
    }

    @discardableResult
    private func lake(_ arguments: String..., expecting status: Int32 = 0) async throws -> MartletProgram.Result {
        let result = try await MartletProgram.run(["lake"] + arguments, in: project.path)
        #expect(result.status == status, "\(arguments): \(result.talk)")
        return result
    }

    /// The output without what differs from run to run: ids and ages.
    private func stable(_ text: String) -> String {
        text.replacing(#/\b[0-9a-f]{64}\b/#, with: "ID").replacing(#/\b[0-9a-f]{12}\b/#, with: "ID")
            .replacing(#/[0-9.]+(ms|s) ago/#, with: "AGE").replacing(#/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/#, with: "TIME")
    }

    @Test func fromAddToCheckout() async throws {
        try project.write("data/a.csv", "id\n1\n")
        try project.write("data/b.csv", "id\n2\n")
        #expect(try await lake("status").output.contains("nothing is followed yet"))
        let added = try await lake("add", "data", "--json").json
        #expect(added["added"] == 2 && added["problems"] == .array([]))
        #expect(try await lake("commit", "-m", "First").talk.contains("2 files changed"))
        try project.write("data/a.csv", "id\n1\n3\n")
        try project.write("data/c.csv", "id\n")
        try FileManager.default.removeItem(atPath: "\(project.path)/data/b.csv")
        let status = try await lake("status")
        let expected = """
            on main at ID  First  AGE

            changed  (2; `martlet lake add PATH` stages it)
              ~ data/a.csv
              - data/b.csv

            not in the lake  (1; `martlet lake add PATH` adds it)
              ? data/c.csv

            """
        #expect(stable(status.output) == expected)
        try await lake("status", "--exit-code", expecting: 1)
        try await lake("add", "data")
        let diff = try await lake("diff")
        #expect(
            diff.output == """
                  ~ data/a.csv  5 B → 7 B
                  - data/b.csv  5 B
                  + data/c.csv  3 B

                1 added, 1 modified, 1 removed; +0 B

                """
        )
        try await lake("commit", "-m", "Second", "--meta", "source=test")
        let log = try await lake("log")
        #expect(
            stable(log.output) == """
                commit ID  (HEAD → main)
                author  \(NSUserName())@\(ProcessInfo.processInfo.hostName)
                time    TIME
                meta    source=test

                    Second

                commit ID
                author  \(NSUserName())@\(ProcessInfo.processInfo.hostName)
                time    TIME

                    First

                """
        )
        #expect(try await lake("log", "--oneline", "--", "data/c.csv").output.hasSuffix("Second\n"))
        try await lake("checkout", "main~1")
        #expect(project.read("data/a.csv") == "id\n1\n" && project.read("data/b.csv") == "id\n2\n")
        #expect(try await lake("cat", "main:data/a.csv").output == "id\n1\n3\n")
        #expect(try await lake("ls", "main:data").output == "data/a.csv\ndata/c.csv\n")
        try await lake("checkout", "main")
        #expect(try await lake("status", "--exit-code").output.contains("all as committed, 2 files"))
    }

    @Test func branchesMergesAndConflicts() async throws {
        try project.write("data/a.csv", "1")
        try await lake("add", "data")
        try await lake("commit", "-m", "First")
        try await lake("checkout", "-b", "side")
        try project.write("data/a.csv", "side")
        try await lake("add", "data")
        try await lake("commit", "-m", "Side")
        try await lake("checkout", "main")
        #expect(try await lake("merge", "side", "--dry-run").talk.contains("would go forward"))
        try project.write("data/a.csv", "main")
        try await lake("add", "data")
        try await lake("commit", "-m", "Main")
        let conflict = try await lake("merge", "side", "--json", expecting: 1).json
        #expect(conflict["conflict_count"] == 1 && conflict["commit"] == .null)
        #expect(project.read("data/a.csv") == "main")
        try await lake("merge", "side", "--strategy", "theirs")
        #expect(project.read("data/a.csv") == "side")
        try await lake("branch", "side", "-d")
        try await lake("tag", "v1")
        #expect(try await lake("branch", "--json").json.jsonText.contains(#""name":"main""#))
        #expect(try await lake("tag").output.hasPrefix("v1"))
        try await lake("branch", "main", "--protect")
        try project.write("data/a.csv", "more")
        try await lake("add", "data")
        #expect(try await lake("commit", "-m", "No", expecting: 2).talk.contains("MT3011"))
    }

    @Test func pushCloneAndPull() async throws {
        let remote = try TestProject()
        try project.write("data/a.csv", "1")
        try await lake("add", "data")
        try await lake("commit", "-m", "First")
        try await lake("remote", "add", "origin", "\(remote.path)/lake")
        try await lake("push")
        #expect(try await lake("push").talk.contains("up to date"))
        let copy = try await MartletProgram.run(["lake", "clone", "\(remote.path)/lake", "copy"], in: remote.path)
        #expect(copy.status == 0, "\(copy.talk)")
        #expect(remote.read("copy/data/a.csv") == "1" && remote.read("copy/martlet.yaml") == "project: copy\n")
        try project.write("data/a.csv", "2")
        try await lake("add", "data")
        try await lake("commit", "-m", "Second")
        try await lake("push")
        let pull = try await MartletProgram.run(["lake", "pull"], in: "\(remote.path)/copy")
        #expect(pull.status == 0 && remote.read("copy/data/a.csv") == "2", "\(pull.talk)")
        #expect(try await lake("verify").output.contains("all as they were written"))
        #expect(try await lake("gc", "--dry-run", "--json").json["expiredBranches"] == .array([]))
    }

    @Test func wrongRequestsSayHowToMendThem() async throws {
        try project.write("data/a.csv", "1")
        try await lake("add", "data")
        try await lake("commit", "-m", "First")
        for (arguments, code, hint) in [
            (["checkout", "mian"], "MT3003", "main"), (["add", "dta"], "MT3050", "did you mean data?"),
            (["push", "orgin"], "MT3055", "remote add"), (["cat", "HEAD:data/b.csv"], "MT3050", "data/a.csv"),
            (["commit", "-m", "x"], "MT3013", "lake add"), (["tag", "a b"], "MT1006", "name"),
            (["add", "/etc/hostname"], "MT3001", "project"), (["branch", "main"], "MT3056", "another name"),
            (["revert", "HEAD~9"], "MT3010", "~"), (["push", "s3x://b/c"], "MT8006", "folder"),
        ] {
            let result = try await MartletProgram.run(["lake"] + arguments, in: project.path)
            #expect(result.status == 2, "\(arguments): \(result.talk)")
            #expect(result.talk.contains(code) && result.talk.contains(hint), "\(arguments): \(result.talk)")
        }
    }

    /// Killed at any moment, the next status is right, and nothing committed is lost.
    @Test func killedAtAnyMoment() async throws {
        for index in 0..<3_000 { try project.write("data/f\(index)", "file \(index)\n") }
        try await lake("add", "data")
        try await lake("commit", "-m", "Base")
        for index in 0..<1_500 { try project.write("data/f\(index)", "changed \(index)\n") }
        var generator = SplitMix(seed: 7)
        for arguments in [
            ["add", "data"], ["commit", "-m", "Changed"], ["checkout", "main~1", "--force"], ["checkout", "main"],
        ] {
            for _ in 0..<4 {
                let call = try MartletProgram.start(["lake"] + arguments, in: project.path)
                // Somewhere in the work, by how much of its processor time it has used; no clock of ours.
                for _ in 0..<(generator.next() % 4_000) where call.process.isRunning { _ = getpid() }
                kill(call.process.processIdentifier, SIGKILL)
                _ = try await call.result()
                #expect(try await lake("status", "--json").json["problems"] == .array([]))
            }
            let done = try await MartletProgram.run(["lake"] + arguments, in: project.path)
            #expect(done.status == 0 || done.talk.contains("MT3013") || done.talk.contains("MT3052"), "\(done.talk)")
            if done.talk.contains("MT3052") { try await lake("checkout", arguments[1], "--force") }
        }
        #expect(try await lake("status", "--exit-code").output.contains("all as committed, 3,000 files"))
        #expect(project.read("data/f7") == "changed 7\n")
        try await lake("verify")
    }

    private struct SplitMix {
        var state: UInt64
        init(seed: UInt64) { state = seed }
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var value = state
            value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
            return value ^ (value >> 31)
        }
    }
}
