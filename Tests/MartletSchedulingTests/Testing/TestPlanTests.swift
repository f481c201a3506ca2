import MartletCore
import MartletScheduling
import MartletTestKit
import Testing

@Suite(.tags(.machine)) struct TestPlanTests {
    private func id(_ text: String) -> StepID { StepID(trusted: text) }

    /// source -> fetch -> train (mapped) -> gate (asks) -> choose -> [report, refuse].
    private let manifest = PipelineManifest(
        pipeline: PipelineID(trusted: "churn"),
        params: [ParameterSpec(name: PortName(trusted: "month"), type: .integer, defaultValue: 1, maximum: 12)],
        sources: [SourceSpec(dataset: DatasetID(trusted: "raw"), path: "raw.csv", format: .csv)],
        policy: PipelinePolicy(
            deadlines: [DeadlineSpec(from: .runStart, withinSeconds: 1)],
            notifyOnFailure: ["pager"]
        ),
        steps: [
            StepManifest(
                id: StepID(trusted: "fetch"),
                action: .command(CommandAction(shell: "./fetch {{ params.month }}")),
                inputs: [InputSpec(name: PortName(trusted: "raw"), dataset: DatasetID(trusted: "raw"))],
                outputs: [OutputSpec(name: PortName(trusted: "rows"), dataset: DatasetID(trusted: "clean"))],
                retry: RetryPolicy(retries: 2, delaySeconds: 60, backoff: 2),
                limits: StepLimits(pool: PoolName(trusted: "gpu"), slots: 4, queueTimeoutSeconds: 5),
                past: .sameStep
            ),
            StepManifest(
                id: StepID(trusted: "train"),
                action: .command(CommandAction(shell: "./train")),
                inputs: [InputSpec(name: PortName(trusted: "rows"), dataset: DatasetID(trusted: "clean"))],
                values: [PortName(trusted: "auc")],
                map: MapSpec([MapSource(.values([1, 2]))])
            ),
            StepManifest(
                id: StepID(trusted: "gate"),
                action: .approve(ApproveAction(message: "AUC {{ steps.fetch.values.auc }}?")),
                after: [StepID(trusted: "train")]
            ),
            StepManifest(
                id: StepID(trusted: "choose"),
                action: .branch(
                    BranchAction(cases: [
                        BranchCase(when: "{{ params.month > 6 }}", follow: [StepID(trusted: "report")]),
                        BranchCase(follow: [StepID(trusted: "refuse")]),
                    ])
                ),
                after: [StepID(trusted: "gate")]
            ),
            StepManifest(id: StepID(trusted: "report"), action: .command(CommandAction(shell: "./report"))),
            StepManifest(id: StepID(trusted: "refuse"), action: .command(CommandAction(shell: "./refuse"))),
        ]
    )

    private let answered: [InstanceID: StepStub] = [InstanceID(StepID(trusted: "gate")): StepStub(answer: "approve")]

    private func problems(
        _ stubs: [String: StepStub],
        fixtures: [String: Fixture] = [:],
        month: JSONValue = 2
    ) -> [String] {
        var setup = TestSetup(params: ["month": month], stubs: answered)
        for (text, stub) in stubs { if let instance = InstanceID(text) { setup.stubs[instance] = stub } }
        for (name, fixture) in fixtures { setup.fixtures[DatasetID(trusted: name)] = fixture }
        return TestPlan.problems(in: setup, for: manifest).map { "\($0.pathText): \($0.error.message)" }
    }

    @Test func aSetupThatFitsHasNoProblems() {
        #expect(problems([:]).isEmpty)
        #expect(problems(["train": StepStub(values: ["auc": 0.8])]).isEmpty)
        #expect(problems(["train[1]": StepStub(values: ["auc": 0.8])]).isEmpty)
        #expect(problems(["choose": StepStub(follow: [id("report")])]).isEmpty)
        #expect(problems(["fetch": StepStub()], fixtures: ["clean": .text("a\n", format: .csv)]).isEmpty)
        #expect(problems([:], fixtures: ["raw": .text("a\n", format: .csv)]).isEmpty)
        #expect(problems(["fetch": StepStub(.failed)]).isEmpty)
        #expect(problems(["fetch": StepStub(command: CommandAction(shell: "true"))]).isEmpty)
    }

    @Test func whatDoesNotFitIsTold() {
        #expect(problems([:], month: 13) == ["params: parameter month: 13 is above the maximum 12"])
        #expect(problems(["trian": StepStub()]) == ["stubs.trian: pipeline churn has no step trian"])
        #expect(
            problems(["report[1]": StepStub()]) == [
                "stubs.report[1]: step report is not mapped, and has one instance only"
            ]
        )
        #expect(
            problems(["train": StepStub()]) == [
                "stubs.train: the stub of step train gives no value auc, which the step promises"
            ]
        )
        #expect(
            problems(["train": StepStub(values: ["auc": 1, "acu": 2])]) == [
                "stubs.train.values.acu: step train promises no value acu"
            ]
        )
        #expect(
            problems(["fetch": StepStub(outputs: [PortName(trusted: "row"): .text("", format: nil)])]) == [
                "stubs.fetch.outputs.row: step fetch has no output row",
                "stubs.fetch: step train reads clean, which the stubbed step fetch does not write",
            ]
        )
        #expect(problems(["choose": StepStub()]) == ["stubs.choose: step choose is a branch; its stub has to choose"])
        #expect(
            problems(["choose": StepStub(follow: [id("fetch")])]) == [
                "stubs.choose.follow[0]: branch choose never follows fetch"
            ]
        )
        #expect(problems(["report": StepStub(follow: [])]) == ["stubs.report.follow: step report is no branch"])
        #expect(
            problems(["gate": StepStub(answer: "aprove")]) == [
                "stubs.gate.answer: step gate does not offer the answer \"aprove\""
            ]
        )
        #expect(problems(["report": StepStub(answer: "yes")]) == ["stubs.report.answer: step report asks nothing"])
        #expect(
            problems([:], fixtures: ["clean": .text("", format: nil)]) == [
                "fixtures.clean: dataset clean is written by step fetch, which really runs"
            ]
        )
        #expect(
            problems([:], fixtures: ["claen": .text("", format: nil)]) == [
                "fixtures.claen: pipeline churn has no dataset claen"
            ]
        )
        #expect(TestPlan.problems(in: TestSetup(), for: manifest).map(\.error.message) == ["step gate asks a person"])
    }

    @Test func thePlanIsCutOffFromWhatIsAroundIt() throws {
        let setup = TestSetup(stubs: [
            InstanceID(id("gate")): StepStub(answer: "approve"),
            InstanceID(id("choose")): StepStub(follow: [id("refuse")]),
            InstanceID(id("report")): StepStub(command: CommandAction(shell: "true")),
        ])
        let placed = [DatasetID(trusted: "raw"): PlacedFixture(path: "/tmp/raw.jsonl", format: .jsonl)]
        let plan = TestPlan.manifest(manifest, setup, placed: placed)
        #expect(plan.policy.deadlines.isEmpty && plan.policy.notifyOnFailure.isEmpty)
        #expect(
            plan.sources == [SourceSpec(dataset: DatasetID(trusted: "raw"), path: "/tmp/raw.jsonl", format: .jsonl)]
        )
        let fetch = try #require(plan.step(id("fetch")))
        #expect(fetch.retry == RetryPolicy(retries: 2, delaySeconds: 0, backoff: 0))
        #expect(fetch.limits == StepLimits() && fetch.past == .ignored)
        #expect(fetch.action == manifest.step(id("fetch"))?.action)
        // A question becomes something that is launched, so that its stub can answer.
        #expect(plan.step(id("gate"))?.action.hasProcess == true)
        #expect(plan.step(id("choose"))?.action == .branch(BranchAction(cases: [BranchCase(follow: [id("refuse")])])))
        // Another command takes the step's place when it is launched.
        #expect(plan.step(id("report"))?.action == manifest.step(id("report"))?.action)
        #expect(ManifestValidator.problems(in: plan).isEmpty)
    }

    @Test(arguments: [("approve", StepStub.Ending.success), ("reject", .skipped)])
    func answersComeToWhatTheQuestionSays(option: String, ending: StepStub.Ending) {
        let gate = InstanceID(id("gate"))
        let setup = TestSetup(stubs: [gate: StepStub(answer: option)]).answered(for: manifest)
        #expect(setup.stubs[gate]?.ending == ending)
        #expect(setup.stubs[gate]?.values["answer"] == (ending == .success ? .string(option) : nil))
    }

    @Test func stubsEndAttemptsInTurn() {
        let stub = StepStub(failures: 2, isRetryable: false, reason: "down", values: ["a": 1])
        let results = (1...3).map { stub.outcome(of: $0, id("fetch"), outputs: []) }
        #expect(results.map(\.result) == [.failed, .failed, .success])
        #expect(results.map(\.retryable) == [false, false, true])
        #expect(results[0].error?.message == "down" && results[0].values.isEmpty)
        #expect(results[2].values == ["a": 1])
        #expect(StepStub(.skipped).outcome(of: 1, id("fetch"), outputs: []).result == .skipped)
    }
}
