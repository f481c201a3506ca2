import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// Nothing starves: an endless stream of others that the order prefers cannot keep a request waiting.
@Suite(.tags(.machine)) struct PlannerAgeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var total = 100
        var pools = ""
        /// Asked first, and alone the order would never let it start.
        var patient: String
        /// Asked again and again, `#` being a number; as many as there is room for run at any time.
        var stream: [String]
        /// Most starts before the patient one.
        var bound: Int
        var testDescription: String { name }
    }

    static let patience = 10

    static let cases = [
        Case(
            name: "greater priorities in its pool",
            pools: "gpu=2",
            patient: "p1/z pool=gpu",
            stream: ["q1/a[#] pool=gpu priority=9"],
            bound: 13
        ),
        Case(
            name: "greater priorities in other pools, by total slots",
            total: 2,
            pools: "gpu=2",
            patient: "p1/z pool=gpu",
            stream: ["q1/a[#] priority=9"],
            bound: 13
        ),
        Case(
            name: "smaller requests",
            pools: "gpu=4",
            patient: "p1/z pool=gpu slots=4",
            stream: ["q1/a[#] pool=gpu", "r1/a[#] pool=gpu slots=2"],
            bound: 15
        ),
        Case(
            name: "regular runs before its backfill, at the limit of a step",
            patient: "p1/a backfill=1 step=1",
            stream: ["p#/a step=1"],
            bound: 13
        ),
        Case(
            name: "other pools, at the limit of the pipeline",
            pools: "gpu=2",
            patient: "p1/z pool=gpu pipeline=2",
            stream: ["p#/a priority=9 pipeline=2"],
            bound: 14
        ),
        Case(
            name: "crowded pool and limit of the pipeline, never open at once by themselves",
            total: 3,
            pools: "gpu=1",
            patient: "p1/z pool=gpu pipeline=1",
            stream: ["p#/a priority=9 pipeline=1", "q#/a priority=9 pool=gpu"],
            bound: 50
        ),
        Case(
            name: "its own run",
            patient: "p1/z run=1",
            stream: ["p1/a[#] run=1 priority=9"],
            bound: 13
        ),
        Case(
            name: "its own step in the run",
            patient: "p1/a[0] stepInRun=1",
            stream: ["p1/a[#] stepInRun=1 priority=9"],
            bound: 13
        ),
        Case(
            name: "pipelines with shorter steps, while it holds a slot for long",
            total: 2,
            patient: "p1/z",
            stream: ["q1/a[#]", "r1/a[#]"],
            bound: 13
        ),
    ]

    @Test(arguments: cases) func starts(_ entry: Case) throws {
        var script = PlannerScript(total: entry.total, pools: entry.pools, patience: Self.patience, "").planner
        if entry.name.hasPrefix("pipelines") { script.adopt(try #require(ask("p1/y"))) }
        let patient = try #require(ask(entry.patient))
        var number = 1
        func more() throws {
            for line in entry.stream {
                number += 1
                let text = line.split(separator: "#", omittingEmptySubsequences: false).joined(separator: "\(number)")
                script.offer(try #require(ask(text)))
            }
        }
        try more()
        var running = script.grants()
        script.offer(patient)
        var starts = 0
        while script.standing(of: patient.key) == .waiting {
            try #require(starts <= entry.bound, "it waits for more than \(entry.bound) starts")
            try #require(!running.isEmpty, "all stands still")
            try more()
            script.release(running.removeFirst())
            let granted = script.grants()
            starts += granted.count
            running += granted
        }
    }

    @Test func priorityRulesAllButOneInElevenStarts() throws {
        // All are offered before any starts; those of least priority first.
        var planner = Planner(limits: PlannerLimits(totalSlots: 1, patience: Self.patience))
        for index in 0..<1_000 { planner.offer(try #require(ask("p1/a[\(index)] priority=\(index)"))) }
        var started: [Int] = []
        for _ in 0..<110 {
            let granted = planner.grants()
            started += granted.compactMap(\.instance.index)
            for key in granted { planner.release(key) }
        }
        #expect(started.filter { $0 < 500 } == Array(0..<10))
        #expect(started.filter { $0 >= 500 } == Array((900..<1_000).reversed()))
    }

    @Test func aPoolKeepsSlotsForALargeRequestOnlyAfterPatience() {
        let script = PlannerScript(
            pools: "gpu=2",
            patience: 2,
            """
            offer p1/a pool=gpu, p1/b pool=gpu
            grants -> p1/a p1/b
            offer q1/big pool=gpu slots=2, p1/c pool=gpu, p1/d pool=gpu, p1/e pool=gpu
            release p1/a
            grants -> p1/c
            release p1/b
            grants -> p1/d
            release p1/c
            grants ->
            hold p1/e -> blocks slots are kept for q1/big, which has waited longest
            hold q1/big -> blocks 1 of 2 slots of pool gpu are taken, needs 2
            release p1/d
            grants -> q1/big
            release q1/big
            grants -> p1/e
            """
        )
        #expect(script.problems.isEmpty, "\(script.problems.joined(separator: "\n"))")
    }

    @Test(arguments: ["withdraw q1/big", "pause q", "pools gpu=1", "offer q1/big pool=gpu"])
    func slotsAreKeptNoLongerThanNeeded(_ change: String) {
        let script = PlannerScript(
            pools: "gpu=2",
            patience: 1,
            """
            offer p1/a pool=gpu
            grants -> p1/a
            offer q1/big pool=gpu slots=2, p1/c pool=gpu, p1/d pool=gpu
            grants -> p1/c
            release p1/a
            grants ->
            \(change)
            release p1/c
            """
        )
        #expect(script.problems.isEmpty, "\(script.problems.joined(separator: "\n"))")
        var planner = script.planner
        #expect(planner.grants().contains { $0.description == "p1/d" })
    }
}
