import MartletCore
import Testing

/// A change of a sound thing, for tables.
struct Change<Value>: Sendable {
    let apply: @Sendable (inout Value) -> Void
    init(_ apply: @escaping @Sendable (inout Value) -> Void) { self.apply = apply }
}

/// What a manifest says of pools, limits, roles, maps, deadlines and runs.
@Suite struct SettingsTests {
    private static func step(_ id: String, _ change: (inout StepManifest) -> Void = { _ in }) -> StepManifest {
        var step = StepManifest(id: StepID(trusted: id), action: .command(CommandAction(shell: "true")))
        change(&step)
        return step
    }

    private static func problems(
        _ steps: [StepManifest] = [step("a")],
        groups: [GroupSpec] = [],
        policy: PipelinePolicy = PipelinePolicy(),
        schedule: ScheduleSpec? = nil
    ) -> [String] {
        let manifest = PipelineManifest(
            pipeline: PipelineID(trusted: "p"),
            schedule: schedule,
            policy: policy,
            groups: groups,
            steps: steps
        )
        return ManifestValidator.problems(in: manifest).map { "\($0.error.code) \($0.pathText)" }
    }

    @Test(
        arguments: [
            (.init { $0.limits.pool = PoolName(trusted: "a b") }, "MT1006 steps[0].pool"),
            (.init { $0.limits.slots = 0 }, "MT1005 steps[0].slots"),
            (.init { $0.limits.slots = 1 }, nil),
            (.init { $0.limits.slots = Limits.slotsPerStep + 1 }, "MT1005 steps[0].slots"),
            (.init { $0.limits.priority = -Limits.priority }, nil),
            (.init { $0.limits.priority = Limits.priority + 1 }, "MT1005 steps[0].priority"),
            (.init { $0.limits.maxActive = 0 }, "MT1005 steps[0].max_active"),
            (.init { $0.limits.maxActivePerRun = -1 }, "MT1005 steps[0].max_active_per_run"),
            (.init { $0.limits.queueTimeoutSeconds = 0 }, "MT1005 steps[0].queue_timeout"),
            (.init { $0.limits.queueTimeoutSeconds = 4e7 }, "MT1005 steps[0].queue_timeout"),
            (.init { $0.heartbeatSeconds = 0.5 }, "MT1005 steps[0].heartbeat"),
            (.init { $0.heartbeatSeconds = 1 }, nil),
            (
                .init { $0.variables = [VariableName(trusted: "ok"), VariableName(trusted: "")] },
                "MT1006 steps[0].variables[1]"
            ),
            (.init { $0.connections = [ConnectionID(trusted: "-")] }, "MT1006 steps[0].connections[0]"),
            (.init { $0.role = .teardown(TeardownSpec(of: [])) }, nil),
            (
                .init { $0.role = .teardown(TeardownSpec(of: ["a"].map(StepID.init(trusted:)))) },
                "MT1032 steps[0].teardown.of[0]"
            ),
            (
                .init { $0.role = .teardown(TeardownSpec(of: ["b"].map(StepID.init(trusted:)))) },
                "MT1008 steps[0].teardown.of[0]"
            ),
            (.init { $0.group = GroupID(trusted: "g") }, "MT1008 steps[0].group"),
        ] as [(Change<StepManifest>, String?)]
    )
    func stepsAreChecked(change: Change<StepManifest>, expected: String?) {
        #expect(Self.problems([Self.step("a", change.apply)]) == (expected.map { [$0] } ?? []))
    }

    @Test(
        arguments: [
            (.init { $0.maxActiveRuns = 0 }, "MT1005 max_active_runs"),
            (.init { $0.maxActiveSteps = 0 }, "MT1005 max_active_steps"),
            (.init { $0.maxConsecutiveFailures = -1 }, "MT1005 max_consecutive_failures"),
            (.init { $0.runTimeoutSeconds = 0 }, "MT1005 run_timeout"),
            (.init { $0.notifyOnFailure = ["on-call", ""] }, "MT1006 notify_on_failure[1]"),
            (.init { $0.deadlines = [DeadlineSpec(from: .schedule, withinSeconds: 1)] }, "MT1033 deadline[0].from"),
            (.init { $0.deadlines = [DeadlineSpec(from: .instant, withinSeconds: 1)] }, "MT1033 deadline[0]"),
            (
                .init { $0.deadlines = [DeadlineSpec(from: .queued, withinSeconds: 1, at: Timestamp(seconds: 0))] },
                "MT1033 deadline[0].at"
            ),
            (.init { $0.deadlines = [DeadlineSpec(from: .runStart, withinSeconds: 0)] }, "MT1005 deadline[0].within"),
            (.init { $0.deadlines = [DeadlineSpec(from: .average, withinSeconds: 0)] }, nil),
            (
                .init { $0.deadlines = [DeadlineSpec(from: .average, withinSeconds: 0, runs: 0)] },
                "MT1005 deadline[0].runs"
            ),
            (
                .init { $0.deadlines = [DeadlineSpec(from: .average, withinSeconds: 0, runs: 2, minimumRuns: 3)] },
                "MT1005 deadline[0].minimum_runs"
            ),
            (
                .init { $0.deadlines = Array(repeating: DeadlineSpec(from: .queued, withinSeconds: 1), count: 21) },
                "MT1016 deadline"
            ),
        ] as [(Change<PipelinePolicy>, String?)]
    )
    func policiesAreChecked(change: Change<PipelinePolicy>, expected: String?) {
        var policy = PipelinePolicy()
        change.apply(&policy)
        let found = Self.problems(policy: policy)
        // Without runs there is no smallest number of them either.
        #expect(Array(found.prefix(1)) == (expected.map { [$0] } ?? []))
    }

