import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct PlannerOrderTests {
    @Test(arguments: [
        ("the greater priority", "p1/a priority=1, p1/b priority=3, p1/c priority=2", "p1/b p1/c p1/a"),
        ("priority before date", "p1/a priority=1 day=1, p1/b priority=2 day=9", "p1/b p1/a"),
        ("the earlier date, none comes last", "p1/a, p2/a day=2, p3/a day=1", "p3/a p2/a p1/a"),
        ("date before index", "p1/a[0] day=2, p2/a[5] day=1", "p2/a[5] p1/a[0]"),
        ("the lower index", "p1/a[10], p1/a[2], p1/b", "p1/b p1/a[2] p1/a[10]"),
        ("the older request", "p1/b, p1/a, p1/c", "p1/b p1/a p1/c"),
        ("backfills last, whatever their priority", "p1/a backfill=1 priority=9, p2/a", "p2/a p1/a"),
        (
            "backfills by ordinal, not by date",
            "p1/a backfill=2 day=1, p2/a backfill=1 day=2, q1/a backfill=1 day=3",
            "p2/a q1/a p1/a"
        ),
        ("pipelines in turns", "p1/a, p1/b, p1/c, q1/a, q1/b, r1/a", "p1/a q1/a r1/a p1/b q1/b p1/c"),
        ("turns within a priority", "p1/a priority=2, p1/b priority=2, p1/c, q1/a", "p1/a p1/b q1/a p1/c"),
        ("turns by slots", "p1/a slots=3, p1/b, q1/a, q1/b, q1/c, q1/d", "p1/a q1/a q1/b q1/c p1/b q1/d"),
        ("turns before dates", "p1/a day=1, p2/a day=2, q1/a day=3", "p1/a q1/a p2/a"),
        ("turns in each pool", "p1/a, p1/b, p1/c pool=gpu, q1/a pool=gpu", "p1/a p1/c q1/a p1/b"),
    ])
    func order(_ name: String, _ requests: String, _ expected: String) {
        let script = PlannerScript(pools: "gpu=9", "offer \(requests)\ngrants -> \(expected)")
        #expect(script.problems.isEmpty, "\(name): \(script.problems.joined(separator: "\n"))")
    }

    @Test func aPipelineThatAsksAgainAndAgainDoesNotGoFirstEachTime() {
        // Between release and offer q neither runs nor waits: it must not be taken for a newcomer with precedence.
        let script = PlannerScript(
            total: 1,
            """
            offer p1/a, p1/b, p1/c, q1/a
            grants -> p1/a
            release p1/a
            grants -> q1/a
            release q1/a
            offer q1/b
            grants -> p1/b
            release p1/b
            grants -> q1/b
            release q1/b
            offer q1/c
            grants -> p1/c
            """
        )
        #expect(script.problems.isEmpty, "\(script.problems.joined(separator: "\n"))")
    }

    @Test func aCrowdedPipelineDoesNotDelayASingleStep() throws {
        var planner = Planner(limits: PlannerLimits(totalSlots: 4))
        for index in 0..<10_000 { planner.offer(try #require(ask("crowd1/a[\(index)]"))) }
        #expect(planner.grants().count == 4)
        planner.offer(try #require(ask("single1/a")))
        planner.release(try #require(admissionKey("crowd1/a[0]")))
        #expect(planner.grants().map(\.description) == ["single1/a"])
    }

    @Test func pipelinesLevelOut() throws {
        var planner = Planner(limits: PlannerLimits(totalSlots: 8))
        for index in 0..<20 { planner.offer(try #require(ask("p1/a[\(index)]"))) }
        var running = planner.grants()
        for index in 0..<20 { planner.offer(try #require(ask("q1/a[\(index)]"))) }
        for _ in 0..<8 {
            planner.release(running.removeFirst())
            running += planner.grants()
        }
        #expect(Dictionary(grouping: running, by: \.run.rawValue).mapValues(\.count) == ["p1": 4, "q1": 4])
    }
}
