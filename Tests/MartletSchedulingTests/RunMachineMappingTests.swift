import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct RunMachineMappingTests {
    static func over(_ values: [JSONValue]) -> MapSpec { MapSpec([MapSource(.values(values))]) }
    static let overN = MapSpec([MapSource(.expression("{{ steps.a.values.n }}"))])

    /// A map of one step, and its items as JSON, or why there are none.
    static let lists: [(MapSpec, String)] = {
        func named(_ lists: [(PortName, [JSONValue])]) -> [MapSource] {
            lists.map { MapSource(.values($1), name: $0) }
        }
        let (x, y) = (PortName(trusted: "x"), PortName(trusted: "y"))
        return [
            (over([1, 2]), "[1,2]"),
            (MapSpec(named([(x, [1, 2]), (y, [3])])), #"[{"x":1,"y":3},{"x":2,"y":3}]"#),
            (MapSpec(named([(x, [1, 2]), (y, [3, 4])]), combine: .zip), #"[{"x":1,"y":3},{"x":2,"y":4}]"#),
            (MapSpec(named([(x, [1, 2]), (y, [3])]), combine: .zip), "zip needs lists of one length; y has 1, not 2"),
            (MapSpec([MapSource(.values([1, 2, 3]))], filter: "{{ item > 1 }}"), "[2,3]"),
            (MapSpec([MapSource(.values([1, 2, 3]))], limit: 2), "it has 3 items; the limit is 2 (limit: in its map)"),
            (
                MapSpec([MapSource(.expression("{{ params.ports }}"))]),
                #"[{"key":"a","value":1},{"key":"b","value":2}]"#
            ),
            (
                MapSpec([MapSource(.expression("{{ params.word }}"))]),
                #"{{ params.word }} is "x", not a list or an object"#
            ),
            (over([]), "[]"),
        ]
    }()

    @Test(arguments: lists) func listsAreMadeOfTheirParts(map: MapSpec, expected: String) throws {
        let ports: JSONValue = .object(["b": 2, "a": 1])
        var run = DrivenRun([step("a", map: map), step("b", after: ["a"])], params: ["ports": ports, "word": "x"])
        let events = try run.start()
        let items = events.compactMap { if case .stepsMapped(let mapped) = $0 { mapped.items } else { nil } }.first
        if let items {
            #expect(JSONValue.array(items).jsonText == expected)
            if items.isEmpty { #expect(run.states == "a skipped, b skipped") }
        } else {
            #expect(try run.instance("a").reason == "its map failed: \(expected)")
            #expect(run.states == "a failed, b upstream_failed")
        }
    }

    @Test func labelsNameInstances() throws {
        var run = DrivenRun([step("a", map: MapSpec([MapSource(.values(["x", "y"]))], label: "for {{ item }}"))])
        let events = try run.start()
        let labels = events.compactMap { if case .stepsMapped(let mapped) = $0 { mapped.labels } else { nil } }
        #expect(labels == [["for x", "for y"]])
    }

    /// What becomes of a step whose list is not there.
    @Test(arguments: [
        (AttemptOutcome.Result.failed, "a failed, b upstream_failed"), (.skipped, "a skipped, b skipped"),
        (.success, "a success, b failed"),
    ])
    func aMissingListEndsTheStep(result: AttemptOutcome.Result, states: String) throws {
        for rule in [TriggerRule.allSuccess, .allDone] {
            var run = DrivenRun([step("a"), step("b", rule: rule, map: Self.overN)])
            try run.start()
            try run.end("a", result)
            #expect(run.states == states)
        }
    }

    /// What makes the list stands directly before all steps of the group, and counts for those that one success starts.
    @Test(arguments: [
        (TriggerRule.oneSuccess, StepState.running), (.oneDone, .running), (.oneFailed, .none),
        (.noneFailedMinOneSuccess, .none),
    ])
    func anUnexpandedStepOfAGroupWaitsForItsList(rule: TriggerRule, state: StepState) throws {
        let group = GroupSpec(id: GroupID(trusted: "g"), map: Self.overN)
        var run = DrivenRun(
            pipeline(
                [step("a"), step("b", group: "g"), step("c", after: ["b"], rule: rule, group: "g")],
                groups: [group]
            )
        )
        try run.start()
        #expect(run.states == "a running, b none, c none")
        try run.end("a", values: ["n": .array([1, 2])])
        let c = state.rawValue
        #expect(run.states == "a success, b[0] running, b[1] running, c[0] \(c), c[1] \(c)")
    }

    @Test func inAGroupAnInstanceFollowsThatOfItsIndex() throws {
        let group = GroupSpec(id: GroupID(trusted: "g"), map: Self.over([1, 2, 3]))
        var run = DrivenRun(
            pipeline(
                [step("a", group: "g"), step("b", after: ["a"], group: "g"), step("c", after: ["b"], rule: .allDone)],
                groups: [group]
            )
        )
        try run.start()
        #expect(try run.end("a[1]").started == ["b[1]"])
        try run.end("a[0]", .failed)
        #expect(
            run.states
                == "a[0] failed, a[1] success, a[2] running, b[0] upstream_failed, b[1] running, b[2] none, c none"
        )
        try run.end(all: "a[2] b[1]")
        #expect(try run.end("b[2]").started == ["c"])
    }

    @Test func aBranchInAGroupDecidesForItsIndex() throws {
        let group = GroupSpec(id: GroupID(trusted: "g"), map: Self.over([1, 2]))
        let cases = [
            BranchCase(when: "{{ item > 1 }}", follow: [StepID(trusted: "big")]),
            BranchCase(follow: [StepID(trusted: "small")]),
        ]
        var run = DrivenRun(
            pipeline(
                [step("choose", branch: cases, group: "g"), step("big", group: "g"), step("small", group: "g")],
                groups: [group]
            )
        )
        try run.start()
        let expected =
            "big[0] skipped, big[1] running, choose[0] success, choose[1] success, small[0] running, small[1] skipped"
        #expect(run.states == expected)
    }

    @Test func aListThatIsMadeAgainAddsAndRemoves() throws {
        var run = DrivenRun([step("a"), step("b", map: Self.overN), step("c", after: ["b"])])
        try run.start()
        try run.end("a", values: ["n": .array([1, 2])])
        try run.end(all: "b[0] b[1] c")
        for (items, states) in [
            ([1, 2, 3], "b[0] running, b[1] running, b[2] running"), ([1], "b[0] running"),
            ([1, 2], "b[0] running, b[1] running"),
        ] as [([JSONValue], String)] {
            try run.clear("a")
            try run.start()
            try run.end("a", values: ["n": .array(items)])
            #expect(run.states == "a success, \(states), c none")
            for index in items.indices { try run.end("b[\(index)]") }
            try run.end("c")
            #expect(run.machine.state == .success)
        }
        try run.clear("a")
        try run.start()
        try run.end("a", values: ["n": .array([])])
        #expect(run.states == "a success, b[0] skipped, c skipped")
        // Cleared without its list: it is still empty.
        try run.clear("b")
        try run.start()
        #expect(run.states == "a success, b[0] skipped, c skipped")
        #expect(try run.instance("b[0]").attempts == 4)
    }
}
