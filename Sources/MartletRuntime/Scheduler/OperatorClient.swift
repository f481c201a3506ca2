import Glibc
public import MartletCore

/// Asks the scheduler of a project for something, whether it runs or not.
public struct OperatorClient: Sendable {
    private let project: any ProjectStore
    private let scheduler: SchedulerService
    private let layout: ProjectLayout
    private let time: any TimeSource
    private let clock: any Clock<Duration>
    private let by: String

    /// A client of the project in `layout`.
    ///
    /// - Parameters:
    ///   - project: where requests are kept.
    ///   - scheduler: one that is not running; it answers when no other process runs the schedules.
    ///   - layout: the project's folders.
    ///   - time: tells when a request is made.
    ///   - clock: for looking whether there is an answer.
    ///   - by: who asks: user and host.
    public init(
        project: any ProjectStore,
        scheduler: SchedulerService,
        layout: ProjectLayout,
        time: any TimeSource,
        clock: any Clock<Duration>,
        by: String
    ) {
        self.project = project
        self.scheduler = scheduler
        self.layout = layout
        self.time = time
        self.clock = clock
        self.by = by
    }

    /// Whether a scheduler runs for the project.
    public var isSchedulerRunning: Bool { SchedulerLock.isHeld(layout) }

    /// Records the request and waits for its answer.
    ///
    /// - Throws: ``MartletError`` with the reason of a refusal, or MT8xxx when the store cannot be used.
    public func ask(_ request: OperatorRequest) async throws(MartletError) -> JSONValue {
        let id = try await project.submit(request, by: by, at: time.now)
        var isFirst = true
        var looks = 0
        while true {
            if !SchedulerLock.isHeld(layout) {
                do throws(MartletError) {
                    try await scheduler.answerOnce()
                } catch  where error.code == .schedulerHeld {
                    // One has just started, and takes the request.
                }
            } else if isFirst {
                WakeSignal.send(layout)
                isFirst = false
            }
            if let answered = try await project.request(id), answered.answeredAt != nil {
                if let error = answered.error { throw error }
                return answered.answer ?? .null
            }
            // Soon at first, for most answers come at once; then less often.
            try? await clock.sleep(for: .milliseconds(looks < 50 ? 2 : 50))
            looks += 1
            if Task.isCancelled {
                throw MartletError(
                    .runCancelled,
                    "nobody waits for the answer to request \(id) any more",
                    remedy: "nothing to do; the scheduler handles it all the same"
                )
            }
        }
    }
}
