import MartletCore
import MartletTestKit
import Testing

/// What operators do with the built program: explain, compare versions, list.
@Suite(.tags(.endToEnd)) struct OperateTests {
    static let text = """
        params: { n: { type: integer, default: 1 } }
        steps:
          - { id: load, command: "exit {{ params.n }}" }
          - { id: train, command: /bin/true, after: [load], map: { over: [1, 2, 3] } }
          - { id: other, command: /bin/true, map: { over: [1, 2, 3] } }
        """

    @Test func whyAStepDidNotStart() async throws {
        let project = try TestProject(["p": Self.text])
        #expect(try await project.martlet("run", "p").status == 1)
        let all = try await project.martlet("explain")
        #expect(all.status == 0)
        #expect(all.output.contains("has ended: failed") && all.output.contains("load"))
        let train = try await project.martlet("explain", "latest", "train[0]")
        #expect(train.output.contains("train[0] did not start, because load failed"), "\(train.output)")
        let whole = try await project.martlet("explain", "latest", "train").output
        #expect(whole.contains("train: 3 of 3 instances have ended") && whole.contains("did not start"), "\(whole)")
        let json = try await project.martlet("explain", "latest", "other[1]", "--json").json
        #expect(json["state"] == "success" && json["summary"] == "other[1] succeeded")
        let unknown = try await project.martlet("explain", "latest", "trian")
        #expect(unknown.status == 2 && unknown.talk.contains("did you mean train?"))
    }

    @Test func mappedStepsStandInOneLine() async throws {
        let project = try TestProject(["p": Self.text])
        #expect(try await project.martlet("run", "p", "-p", "n=0").status == 0)
        let folded = try await project.martlet("runs", "show").output
        #expect(folded.contains("3/3 done") && !folded.contains("other[1]"), "\(folded)")
        let whole = try await project.martlet("runs", "show", "--all").output
        #expect(whole.contains("other[1]") && !whole.contains("3/3 done"), "\(whole)")
    }

    @Test func whatARequestWithoutASchedulerComesTo() async throws {
        let project = try TestProject(["p": Self.text])
        #expect(
            try await project.martlet("pipelines", "--json").json == [
                [
                    "pipeline": "p", "version": nil, "paused": false, "pause_note": nil, "source": "pipelines/p.yaml",
                    "defined": true, "schedule": nil, "next_run": nil, "last_run": nil,
                ]
            ]
        )
        #expect(try await project.martlet("trigger", "p", "-p", "n=0").status == 0)
        let why = try await project.martlet("explain", "latest", "load").output
        #expect(why.contains("load waits for a process that executes run"), "\(why)")
        let list = try await project.martlet("runs", "list").output
        #expect(list.contains("◷") && list.contains("queued"), "\(list)")
        #expect(try await project.martlet("pause", "p").status == 0)
        #expect(try await project.martlet("pipelines").output.contains("paused"))
        #expect(try await project.martlet("runs", "list", "--kind", "backfill").talk.contains("no such runs"))
        #expect(try await project.martlet("runs", "list", "--kind", "backfil").status == 2)
    }

    @Test func versionsAreCompared() async throws {
        let project = try TestProject(["p": Self.text])
        #expect(try await project.martlet("pause", "p").status == 0)
        #expect(try await project.martlet("pipelines", "diff", "p", "--exit-code").status == 0)
        try project.write(
            "pipelines/p.yaml",
            "pipeline: p\n" + Self.text.replacing("after: [load]", with: "after: [load], retries: 2")
                + "\n  - { id: z, command: /bin/true }\n"
        )
        let pending = try await project.martlet("pipelines", "diff", "p", "--exit-code")
        #expect(pending.status == 1)
        #expect(
            pending.output.contains("+ step z") && pending.output.contains("retry.retries: 0 → 2"),
            "\(pending.output)"
        )
        #expect(try await project.martlet("unpause", "p").status == 0)
        let versions = try await project.martlet("pipelines", "versions", "p")
        #expect(versions.output.contains("added z; changed train"), "\(versions.output)")
        #expect(
            try await project.martlet("pipelines", "diff", "p").output
                == pending.output.replacing("its file", with: "version 2")
        )
        let wrong = try await project.martlet("pipelines", "diff", "p", "9")
        #expect(wrong.status == 2 && wrong.talk.contains("MT1065"))
    }
}
