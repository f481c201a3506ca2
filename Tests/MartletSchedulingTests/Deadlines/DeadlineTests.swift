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
    }
}
