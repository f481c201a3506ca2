import ArgumentParser
import MartletCore
import MartletScheduling
import MartletTestKit
import Testing

@testable import MartletCLI

/// What operators see: explanations, versions, runs with mapped steps.
@Suite struct OperatorTextTests {
    static let start = Timestamp(microseconds: 1_767_268_800_000_000)

    static func instance(_ text: String) -> InstanceID { InstanceID(text) ?? InstanceID(StepID(trusted: text)) }

    @Test func anExplanation() {
        let explanation = Explanation(
            instance: Self.instance("train"),
            state: .scheduled,
            sentence: "train waits for pool gpu: 1 of 1 slots are taken by q-9/x",
            checks: [
                ExplanationCheck(.executor, .passes, "martlet up runs"),
                ExplanationCheck(
                    .pool,
                    .blocks,
                    "1 of 1 slots of pool gpu are taken, needs 1",
                    heldBy: [AdmissionKey(RunID(trusted: "q-9"), Self.instance("x"))]
                ),
                ExplanationCheck(.condition, .later, "its condition is looked at then: {{ a }}\u{1b}[2J"),
            ],
            history: [ExplanationEntry(at: Self.start, "became ready")]
        )
        #expect(
            ExplainText(style: .none).lines(explanation) == [
                "◷ train waits for pool gpu: 1 of 1 slots are taken by q-9/x", "",
                "  ✓  executor   martlet up runs",
                "  ◷  pool       1 of 1 slots of pool gpu are taken, needs 1",
                "                  taken by q-9/x",
                "  ·  condition  its condition is looked at then: {{ a }}\u{FFFD}[2J", "",
                "  what was decided", "  2026-01-01 12:00:00Z  became ready",
            ]
        )
        let json = ExplainReport.json(explanation, of: RunID(trusted: "p-1"))
        #expect(json["summary"]?.stringValue == explanation.sentence)
        guard case .array(let checks) = json["checks"] else {
            Issue.record("no checks")
            return
        }
        #expect(checks.map { $0["verdict"]?.stringValue } == ["passes", "blocks", "later"])
    }

    @Test func aLongHistoryShowsItsEnd() {
        let entries = (0..<100).map { ExplanationEntry(at: Self.start, "entry \($0)") }
        let explanation = Explanation(
            instance: Self.instance("a"),
            state: .running,
            sentence: "a runs",
            history: entries
        )
        let lines = ExplainText(style: .none).lines(explanation)
        #expect(lines.last?.hasSuffix("entry 99") == true)
        #expect(lines.contains { $0.contains("70 earlier entries") })
        #expect(lines.count == 34)
    }

    @Test func aRunAndItsGroups() {
        let run = RunExplanation(
            run: RunID(trusted: "p-1"),
            state: .running,
            sentence: "run p-1 is running: 0 of 5 steps have ended",
            checks: [ExplanationCheck(.executor, .passes, "martlet up runs")],
            groups: [
                RunExplanation.Group(["m[0]"].map(Self.instance), .running, "runs for 5.0s"),
                RunExplanation.Group((1..<9).map { Self.instance("m[\($0)]") }, .scheduled, "waits for a slot"),
            ]
        )
        #expect(
            ExplainText(style: .none).lines(run) == [
                "▶ run p-1 is running: 0 of 5 steps have ended", "",
                "  ▶  m[0]                   runs for 5.0s",
                "  ◷  m[1], m[2] and 6 more  waits for a slot",
            ]
        )
    }

    @Test func aDifference() {
        let step = StepManifest(
            id: StepID(trusted: "a"),
            action: .sql(SQLAction(text: "SELECT 1\nAS a\nFROM t")),
            retry: RetryPolicy(retries: 1)
        )
        var other = step
        other.action = .sql(SQLAction(text: "SELECT 2\nAS a\nFROM t\nWHERE x"))
        other.retry.retries = 3
        let pipeline = PipelineID(trusted: "p")
        let old = PipelineManifest(
            pipeline: pipeline,
            steps: [step, StepManifest(id: StepID(trusted: "z"), action: step.action)]
        )
        let new = PipelineManifest(
            pipeline: pipeline,
            owner: "ada",
            steps: [other, StepManifest(id: StepID(trusted: "y"), action: step.action)]
        )
        let diff = ManifestDiff(from: old, to: new)
        #expect(
            DiffText(style: .none).lines(diff) == [
                "  owner: none → ada", "  + step y", "  - step z", "  ~ step a", "      retry.retries: 1 → 3",
                "      sql.text:", "        - SELECT 1", "        + SELECT 2", "        + WHERE x",
            ]
        )
        #expect(PipelineText.summary(diff) == "owner; added y; removed z; changed a")
        #expect(PipelineText.summary(ManifestDiff(from: old, to: old)) == "the same")
        let json = DiffReport.json(diff, pipeline: "p", from: "1", to: "2")
        #expect(json["same"] == false && json["added"] == .array(["y"]) && json["from"] == "1")
    }

    @Test(arguments: [
        (["success", "success", "running"], "2/3 done", StepState.running),
        (["success", "failed", "skipped"], "3/3 done", .failed),
        (["success", "success"], "2/2 done", .success),
        (["none", "deferred"], "0/2 done", .deferred),
        (["removed", "removed"], "2/2 done", .removed),
    ]) func instancesAreFolded(_ states: [String], _ progress: String, _ state: StepState) throws {
        let steps = try states.enumerated().map { index, word in
            StepSummary(id: InstanceID(StepID(trusted: "m"), index), state: try #require(StepState(rawValue: word)))
        }
        let run = RunSummary(
            id: RunID(trusted: "p-1"),
            pipeline: PipelineID(trusted: "p"),
            state: .running,
            params: [:],
            manifestHash: "",
            createdAt: Self.start,
            lastSequence: 1
        )
        let projection = RunProjection(run: run, steps: steps + [StepSummary(id: Self.instance("z"))])
        let lines = StepLine.lines(of: projection, expanded: false)
        #expect(lines.map(\.name) == ["m", "z"])
        #expect(lines[0].progress == progress && lines[0].state == state)
        #expect(lines[1].progress.isEmpty && !lines[1].isFolded)
        #expect(StepLine.lines(of: projection, expanded: true).count == states.count + 1)
    }

    @Test func timesInTwoZones() throws {
        let zone = try Zone("Europe/Berlin")
        #expect(ClockText.local(Self.start, in: zone) == "2026-01-01 13:00 +01:00 (12:00Z)")
        #expect(ClockText.local(Self.start, in: .utc) == "2026-01-01 12:00Z")
        #expect(ClockText.utc(Self.start) == "2026-01-01 12:00:00Z")
    }

    /// Every way to write a command leads to that command.
    @Test(arguments: [
        (["explain"], "ExplainCommand"), (["explain", "latest", "train[3]", "--json"], "ExplainCommand"),
        (["pipelines"], "PipelinesListCommand"), (["pipelines", "diff", "p"], "PipelinesDiffCommand"),
        (["pipelines", "diff", "p", "3", "file", "--exit-code"], "PipelinesDiffCommand"),
        (["pipelines", "pause", "p"], "PauseCommand"), (["pause", "p", "q"], "PauseCommand"),
        (["runs"], "RunsListCommand"),
        (["runs", "list", "--kind", "backfill", "--from", "2026-01-01"], "RunsListCommand"),
        (["runs", "show", "latest", "--all"], "RunsShowCommand"),
        (["runs", "rerun", "latest", "--from", "each[3]", "--only", "--dry-run"], "RunsRerunCommand"),
        (["runs", "mark", "latest", "a", "--success"], "RunsMarkCommand"),
        (["backfill", "p", "--from", "2026-01-01", "--to", "2026-01-02"], "BackfillCreateCommand"),
        (["backfill", "create", "list", "--from", "2026-01-01", "--to", "2026-01-02"], "BackfillCreateCommand"),
        (["backfill", "list"], "BackfillListCommand"), (["backfill", "cancel", "b-1"], "BackfillCancelCommand"),
        (["trigger", "p", "-p", "a=1", "--wait"], "TriggerCommand"), (["up", "--slots", "4", "-q"], "UpCommand"),
        (["datasets", "post", "raw"], "DatasetPostCommand"), (["requests", "-l", "5"], "RequestsCommand"),
    ]) func words(_ arguments: [String], _ command: String) throws {
        #expect("\(type(of: try MartletCommand.parseAsRoot(arguments)))" == command)
    }
}
