import MartletCore
import MartletTestKit
import Testing

@Suite(.tags(.machine)) struct PipelineRulesTests {
    /// A pipeline that breaks much: nobody owns it, its steps neither retry nor end.
    private let bare = PipelineManifest(
        pipeline: PipelineID(trusted: "Bare-1"),
        tags: ["demo", "draft"],
        schedule: ScheduleSpec(cron: "@daily", catchup: true),
        sources: [SourceSpec(dataset: DatasetID(trusted: "Raw"), path: "raw.csv")],
        steps: [
            StepManifest(
                id: StepID(trusted: "fetch"),
                action: .command(CommandAction(shell: "./fetch")),
                outputs: [OutputSpec(name: PortName(trusted: "rows"), dataset: DatasetID(trusted: "rows-all"))]
            ),
            StepManifest(
                id: StepID(trusted: "Choose"),
                action: .branch(BranchAction(cases: [BranchCase(follow: [StepID(trusted: "load")])]))
            ),
            StepManifest(
                id: StepID(trusted: "load"),
                owner: "data",
                tags: ["pii"],
                action: .sql(SQLAction(text: "SELECT 1")),
                retry: RetryPolicy(retries: 9),
                timeoutSeconds: 7_200,
                limits: StepLimits(pool: PoolName(trusted: "gpu"))
            ),
        ]
    )

    @Test(
        arguments: [
            (PipelineRule.owner(), ["pipeline Bare-1 has no owner"]),
            (.description(), ["pipeline Bare-1 has no description"]),
            (.tags(required: ["team-*"]), ["pipeline Bare-1 has no tag team-*"]),
            (.tags(allowed: ["demo"]), ["pipeline Bare-1 has the tag \"draft\", which is not allowed"]),
            (.tags(required: ["d*"], allowed: ["demo", "draft"]), []),
            (.pipelineNames("[a-z_]+"), ["the name of pipeline Bare-1 does not have the form [a-z_]+"]),
            (.pipelineNames("Bare-[0-9]"), []),
            (.stepCount(1...2), ["pipeline Bare-1 has 3 steps; the most is 2"]),
            (.stepCount(4...9), ["pipeline Bare-1 has 3 steps; the least is 4"]),
            (.stepCount(3...3), []),
            (.scheduleDeadline(), ["pipeline Bare-1 starts by itself and has no deadline"]),
            (.scheduleNotify(), ["pipeline Bare-1 starts by itself and tells nobody when a run fails"]),
            (.catchup(.forbidden), ["pipeline Bare-1 makes up for missed runs"]),
            (.catchup(.needsStart), ["pipeline Bare-1 makes up for missed runs and does not say from when"]),
            (.stepOwner(), ["step fetch has no owner", "step Choose has no owner"]),
            (
                .stepOwner(matching: "team-.*").exceptKinds("command", "branch"),
                [
                    "the owner \"data\" of step load does not have the form team-.*"
                ]
            ),
            (
                .stepDescription().exceptKinds("branch"),
                [
                    "step fetch has no description", "step load has no description",
                ]
            ),
            (.stepTags(allowed: []), ["step load has the tag \"pii\", which is not allowed"]),
            (.stepNames("[a-z]+"), ["the name of step Choose does not have the form [a-z]+"]),
            (.stepKinds(forbidden: ["command"]), ["step fetch is of kind command, which is not allowed"]),
            (.stepKinds(allowed: ["command", "sql"]), ["step Choose is of kind branch, which is not allowed"]),
            // Deciding takes no process: there is nothing to try again or to end.
            (
                .retries(1...5),
                ["step fetch has no retries; the least is 1", "step load has retries: 9; the most is 5"]
            ),
            (.timeout(), ["step fetch has no timeout"]),
            (
                .timeout(maximumSeconds: 3_600).exceptKinds("command"),
                [
                    "the timeout of step load is 2h 00m; the most is 1h 00m"
                ]
            ),
            (.pools("default_*"), ["step load takes its slots from pool gpu, which is not allowed"]),
            (.datasetNames("[a-z-]+"), ["the name of dataset Raw does not have the form [a-z-]+"]),
        ] as [(PipelineRule, [String])]
    )
    func ruleFindsWhatBreaksIt(rule: PipelineRule, expected: [String]) {
        #expect(PipelineRules([rule]).problems(in: bare).map(\.error.message) == expected)
    }

    @Test(arguments: [
        ("Bare-1", 0), ("Bare-*", 0), ("*", 0), ("Bare-1.fetch", 1), ("*.fetch", 1), ("*.Choose", 1), ("fetch", 2),
        ("other.fetch", 2),
    ])
    func exceptionsNamePipelinesOrTheirParts(pattern: String, count: Int) {
        let rules = PipelineRules([.stepOwner().except(pattern)])
        #expect(rules.problems(in: bare).count == count)
    }

    @Test func aSoundPipelineBreaksNothing() {
        var sound = bare
        (sound.owner, sound.schedule) = ("team-a", ScheduleSpec(cron: "@daily"))
        sound.schedule?.start = Timestamp(seconds: 0)
        sound.schedule?.catchup = true
        sound.policy.deadlines = [DeadlineSpec(from: .runStart, withinSeconds: 60)]
        sound.policy.notifyOnFailure = ["mail"]
        let rules = PipelineRules([
            .owner(matching: "team-.*"), .scheduleDeadline(), .scheduleNotify(), .catchup(.needsStart),
        ])
        #expect(rules.problems(in: sound).isEmpty)
        sound.schedule = nil
        sound.policy = PipelinePolicy()
        #expect(rules.problems(in: sound).isEmpty)
    }

    @Test func problemsSayWhereTheyAre() throws {
        let rules = PipelineRules([.stepTags(allowed: ["x"]).warning(), .datasetNames("[a-z]+")])
        let problems = rules.problems(in: bare)
        #expect(problems.map(\.severity) == [.warn, .error, .error])
        #expect(problems.map(\.rule) == ["step_tags", "dataset_names", "dataset_names"])
        let paths = problems.map { ManifestProblem($0.path, $0.error).pathText }
        #expect(paths == ["steps[2].tags[0]", "sources.Raw", "steps[0].outputs.rows"])
    }

    @Test func everyKindOfStepIsNamed() {
        #expect(Set(StepAction.kinds).count == StepAction.kinds.count)
        for step in bare.steps { #expect(StepAction.kinds.contains(step.action.kind)) }
        #expect(StepAction.kinds.contains(StepAction.swift(SwiftAction()).kind))
        #expect(StepAction.kinds.contains(StepAction.shortCircuit(ShortCircuitAction("{{ true }}")).kind))
        #expect(StepAction.kinds.contains(StepAction.approve(ApproveAction(message: "?")).kind))
    }
}
