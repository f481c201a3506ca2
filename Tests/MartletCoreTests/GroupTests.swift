import MartletCore
import Testing

/// Groups: what lies in which, who waits for whom because of them, and what may not be.
@Suite struct GroupTests {
    private static func id(_ raw: String) -> StepID { StepID(trusted: raw) }

    private static func step(
        _ id: String,
        in group: String? = nil,
        after: [String] = [],
        _ role: StepRole = .work,
        shell: String = "true"
    ) -> StepManifest {
        StepManifest(
            id: self.id(id),
            action: .command(CommandAction(shell: shell)),
            after: after.map(self.id),
            role: role,
            group: group.map(GroupID.init(trusted:))
        )
    }

    private static func group(
        _ id: String,
        in parent: String? = nil,
        after: [String] = [],
        map: MapSpec? = nil
    ) -> GroupSpec {
        GroupSpec(
            id: GroupID(trusted: id),
            parent: parent.map(GroupID.init(trusted:)),
            after: after.map(self.id),
            map: map
        )
    }

    private static func manifest(_ groups: [GroupSpec], _ steps: [StepManifest]) -> PipelineManifest {
        PipelineManifest(pipeline: PipelineID(trusted: "p"), groups: groups, steps: steps)
    }

    /// The edges as `from>to`, in order.
    private static func edges(_ groups: [GroupSpec], _ steps: [StepManifest]) -> String {
        let graph = PipelineGraph(manifest(groups, steps))
        return graph.downstream.enumerated().flatMap { from, targets in
            targets.map { "\(graph.steps[from])>\(graph.steps[$0])" }
        }.joined(separator: " ")
    }

    private static func problems(_ groups: [GroupSpec], _ steps: [StepManifest]) -> [String] {
        ManifestValidator.problems(in: manifest(groups, steps)).map { "\($0.error.code) \($0.pathText)" }
    }

    @Test func waitingForAGroupIsWaitingForItsLastSteps() {
        let steps = [
            Self.step("a", in: "g"), Self.step("b", in: "g", after: ["a"]), Self.step("c", in: "g"),
            Self.step("d", after: ["g"]),
        ]
        #expect(Self.edges([Self.group("g")], steps) == "a>b b>d c>d")
    }

    @Test func whatAGroupWaitsForItsFirstStepsWaitFor() {
        let steps = [
            Self.step("x"), Self.step("a", in: "g"), Self.step("b", in: "g", after: ["a"]), Self.step("c", in: "g"),
        ]
        #expect(Self.edges([Self.group("g", after: ["x"])], steps) == "x>a x>c a>b")
    }

    @Test func groupsWithinGroupsAreTakenFromTheInside() {
        // s waits for the group beside it, so it is not among the first of the outer one.
        let groups = [Self.group("outer", after: ["x"]), Self.group("inner", in: "outer")]
        let steps = [
            Self.step("x"), Self.step("i", in: "inner"), Self.step("j", in: "inner", after: ["i"]),
            Self.step("s", in: "outer", after: ["inner"]), Self.step("y", after: ["outer"]),
        ]
        #expect(Self.edges(groups, steps) == "x>i i>j j>s s>y")
        let reversed = [groups[1], groups[0]]
        #expect(Self.edges(reversed, steps) == "x>i i>j j>s s>y")
    }

    @Test func groupsAfterGroupsAreLinkedEndToEnd() {
        let groups = [Self.group("g"), Self.group("h", after: ["g"])]
        let steps = [
            Self.step("a", in: "g"), Self.step("b", in: "g"), Self.step("c", in: "h"), Self.step("d", in: "h"),
        ]
        #expect(Self.edges(groups, steps) == "a>c a>d b>c b>d")
    }

