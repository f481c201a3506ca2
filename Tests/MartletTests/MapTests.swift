import MartletCore
import Synchronization
import Testing

@testable import Martlet

/// Groups, maps, setups and limits, as Swift writes them.
@Suite struct MapTests {
    @Test func everySettingReachesTheManifest() throws {
        #expect(Nightly.pipeline.problems.map(\.error.description) == [])
        try Golden.expect(JSONText.pretty(Nightly.pipeline.manifest) + "\n", equals: "nightly.manifest.json")
        let text = JSONText.encode(Nightly.pipeline.manifest)
        #expect(try JSONText.decode(PipelineManifest.self, from: text) == Nightly.pipeline.manifest)
    }

    private func step(_ id: String, of pipeline: Pipeline = Nightly.pipeline) throws -> StepManifest {
        try #require(pipeline.manifest.step(StepID(trusted: id)))
    }

    @Test func whatIsMappedOverIsRead() throws {
        let tell = try step("tell")
        #expect(tell.inputs == [InputSpec(name: PortName(trusted: "raw"), dataset: DatasetID(trusted: "days/raw"))])
        #expect(tell.map?.sources == [MapSource(.files(MapFiles(dataset: DatasetID(trusted: "days/raw"))))])
        #expect(try step("clean").inputs.count == 1)
    }

    @Test func stepsOfAGroupAreInIt() throws {
        #expect(try step("warm_up").group?.rawValue == "inner")
        #expect(try step("cities").group?.rawValue == "prepare")
        #expect(try step("total").group == nil)
        #expect(Nightly.pipeline.manifest.group(GroupID(trusted: "inner"))?.parent?.rawValue == "prepare")
    }

    @Test func teardownsHaveARuleOfTheirOwn() throws {
        #expect(try step("create").triggerRule == .noneFailed)
        #expect(try step("delete").triggerRule == .allDoneSetupSuccess)
        #expect(try step("sweep").triggerRule == .always)
        #expect(try step("delete").role.teardown == TeardownSpec(of: [StepID(trusted: "create")], failsRun: true))
        #expect(try step("sweep").role.teardown == TeardownSpec(of: []))
    }

