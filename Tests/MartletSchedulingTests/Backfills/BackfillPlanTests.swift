import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct BackfillPlanTests {
    /// What becomes of a date by the run it has, in the words of the reference: one line for each state, one word for
    /// each rule (none, failed, completed).
    static let table = """
        absent create create create
        queued in-flight in-flight in-flight
        running in-flight in-flight in-flight
        success already-exists already-exists reprocess
        failed already-exists reprocess reprocess
        cancelled already-exists reprocess reprocess
        lost unknown unknown unknown
        """.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }

    @Test(arguments: table, ReprocessRule.allCases) func decides(_ line: [String], _ rule: ReprocessRule) throws {
        let run = RunID(trusted: "churn-1")
        let state = RunState(rawValue: line[0])
        let existing = line[0] == "absent" ? [:] : [Days.start(1): BackfillPlan.ExistingRun(run, state)]
        let plan = try Days.plan(1...1, reprocess: rule, existing: existing)
        let date = try #require(plan.dates.first)
        let word = date.reason.map { $0.split(separator: " ").joined(separator: "-") } ?? date.decision.rawValue
        let column = try #require(ReprocessRule.allCases.firstIndex(of: rule)) + 1
        #expect(word == line[column])
        #expect((date.decision == .skip) == (date.reason != nil))
        #expect(date.run == existing[Days.start(1)]?.id)
    }

    @Test func theTableHasEveryState() {
        #expect(Set(RunState.allCases.map(\.rawValue)).isSubset(of: Self.table.map { $0[0] }))
    }

    @Test(arguments: [(false, [1, 2, 3, 4]), (true, [4, 3, 2, 1])])
    func ordersAndNumbersDates(_ isBackwards: Bool, _ days: [Int]) throws {
        // It is the middle of day 5, which is not over.
        let plan = try Days.plan(1...9, isBackwards: isBackwards, now: Days.start(5) + .seconds(43_200))
        #expect(plan.dates.map(\.logicalDate) == days.map(Days.start))
        #expect(plan.dates.map(\.ordinal) == Array(0..<4))
        #expect(plan.dates.map(\.intervalStart) == days.map(Days.start))
        #expect(plan.dates.map(\.intervalEnd) == days.map { Days.start($0 + 1) })
    }

    @Test func takesADateOnce() throws {
        let plan = try BackfillPlan(
            Days.request(1...2),
            ticks: Days.ticks(1...2) + Days.ticks(2...2),
            isPeriodic: true,
            existing: [:],
            at: Days.start(9)
        )
        #expect(plan.dates.map(\.logicalDate) == [Days.start(1), Days.start(2)])
    }

    /// What is asked, and the number of the refusal.
    struct Refusal: CustomTestStringConvertible, Sendable {
        var name: String
        var code: ErrorCode
        var from = 1
        var through = 3
        var isBackwards = false
        var limit = 10
        var reprocess = ReprocessRule.none
        var isPeriodic = true
        var past: [StepID] = []
        var ticks = 1...3
        var now = 9
        var testDescription: String { name }
    }

    static let train = StepID(trusted: "train")

    @Test(arguments: [
        Refusal(name: "reversed", code: .backfillReversed, from: 3, through: 1),
        Refusal(name: "future", code: .backfillInFuture, from: 10, through: 12),
        Refusal(name: "future and reversed", code: .backfillReversed, from: 12, through: 10),
        Refusal(name: "not periodic", code: .backfillNotPeriodic, isPeriodic: false),
        Refusal(name: "nothing over", code: .backfillEmpty, now: 1),
        Refusal(name: "no room", code: .valueInvalid, limit: 0),
        Refusal(name: "past, none", code: .backfillDependsOnPast, past: [train]),
        Refusal(
            name: "past, backwards",
            code: .backfillDependsOnPast,
            isBackwards: true,
            reprocess: .failed,
            past: [train]
        ),
        Refusal(name: "past, both", code: .backfillDependsOnPast, isBackwards: true, past: [train, train]),
        Refusal(
            name: "too many",
            code: .limitExceeded,
            through: 20_000,
            ticks: 1...(Limits.backfillDates + 1),
            now: 30_000
        ),
    ])
    func refuses(_ refusal: Refusal) throws {
        let asked = BackfillRequest(
            pipeline: PipelineID(trusted: "churn"),
            from: Days.start(refusal.from),
            through: Days.start(refusal.through),
            isBackwards: refusal.isBackwards,
            maxActiveRuns: refusal.limit,
            reprocess: refusal.reprocess
        )
        let error = #expect(throws: MartletError.self) {
            try BackfillPlan(
                asked,
                ticks: Days.ticks(refusal.ticks),
                isPeriodic: refusal.isPeriodic,
                existing: [:],
                dependingOnPast: refusal.past,
                at: Days.start(refusal.now)
            )
        }
        #expect(error?.code == refusal.code)
        #expect(error?.remedy != nil)
    }

    @Test(arguments: [ReprocessRule.failed, .completed]) func mayDependOnThePast(_ rule: ReprocessRule) throws {
        let plan = try BackfillPlan(
            Days.request(1...3, reprocess: rule),
            ticks: Days.ticks(1...3),
            isPeriodic: true,
            existing: [:],
            dependingOnPast: [Self.train],
            at: Days.start(9)
        )
        #expect(plan.dates.count == 3)
    }

    @Test func coversWhatIsOverOfDatesThatReachIntoTheFuture() throws {
        #expect(try Days.plan(1...30, now: Days.start(3)).dates.count == 2)
    }
}