    @Test func nobodyWaitsForTheTidyingUpOfAGroup() {
        let steps = [
            Self.step("make", in: "g", .setup), Self.step("work", in: "g", after: ["make"]),
            Self.step("tidy", in: "g", after: ["work"], .teardown(TeardownSpec(of: [Self.id("make")]))),
            Self.step("next", after: ["g"]),
        ]
        #expect(Self.edges([Self.group("g")], steps) == "make>work make>tidy work>tidy work>next")
        let alone = [Self.step("tidy", in: "g", .teardown(TeardownSpec(of: []))), Self.step("next", after: ["g"])]
        #expect(Self.edges([Self.group("g")], alone) == "tidy>next")
    }

    @Test func allOfAMappedGroupWaitsForItsItems() {
        let map = MapSpec([
            MapSource(.expression("{{ steps.list.values.x }}"), name: PortName(trusted: "a")),
            MapSource(.files(MapFiles(dataset: DatasetID(trusted: "d"))), name: PortName(trusted: "b")),
        ])
        var writer = Self.step("writer")
        writer.outputs = [OutputSpec(name: PortName(trusted: "o"), dataset: DatasetID(trusted: "d"))]
        let steps = [
            Self.step("list"), writer, Self.step("a", in: "g"), Self.step("b", in: "g", after: ["a"]),
        ]
        #expect(Self.edges([Self.group("g", map: map)], steps) == "list>a list>b writer>a writer>b a>b")
    }

    @Test func tablesAnswerLikeTheManifest() {
        let map = MapSpec([MapSource(.values([1]))])
        let manifest = Self.manifest(
            [Self.group("a"), Self.group("b", in: "a", map: map), Self.group("c", in: "b"), Self.group("d", in: "no")],
            [Self.step("x", in: "c"), Self.step("y", in: "a"), Self.step("z", in: "d"), Self.step("w", in: "gone")]
        )
        let table = GroupTable(manifest)
        let names = { (groups: [GroupSpec]) in groups.map(\.id.rawValue) }
        for (id, lineage, domain, steps) in [
            ("a", ["a"], nil, [0, 1]), ("b", ["b", "a"], "b", [0]), ("c", ["c", "b", "a"], "b", [0]),
            ("d", ["d"], nil, [2]), ("gone", [], nil, []),
        ] as [(String, [String], String?, [Int])] {
            let id = GroupID(trusted: id)
            #expect(names(table.lineage(of: id)) == lineage)
            #expect(names(manifest.lineage(of: id)) == lineage)
            #expect(table.mapDomain(of: id)?.id.rawValue == domain)
            #expect(table.steps(in: id) == steps)
            #expect(manifest.steps(in: id).map(\.id) == steps.map { manifest.steps[$0].id })
        }
        #expect(table.entangled.isEmpty)
    }

