import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct PlannerGateTests {
    /// What is asked and done, line by line, and what comes of it.
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var total = 100
        var pools = ""
        var script: String
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "total slots",
            total: 2,
            script: """
                offer p1/a, p1/b, p1/c
                grants -> p1/a p1/b
                hold p1/c -> blocks 2 of 2 slots in total are taken
                release p1/b
                grants -> p1/c
                total 1
                offer p1/d
                release p1/a
                grants ->
                release p1/c
                grants -> p1/d
                total 0
                offer p1/e
                hold p1/e -> never 1 of 0 slots in total are taken
                """
        ),
        Case(
            name: "slots of a pool, and smaller requests that go past a large one",
            pools: "gpu=3",
            script: """
                offer p1/a pool=gpu slots=2
                grants -> p1/a
                offer p1/b pool=gpu slots=2, p1/c pool=gpu
                grants -> p1/c
                hold p1/b -> blocks 3 of 3 slots of pool gpu are taken, needs 2
                release p1/c
                grants ->
                release p1/a
                grants -> p1/b
                """
        ),
        Case(
            name: "requests that can never start",
            pools: "gpu=2 closed=0",
            script: """
                offer p1/a pool=gpu slots=3, p1/b pool=tpu, p1/c pool=closed, p1/d run=0, p1/e pool=gpu
                grants -> p1/e
                hold p1/a -> never needs 3 slots, and pool gpu has 2
                hold p1/b -> never there is no pool tpu
                hold p1/c -> never needs 1 slots, and pool closed has 0
                hold p1/d -> never 1 of 0 instances of the run run
                pools gpu=4 tpu=1 closed=1
                grants -> p1/b p1/c p1/a
                """
        ),
        Case(
            name: "the default pool is always there, and its size can be set",
            script: """
                offer p1/a slots=129, p1/b slots=128
                grants -> p1/b
                hold p1/a -> never needs 129 slots, and pool default_pool has 128
                pools default_pool=1
                offer p1/c
                release p1/b
                grants -> p1/c
                """
        ),
        Case(
            name: "a pool without a limit",
            total: 1_000,
            pools: "wide=-1",
            script: """
                offer p1/a pool=wide slots=100000, p1/b pool=wide slots=100000
                grants -> p1/a p1/b
                """
        ),
        Case(
            name: "a pool that shrinks below what is taken, and vanishes, and comes back",
            pools: "gpu=4",
            script: """
                offer p1/a pool=gpu, p1/b pool=gpu, p1/c pool=gpu, p1/d pool=gpu, p1/e pool=gpu
                grants -> p1/a p1/b p1/c p1/d
                pools gpu=2
                release p1/a p1/b
                grants ->
                hold p1/e -> blocks 2 of 2 slots of pool gpu are taken, needs 1
                pools
                release p1/c
                grants ->
                hold p1/e -> never there is no pool gpu
                pools gpu=2
                grants -> p1/e
                """
        ),
        Case(
            name: "running instances of a run",
            script: """
                offer p1/a run=1, p1/b run=1, p2/a run=1
                grants -> p1/a p2/a
                hold p1/b -> blocks 1 of 1 instances of the run run
                defer p1/a
                grants -> p1/b
                """
        ),
        Case(
            name: "running instances of a pipeline",
            pools: "gpu=9",
            script: """
                offer p1/a pipeline=2, p2/a pipeline=2 pool=gpu, p3/a pipeline=2, q1/a pipeline=2
                grants -> p1/a p2/a q1/a
                hold p3/a -> blocks 2 of 2 instances of the pipeline run
                defer p2/a
                grants -> p3/a
                """
        ),
        Case(
            name: "instances of a step in all runs: deferred ones and those that await input count",
            script: """
                offer p1/a step=2, p2/a step=2, p3/a step=2, p3/b, q1/a step=2
                grants -> p1/a q1/a p2/a p3/b
                hold p3/a -> blocks 2 of 2 instances of the step run or are deferred
                defer p1/a
                await p2/a
                grants ->
                release p1/a
                grants -> p3/a
                """
        ),
        Case(
            name: "instances of a step in its run",
            script: """
                offer p1/a[0] stepInRun=1, p1/a[1] stepInRun=1, p1/b stepInRun=1, p2/a[0] stepInRun=1
                grants -> p1/b p1/a[0] p2/a[0]
                hold p1/a[1] -> blocks 1 of 1 instances of the step in this run run or are deferred
                defer p1/a[0]
                grants ->
                offer p1/a[0] stepInRun=1
                grants -> p1/a[0]
                release p1/a[0]
                grants -> p1/a[1]
                """
        ),
        Case(
            name: "limits that differ between versions of a pipeline",
            script: """
                offer p1/a step=1, p2/a step=2, p3/a
                grants -> p1/a p2/a p3/a
                offer p4/a step=3, p5/a step=4
                grants -> p5/a
                """
        ),
        Case(
            name: "a deferred instance leaves total slots and the pool",
            total: 1,
            pools: "gpu=1",
            script: """
                offer p1/a pool=gpu, p1/b pool=gpu
                grants -> p1/a
                defer p1/a
                grants -> p1/b
                offer p1/a pool=gpu
                grants ->
                release p1/b
                grants -> p1/a
                """
        ),
        Case(
            name: "a deferred instance stays in a pool that says so; one that awaits input does not",
            pools: "gpu=1d",
            script: """
                offer p1/a pool=gpu, p1/b pool=gpu
                grants -> p1/a
                defer p1/a
                grants ->
                hold p1/b -> blocks 1 of 1 slots of pool gpu are taken, needs 1
                pools gpu=1
                grants -> p1/b
                pools gpu=1d
                release p1/a
                await p1/b
                offer p1/c pool=gpu
                grants -> p1/c
                """
        ),
        Case(
            name: "a paused pipeline and a paused run start nothing new",
            script: """
                offer p1/a, q1/a
                pause p
                grants -> q1/a
                offer p2/a
                hold p2/a -> blocks the pipeline is paused
                grants ->
                resume p
                pauserun p2
                grants -> p1/a
                hold p2/a -> blocks the run is paused
                resumerun p2
                grants -> p2/a
                pause r
                pauserun s1
                offer r1/a, s1/a, s2/a
                grants -> s2/a
                """
        ),
        Case(
            name: "a run that is forgotten leaves nothing behind",
            pools: "gpu=2d",
            script: """
                offer p1/a pool=gpu, p1/b pool=gpu, p1/c, p1/d pool=gpu, p2/a pool=gpu
                grants -> p1/a p1/c p1/b
                defer p1/a
                pauserun p1
                hold p2/a -> blocks 2 of 2 slots of pool gpu are taken, needs 1
                forget p1
                forget p9
                grants -> p2/a
                offer p1/a pool=gpu
                grants -> p1/a
                """
        ),
        Case(
            name: "numbers beyond reason",
            pools: "wide=-1",
            script: """
                offer p1/a pool=wide slots=9223372036854775807, p1/b pool=wide slots=9223372036854775807
                offer p1/c pool=wide slots=-5 priority=-9223372036854775808 day=100000000 backfill=9223372036854775807
                grants -> p1/a p1/b p1/c
                """
        ),
        Case(
            name: "what is withdrawn, replaced, offered twice or adopted",
            total: 2,
            script: """
                adopt p1/a
                adopt p1/b
                adopt p1/c
                adopt p1/c
                offer p2/a, p2/b priority=5, p2/c
                grants ->
                offer p1/a -> refused
                withdraw p2/b
                withdraw p1/c
                offer p2/c priority=9
                release p1/a p1/b
                grants -> p2/c
                release p1/c p2/c p2/c
                release p2/a
                grants -> p2/a
                """
        ),
    ]

    @Test(arguments: cases) func gate(_ entry: Case) {
        let script = PlannerScript(total: entry.total, pools: entry.pools, entry.script)
        #expect(script.problems.isEmpty, "\(script.problems.joined(separator: "\n"))")
    }

    @Test func explainsEveryGateInOrder() throws {
        let script = PlannerScript(
            total: 4,
            pools: "gpu=3",
            """
            offer p1/a pool=gpu slots=2 run=2 step=1 priority=3
            grants -> p1/a
            offer p1/b pool=gpu slots=2 run=2 pipeline=5 stepInRun=1 day=1, p1/c pool=gpu slots=2 priority=2, p2/d
            """
        )
        #expect(script.problems.isEmpty)
        let reports = script.planner.explain(try #require(admissionKey("p1/b")))
        #expect(
            reports.map { "\($0.verdict.rawValue): \($0)" } == [
                "passes: the pipeline is not paused",
                "passes: the run is not paused",
                "passes: 1 of 2 instances of the run run",
                "passes: 1 of 5 instances of the pipeline run",
                "passes: 1 of the 2 that wait for the pool go first",
                "blocks: 2 of 3 slots of pool gpu are taken, needs 2",
                "passes: 0 instances of the step run or are deferred, without a limit",
                "passes: 0 of 1 instances of the step in this run run or are deferred",
                "passes: 1 of 4 slots in total are taken",
            ]
        )
        #expect(script.planner.explain(try #require(admissionKey("p1/a"))).isEmpty)
        #expect(script.planner.standing(of: try #require(admissionKey("p1/a"))) == .running)
        #expect(script.planner.standing(of: try #require(admissionKey("p9/a"))) == nil)
    }

    @Test func tellsWhatNeverStartsAndWhatPoolsHold() throws {
        let script = PlannerScript(
            pools: "gpu=3d",
            """
            offer p1/a pool=gpu slots=2, p1/b pool=gpu, p1/c pool=gpu slots=2, p1/d pool=gpu slots=4, p1/e pool=tpu
            grants -> p1/a p1/b
            defer p1/b
            """
        )
        #expect(script.problems.isEmpty)
        let gpu = script.planner.use(of: PoolName(trusted: "gpu"))
        #expect([gpu.runningSlots, gpu.deferredSlots, gpu.waitingSlots] == [2, 1, 6])
        #expect(gpu.pool == Pool(name: PoolName(trusted: "gpu"), slots: 3, includesDeferred: true))
        #expect(script.planner.use(of: PoolName(trusted: "none")).pool == nil)
        #expect(Set(script.planner.neverStarting().map(\.description)) == ["p1/d", "p1/e"])
    }
}
