import Foundation
import MartletCore
import MartletQuality
import MartletTestKit
import Testing

@testable import MartletRuntime

/// Failures of checks that are tried again, from the run to whoever is told.
@Suite(.tags(.simulation), .timeLimit(.minutes(30)))
struct RetriedCheckTests {
    private static let pager = NotifierID(trusted: "pager")

    private let scratch: Scratch
    private let clock = ManualClock()
    private let pager = FakeNotifier()

    init() throws { scratch = try Scratch() }

    private var incidents: IncidentService {
        IncidentService(
            IncidentService.Dependencies(
                store: InMemoryIncidentStore(),
                receivers: [Self.pager: pager],
                log: FakeNotifier(),
                time: clock.wallTime,
                clock: clock,
                jitter: { 0 }
            ),
            planner: IncidentPlanner(
                policy: IncidentPolicy(routes: [IncidentPolicy.Route(notify: [Self.pager])]),
                map: DatasetMap(),
                project: "test"
            ),
            layout: ProjectLayout(root: scratch.path)
        )
    }

    private static let failed = AttemptOutcome(
        .failed,
        verdict: CheckVerdict(
            suite: "flights",
            state: .failed,
            evaluated: 1,
            successful: 0,
            failures: [
                CheckVerdict.Failure(
                    check: "unique(id)",
                    type: "expect_column_values_to_be_unique",
                    severity: .critical,
                    expected: "values of id are unique",
                    observed: "2 of 9 unexpected"
                )
            ]
        )
    )

    private static let passed = AttemptOutcome(
        .success,
        verdict: CheckVerdict(suite: "flights", state: .passed, evaluated: 1, successful: 1, met: ["unique(id)"])
    )

    /// Runs one check whose attempts end as `outcomes` say; the clock passes over the wait between them.
    ///
    /// - Returns: what is told, in order.
    private func told(_ outcomes: [AttemptOutcome]) async throws -> [String] {
        let incidents = incidents
        let service = RunService(
            RunService.Dependencies(
                store: InMemoryRunStore(),
                launcher: FakeLauncher(["gate": outcomes]),
                time: clock.wallTime,
                ids: SeededIDs(seed: 1),
                clock: clock,
                executor: Executor(host: "test", pid: 1),
                checks: incidents
            ),
            layout: ProjectLayout(root: scratch.path)
        )
        let gate = StepManifest(
            id: StepID(trusted: "gate"),
            action: .check(CheckAction(file: "flights.yaml")),
            inputs: [InputSpec(name: PortName(trusted: "data"), dataset: DatasetID(trusted: "flights/raw"))],
            retry: RetryPolicy(retries: 1, delaySeconds: 60)
        )
        let manifest = PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: [gate])
        let execution = try await service.create(
            RunService.Request(manifest: manifest, slots: 1, martletVersion: "test")
        )
        async let end = execution.run(NoObserver())
        await clock.untilAsleep(1)
        await incidents.flush()
        #expect(pager.taken.isEmpty)
        clock.advance(by: .seconds(60))
        _ = try await end
        await incidents.flush()
        return pager.taken.compactMap { $0.incident?.kind.rawValue }
    }

    @Test func nothingIsToldWhenTheRetryPasses() async throws {
        #expect(try await told([Self.failed, Self.passed]).isEmpty)
    }

    @Test func theLastTryIsTold() async throws { #expect(try await told([Self.failed, Self.failed]) == ["trigger"]) }
}