    @Test func whatGroupsMayNotBe() {
        let one = Self.step("one", in: "g")
        #expect(Self.problems([Self.group("g")], [one]) == [])
        #expect(Self.problems([Self.group("g"), Self.group("g")], [one]) == ["MT1007 groups[1].id"])
        #expect(Self.problems([Self.group("g"), Self.group("one")], [one]) == ["MT1007 groups[1].id"])
        #expect(Self.problems([Self.group("g", in: "h")], [one]) == ["MT1008 groups[0].parent"])
        #expect(
            Self.problems([Self.group("g", in: "h"), Self.group("h", in: "g")], [one])
                == ["MT1031 groups[0].parent", "MT1031 groups[1].parent"]
        )
        #expect(Self.problems([Self.group("g", after: ["g"])], [one]) == ["MT1031 groups[0].after[0]"])
        #expect(Self.problems([Self.group("g", after: ["one"])], [one]) == ["MT1031 groups[0].after[0]"])
        #expect(Self.problems([Self.group("g", after: ["two"])], [one]) == ["MT1008 groups[0].after[0]"])
        #expect(
            Self.problems([Self.group("g")], [Self.step("one", in: "g", after: ["g"])]) == ["MT1031 steps[0].after[0]"]
        )
        let nested = [Self.group("g"), Self.group("h", in: "g")]
        #expect(Self.problems(nested, [Self.step("one", in: "h", after: ["g"])]) == ["MT1031 steps[0].after[0]"])
        #expect(Self.problems(nested, [Self.step("one", in: "g", after: ["h"])]) == [])
        var route = Self.step("route")
        route.action = .branch(BranchAction(cases: [BranchCase(follow: [Self.id("g")])]))
        #expect(Self.problems([Self.group("g")], [route, one]) == ["MT1031 steps[0].branch[0].follow[0]"])
        let deep = (0..<17).map { Self.group("d\($0)", in: $0 == 0 ? nil : "d\($0 - 1)") }
        #expect(Self.problems(deep, [Self.step("one")]) == ["MT1031 groups[16].parent"])
    }

    @Test func groupsMakeCirclesToo() {
        let groups = [Self.group("g", after: ["h"]), Self.group("h")]
        let steps = [Self.step("a", in: "g"), Self.step("b", in: "h", after: ["a"])]
        #expect(Self.problems(groups, steps) == ["MT1009 steps[0].id"])
    }

    @Test func mapsOfGroupsAreChecked() {
        let one = Self.step("one", in: "g")
        func group(_ list: MapList, filter: String? = nil) -> [GroupSpec] {
            [Self.group("g", map: MapSpec([MapSource(list)], filter: filter))]
        }
        #expect(Self.problems(group(.values([1])), [one]) == [])
        #expect(Self.problems(group(.values([1]), filter: "{{ item > 1 }}"), [one]) == [])
        #expect(Self.problems(group(.expression("{{ steps.one.values.x }}")), [one]) == ["MT1030 groups[0].map.over"])
        #expect(Self.problems(group(.expression("{{ item }}")), [one]) == ["MT1013 groups[0].map.over"])
        #expect(
            Self.problems(group(.files(MapFiles(dataset: DatasetID(trusted: "d")))), [one]) == [
                "MT1008 groups[0].map.files"
            ]
        )
        var mapped = one
        mapped.map = MapSpec([MapSource(.values([1]))])
        #expect(Self.problems(group(.values([1])), [mapped]) == ["MT1030 steps[0].map"])
        var gate = one
        gate.action = .shortCircuit(ShortCircuitAction("{{ item > 1 }}"))
        #expect(Self.problems(group(.values([1])), [gate]) == ["MT1030 steps[0].group"])
        // What instances write is no folder that could be listed.
        var writer = Self.step("writer")
        writer.map = mapped.map
        writer.outputs = [OutputSpec(name: PortName(trusted: "o"), dataset: DatasetID(trusted: "d"))]
        let files = group(.files(MapFiles(dataset: DatasetID(trusted: "d"))))
        #expect(Self.problems(files, [one, writer]) == ["MT1030 groups[0].map.files"])
        writer.map = nil
        #expect(Self.problems(files, [one, writer]) == [])
    }

    @Test(.timeLimit(.minutes(30))) func manyStepsInManyGroupsAreChecked() {
        var groups: [GroupSpec] = []
        for index in 0..<2_000 {
            let parent = index % 10 == 0 ? nil : "g\(index - 1)"
            groups.append(
                Self.group("g\(index)", in: parent, after: index >= 10 && parent == nil ? ["g\(index - 10)"] : [])
            )
        }
        let steps = (0..<10_000).map { index in
            Self.step(
                "s\(index)",
                in: "g\(index / 5)",
                after: index % 5 == 0 ? [] : ["s\(index - 1)"],
                shell: "{{ run.id }}"
            )
        }
        #expect(Self.problems(groups, steps) == [])
    }

    @Test(.timeLimit(.minutes(30))) func largeGroupsAfterEachOtherAreRefusedBeforeTheyFillTheMemory() {
        let groups = [Self.group("g"), Self.group("h", after: ["g"])]
        let steps = (0..<10_000).map { Self.step("s\($0)", in: $0 < 5_000 ? "g" : "h") }
        #expect(Self.problems(groups, steps) == ["MT1016 steps"])
    }
}
