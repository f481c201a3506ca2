import MartletCore
import MartletTestKit
import Synchronization

@testable import MartletRuntime

/// The first instant of 2026, at which manual clocks start.
let newYear = Timestamp(microseconds: 1_767_225_600_000_000)

/// A wait of step `w`, or of another, in a project that is the folder `project`.
func waitRequest(
    _ subject: WaitSubject,
    step: String = "w",
    policy: WaitPolicy = WaitPolicy(),
    project: String = "/",
    startedAt: Timestamp = newYear
) -> WaitRequest {
    let context = StepContextDocument(
        runID: RunID(trusted: "p-1"),
        pipeline: PipelineID(trusted: "p"),
        step: StepID(trusted: step),
        attempt: 1,
        startedAt: startedAt,
        project: project,
        workDirectory: "\(project)/work"
    )
    return WaitRequest(
        key: WaitKey(context.runID, InstanceID(context.step)),
        subject: subject,
        policy: policy,
        context: context,
        startedAt: startedAt
    )
}

/// How waits ended, in order; a test awaits the next.
final class Endings: Sendable {
    struct Ending: Sendable, Equatable {
        var step: String
        var resolution: WaitResolution
    }

    private let mailbox: AsyncStream<Ending>.Continuation
    private let stream: AsyncStream<Ending>
    private let known = Mutex<[Ending]>([])

    init() { (stream, mailbox) = AsyncStream.makeStream(bufferingPolicy: .unbounded) }

    /// All so far.
    var all: [Ending] { known.withLock { $0 } }

    func take(_ step: String) -> @Sendable (WaitResolution) -> Void {
        { resolution in
            let ending = Ending(step: step, resolution: resolution)
            self.known.withLock { $0.append(ending) }
            self.mailbox.yield(ending)
        }
    }

    func next() async -> Ending? {
        for await ending in stream { return ending }
        return nil
    }
}

extension WaitService {
    /// Starts a wait whose end goes to `endings`.
    func start(_ request: WaitRequest, _ endings: Endings) {
        start(request, resolve: endings.take("\(request.key.instance)"))
    }
}

/// Runs a service while `body` does its work.
func withService<Value>(_ service: WaitService, _ body: () async throws -> Value) async rethrows -> Value {
    let running = Task { await service.run() }
    defer { running.cancel() }
    return try await body()
}

extension WaitResult {
    var isSatisfied: Bool { if case .satisfied = self { true } else { false } }
}