    @Test func listsOfOneTypeAreMappedOver() throws {
        let pipeline = Pipeline("p") { p in
            let table = p.step("table") { _ in ["a": 1] }
            p.step("each", map: table) { context, entry in "\(entry.key) \(entry.value + 1)" }
        }
        #expect(pipeline.problems.map(\.error.description) == [])
        #expect(
            pipeline.manifest.steps[1].map
                == MapSpec([MapSource(.expression("{{ steps.table.values.result }}"))])
        )
    }

    /// The messages of an attempt of `step` for `item`.
    private func run(
        _ step: String,
        _ item: JSONValue?,
        of pipeline: Pipeline,
        values: [String: [String: JSONValue]] = [:]
    ) async -> [StepMessage] {
        var document = context(of: step, values: values)
        document.map = item.map { MapPlace(index: 3, count: 9, item: $0, label: "three") }
        let messages = Mutex<[StepMessage]>([])
        let runner = StepRunner(pipeline: pipeline) { message in messages.withLock { $0.append(message) } }
        _ = await runner.run(StepID(trusted: step), in: document)
        return messages.withLock { $0 }
    }

    private static let bodies = Pipeline("p") { p in
        let first = p.step("first") { _ in 1 }
        p.step("trial", map: Items<Trial>.product(["rate": [0.5], "depth": [1]]), first) { context, trial, first in
            "\(trial.rate) \(trial.depth) \(first) \(context.map?.index ?? -1)"
        }
        p.step("pair", map: Items.product(["a"], [1])) { context, pair in "\(pair.first)\(pair.second + 1)" }
        p.group("g", map: [Trial(rate: 1, depth: 2)]) { trial in
            p.step("inner", trial.member("depth", \.depth)) { context, depth in depth + 1 }
        }
    }

    @Test func bodiesAreGivenTheirItem() async {
        func result(_ value: JSONValue) -> [StepMessage] { [.value(name: PortName(trusted: "result"), value: value)] }
        let trial: JSONValue = .object(["rate": 0.5, "depth": 1])
        #expect(
            await run("trial", trial, of: Self.bodies, values: ["first": ["result": 7]]) == result("0.5 1 7 3")
        )
        #expect(await run("pair", .object(["first": "a", "second": 1]), of: Self.bodies) == result("a2"))
        #expect(await run("inner", .object(["rate": 1, "depth": 2]), of: Self.bodies) == result(3))
    }

    @Test func instancesThatReportNothingAreLeftOut() async {
        struct Size: Codable { var bytes: Int }
        let pipeline = Pipeline("p") { p in
            let sizes = p.step("size", map: ["a"]) { _, _ in 1 }
            let maybe = p.command("maybe", map: ["a"]) { _ in "true" }.value("n", as: Int?.self)
            let bytes = p.group("g", map: ["a"]) { _ in
                p.command("stat", "true").value("size", as: Size.self).member("bytes", \.bytes)
            }.outcome
            p.step("all", sizes, maybe, bytes) { _, sizes, maybe, bytes in "\(sizes) \(maybe) \(bytes)" }
            p.step("again", map: sizes.items.where { $0 > 1 }) { _, size in size }
        }
        let list: JSONValue = .array([1, .null, 3])
        let sizes: JSONValue = .array([.object(["bytes": 4]), .null])
        let values: [String: [String: JSONValue]] = [
            "size": ["result": list], "maybe": ["n": list], "stat": ["size": sizes],
        ]
        let text: JSONValue = "[1, 3] [Optional(1), nil, Optional(3)] [4]"
        #expect(
            await run("all", nil, of: pipeline, values: values) == [
                .value(name: PortName(trusted: "result"), value: text)
            ]
        )
        #expect(pipeline.manifest.steps.last?.map?.filter == "{{ item > 1 and item != null }}")
    }

    @Test func itemsThatDoNotFitAreExplained() async {
        let wrong = await run("pair", "text", of: Self.bodies)
        #expect(wrong.failure?.message.hasPrefix("item is not a ItemPair") == true)
        #expect(wrong.failure?.code == .valueInvalid)
        let missing = await run("inner", .object([:]), of: Self.bodies)
        #expect(missing.failure?.message == "step inner was not given item.depth")
        #expect(await run("inner", nil, of: Self.bodies).failure?.reason == "the attempt is not one of a mapped step")
    }

    /// The codes and reasons of what is wrong with a pipeline.
    private func problems(_ build: (PipelineBuilder) -> Void) -> [String] {
        Pipeline("p", build: build).problems.map { "\($0.error.code) \($0.pathText)" }
    }

    @Test func mistakesThatTypesCannotFind() {
        #expect(
            problems { p in
                var escaped: Item<String>?
                p.group("g", map: ["a"]) { item in
                    escaped = item
                    p.command("x", "true")
                }
                if let escaped { p.step("y", escaped) { context, item in context.log(item) } }
            } == ["MT1030 steps[1].swift"]
        )
        #expect(problems { p in p.step("x", map: [Double.infinity]) { _, _ in } } == ["MT1030 steps[0].map"])
        #expect(
            problems { p in
                p.step("x", map: Items.product(Items([1]).limited(to: 3), [2])) { _, _ in }
            } == ["MT1030 steps[0].map"]
        )
        #expect(
            problems { p in p.step("x", map: Items.zip([1], [2, 3])) { _, _ in } } == [
                "MT1030 steps[0].map.over.second"
            ]
        )
        #expect(
            problems { p in
                p.group("g", map: [1]) { _ in p.step("x", map: [1]) { _, _ in } }
            } == ["MT1030 steps[0].map"]
        )
        #expect(problems { p in p.command("x", "true", options: [.pool("a b")]) } == ["MT1006 steps[0].pool"])
        #expect(problems { p in p.group("a b") { p.command("x", "true") } } == ["MT1006 groups[0].id"])
    }

    @Test func problemsOfGroupsPointAtTheirLine() throws {
        let line = #line
        let pipeline = Pipeline("p") { p in
            p.command("x", "true")
            p.group("g", map: Items([1, 2]).limited(to: 1)) { _ in p.command("y", "true") }
        }
        let problem = try #require(pipeline.problems.first)
        #expect(problem.pathText == "groups[0].map.over")
        #expect(problem.error.location?.line == line + 3)
    }

    @Test func branchesFollowTheFirstStepsOfGroups() {
        let pipeline = Pipeline("p") { p in
            let ready = p.step("check") { _ in true }
            p.branch(
                "route",
                .when(ready) {
                    let first = p.group("first") { p.command("one", "true") }
                    p.group("second", after: [first]) { p.command("two", "true") }
                }
            )
        }
        #expect(pipeline.problems.map(\.error.description) == [])
        guard case .branch(let action)? = pipeline.manifest.step(StepID(trusted: "route"))?.action else { return }
        #expect(action.cases.map(\.follow) == [[StepID(trusted: "one")]])
    }
}