    @Test func aScheduleIsWhatADeadlineIsCountedFrom() {
        let policy = PipelinePolicy(deadlines: [DeadlineSpec(from: .schedule, withinSeconds: 1)])
        #expect(Self.problems(policy: policy, schedule: ScheduleSpec(cron: "@daily")) == [])
    }

    private static let one = MapSource(.values([1, 2, 3]))
    private static func named(_ name: String, _ count: Int) -> MapSource {
        MapSource(.values((0..<count).map(JSONValue.integer)), name: PortName(trusted: name))
    }

    @Test(
        arguments: [
            (MapSpec([one]), nil),
            (MapSpec([]), "MT1030 steps[0].map"),
            (MapSpec([one], limit: 0), "MT1005 steps[0].map.limit"),
            (MapSpec([one], limit: 2), "MT1030 steps[0].map.over"),
            (MapSpec([one], filter: "{{ item > 1 }}", limit: 2), nil),
            (MapSpec([one, one]), "MT1030 steps[0].map.over"),
            (MapSpec([named("x", 1), named("x", 2)]), "MT1030 steps[0].map.over.x"),
            (MapSpec([named("1", 1)]), "MT1006 steps[0].map.over.1"),
            (MapSpec([named("x", 2), named("y", 3)], combine: .zip), "MT1030 steps[0].map.over.y"),
            (MapSpec([named("x", 30), named("y", 40)]), "MT1030 steps[0].map.over"),
            (MapSpec([named("x", 40), named("y", 40)], combine: .zip), nil),
            (MapSpec((0..<9).map { named("x\($0)", 1) }), "MT1030 steps[0].map.over"),
            (MapSpec([MapSource(.files(MapFiles(dataset: DatasetID(trusted: "d"))))]), "MT1030 steps[0].map.files"),
            (MapSpec([MapSource(.expression("{{ steps.a.values.x }}"))]), "MT1013 steps[0].map.over"),
            (MapSpec([MapSource(.expression("{{ item }}"))]), "MT1013 steps[0].map.over"),
            (MapSpec([one], label: "{{ outputs.x }}"), "MT1013 steps[0].map.label"),
            (MapSpec([one], filter: "{{ item }} "), nil),
            (MapSpec([one], filter: "x {{ item }}"), "MT1013 steps[0].map.filter"),
        ] as [(MapSpec, String?)]
    )
    func mapsAreChecked(map: MapSpec, expected: String?) {
        let found = Self.problems([Self.step("a") { $0.map = map }])
        #expect(found == (expected.map { [$0] } ?? []))
    }

    @Test(
        arguments: [
            ("{{ item }} {{ map.index }} {{ map.count }} {{ map.label }}", true), ("{{ item.a.b }}", true),
            ("{{ map.other }}", false), ("{{ map.index.x }}", false),
        ])
    func stepsOfMappedGroupsSeeTheirItem(shell: String, isSound: Bool) {
        let groups = [
            GroupSpec(id: GroupID(trusted: "outer"), map: MapSpec([Self.one])),
            GroupSpec(id: GroupID(trusted: "inner"), parent: GroupID(trusted: "outer")),
            GroupSpec(id: GroupID(trusted: "other")),
        ]
        for (group, sees) in [("outer", true), ("inner", true), ("other", false)] {
            let step = Self.step("a") {
                $0.action = .command(CommandAction(shell: shell))
                $0.group = GroupID(trusted: group)
            }
            #expect(Self.problems([step], groups: groups).isEmpty == (sees && isSound), "\(group)")
        }
    }

    @Test(
        arguments: [
            .work, .setup, .teardown(TeardownSpec(of: [])),
            .teardown(TeardownSpec(of: [StepID(trusted: "a")], failsRun: true)),
        ] as [StepRole]
    )
    func rolesSurviveJSON(role: StepRole) throws {
        #expect(try JSONText.decode(StepRole.self, from: JSONText.encode(role)) == role)
    }

    @Test func rolesAndListsReadAsWords() throws {
        #expect(JSONText.encode(StepRole.setup) == #""setup""#)
        #expect(try JSONText.decode(MapList.self, from: #"{"values":[1,"a",null]}"#) == .values([1, "a", .null]))
        #expect(JSONText.encode(MapList.expression("{{ x }}")) == #"{"expression":"{{ x }}"}"#)
        #expect(throws: DecodingError.self) { try JSONText.decode(StepRole.self, from: #""boss""#) }
        #expect(throws: DecodingError.self) {
            try JSONText.decode(MapList.self, from: #"{"values":[],"expression":""}"#)
        }
    }

    @Test func whatCameLaterMayBeAbsent() throws {
        let step = try JSONText.decode(
            StepManifest.self,
            from: """
                {"id":"a","tags":[],"action":{"command":{"shell":"true"}},"inputs":[],"outputs":[],"after":[],"env":{},
                "trigger_rule":"all_success","retry":{"retries":0,"delay_seconds":5,"backoff":1},"skip_exit_codes":[]}
                """
        )
        #expect(step.role == .work && step.limits == StepLimits() && step.past == .ignored && step.map == nil)
    }

    @Test(.timeLimit(.minutes(30))) func farTooManyStepsAreRefusedAtOnce() {
        let steps = (0..<100_000).map { index in
            Self.step("s\(index)") { $0.after = index == 0 ? [] : [StepID(trusted: "s\(index - 1)")] }
        }
        let manifest = PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: steps)
        let problems = ManifestValidator.problems(in: manifest)
        #expect(problems.map(\.error.code) == [.limitExceeded])
        #expect(problems.first?.error.message == "there are 100000 steps; a pipeline may have 10000")
    }
}
