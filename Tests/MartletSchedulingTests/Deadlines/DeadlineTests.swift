import Foundation
import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct DeadlineTests {
    /// A second of the day on which the run was to start.
    private static func at(_ second: Int) -> Timestamp { Days.start(1) + .seconds(second) }

    /// What a deadline is counted from, what is known, and when it is due.
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var spec: DeadlineSpec
        var scheduled: Int? = 0
        var queued = 10
        var started: Int?
        var recent: [Double] = []
        var due: Int?
        var testDescription: String { name }

        var facts: DeadlineFacts {
            DeadlineFacts(
                scheduledAt: scheduled.map { DeadlineTests.at($0) },
                queuedAt: DeadlineTests.at(queued),
                startedAt: started.map { DeadlineTests.at($0) },
                recentSeconds: recent
            )
        }
    }

    private static func average(within: Double, runs: Int = 10, minimum: Int = 3) -> DeadlineSpec {
        DeadlineSpec(from: .average, withinSeconds: within, runs: runs, minimumRuns: minimum)
    }

    static let cases = [
        Case(name: "schedule", spec: DeadlineSpec(from: .schedule, withinSeconds: 60), due: 60),
        Case(name: "no schedule", spec: DeadlineSpec(from: .schedule, withinSeconds: 60), scheduled: nil, due: nil),
        Case(name: "queued", spec: DeadlineSpec(from: .queued, withinSeconds: 60), due: 70),
        Case(name: "not started", spec: DeadlineSpec(from: .runStart, withinSeconds: 60), due: nil),
        Case(name: "started", spec: DeadlineSpec(from: .runStart, withinSeconds: 60), started: 20, due: 80),
        Case(name: "instant", spec: DeadlineSpec(from: .instant, withinSeconds: 5, at: at(500)), due: 505),
        Case(name: "before an instant", spec: DeadlineSpec(from: .instant, withinSeconds: -5, at: at(500)), due: 495),
        Case(name: "no instant", spec: DeadlineSpec(from: .instant, withinSeconds: 5), due: nil),
        Case(name: "average", spec: average(within: 30), started: 20, recent: [90, 100, 110], due: 150),
        Case(name: "too few runs", spec: average(within: 30), started: 20, recent: [90, 100], due: nil),
        Case(
            name: "the newest runs",
            spec: average(within: 0, runs: 3),
            started: 0,
            recent: [10, 20, 30, 900],
            due: 20
        ),
        Case(name: "average of none", spec: average(within: 5, minimum: 0), started: 20, due: nil),
        Case(name: "average, not started", spec: average(within: 5), recent: [1, 2, 3], due: nil),
        Case(name: "beyond all time", spec: DeadlineSpec(from: .queued, withinSeconds: 1e300), due: nil),
        Case(name: "never", spec: DeadlineSpec(from: .queued, withinSeconds: .infinity), due: nil),
    ]

    @Test(arguments: cases) func isDue(_ entry: Case) {
        #expect(entry.spec.due(entry.facts) == entry.due.map { Self.at($0) })
        let state = DeadlineState(entry.spec, entry.facts)
        #expect(state.due == entry.due.map { Self.at($0) })
    }

    @Test func isMissedOnce() {
        var state = DeadlineState(
            DeadlineSpec(from: .queued, withinSeconds: 60),
            DeadlineFacts(queuedAt: Self.at(0))
        )
        let before = state.pass(at: Self.at(59))
        #expect(!before)
        let then = state.pass(at: Self.at(60))
        #expect(then)
        let after = state.pass(at: Self.at(61))
        #expect(!after)
        #expect(state.phase == .missed(due: Self.at(60), at: Self.at(60)))
        state.succeed()
        #expect(state.phase == .missed(due: Self.at(60), at: Self.at(60)))
    }

    @Test func becomesDueWhenTheRunStarts() {
        var facts = DeadlineFacts(queuedAt: Self.at(0))
        var state = DeadlineState(DeadlineSpec(from: .runStart, withinSeconds: 60), facts)
        #expect(state.phase == .open)
        let isMissed = state.pass(at: Self.at(1_000))
        #expect(!isMissed)
        facts.startedAt = Self.at(30)
        state.learn(facts)
        facts.startedAt = Self.at(99)
        state.learn(facts)
        #expect(state.due == Self.at(90))
    }

    @Test func isMetBySuccess() {
        let facts = DeadlineFacts(queuedAt: Self.at(0))
        var met = DeadlineState(DeadlineSpec(from: .queued, withinSeconds: 60), facts)
        met.succeed()
        #expect(met.phase == .met)
        let isMissed = met.pass(at: Self.at(100))
        #expect(!isMissed)
        var open = DeadlineState(DeadlineSpec(from: .runStart, withinSeconds: 60), facts)
        open.succeed()
        #expect(open.phase == .met)
    }

    @Test(arguments: DeadlineSpec.Reference.allCases) func clearing(_ reference: DeadlineSpec.Reference) {
        let spec = DeadlineSpec(from: reference, withinSeconds: 60, at: Self.at(0), minimumRuns: 1)
        let facts = DeadlineFacts(
            scheduledAt: Self.at(0),
            queuedAt: Self.at(0),
            startedAt: Self.at(0),
            recentSeconds: [0]
        )
        let again = DeadlineFacts(scheduledAt: Self.at(0), queuedAt: Self.at(1_000), recentSeconds: [0])
        var missed = DeadlineState(spec, facts)
        let isMissed = missed.pass(at: Self.at(60))
        #expect(isMissed)
        missed.clear(again)
        var met = DeadlineState(spec, facts)
        met.succeed()
        met.clear(again)
        switch reference {
        case .schedule, .instant:
            #expect(missed.phase == .missed(due: Self.at(60), at: Self.at(60)))
            #expect(met.phase == .met)
        case .queued:
            #expect(missed.due == Self.at(1_060))
            #expect(met.due == Self.at(1_060))
        case .runStart, .average:
            #expect(missed.phase == .open)
            #expect(met.phase == .open)
        }
    }

    @Test func aRunHasSeveral() {
        let facts = DeadlineFacts(scheduledAt: Self.at(0), queuedAt: Self.at(10))
        var deadlines = RunDeadlines(
            [
                DeadlineSpec(from: .queued, withinSeconds: 60, notify: ["late"]),
                DeadlineSpec(from: .schedule, withinSeconds: 30, notify: ["early"]),
                DeadlineSpec(from: .runStart, withinSeconds: 10),
            ],
            facts
        )
        #expect(deadlines.nextDue == Self.at(30))
        let first = deadlines.pass(at: Self.at(30))
        #expect(first.map(\.notify) == [["early"]])
        #expect(deadlines.nextDue == Self.at(70))
        let second = deadlines.pass(at: Self.at(500))
        #expect(second.map(\.notify) == [["late"]])
        #expect(deadlines.nextDue == nil)
        deadlines.clear(DeadlineFacts(scheduledAt: Self.at(0), queuedAt: Self.at(900)))
        #expect(deadlines.nextDue == Self.at(960))
        deadlines.succeed()
        #expect(deadlines.nextDue == nil)
        let third = deadlines.pass(at: Self.at(9_000))
        #expect(third.isEmpty)
    }

    @Test func surviveBeingKept() throws {
        let facts = DeadlineFacts(scheduledAt: Self.at(0), queuedAt: Self.at(0))
        var deadlines = RunDeadlines(
            [
                DeadlineSpec(from: .queued, withinSeconds: 60),
                DeadlineSpec(from: .schedule, withinSeconds: 30),
                DeadlineSpec(from: .runStart, withinSeconds: 10),
            ],
            facts
        )
        _ = deadlines.pass(at: Self.at(45))
        #expect(try JSONDecoder().decode(RunDeadlines.self, from: JSONEncoder().encode(deadlines)) == deadlines)
        deadlines.succeed()
        let data = try JSONEncoder().encode(deadlines)
        #expect(try JSONDecoder().decode(RunDeadlines.self, from: data) == deadlines)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains("\"missed_at\":\"2026-01-01T00:00:45.000000Z\""))
        #expect(text.contains("\"state\":\"met\""))
    }
}
