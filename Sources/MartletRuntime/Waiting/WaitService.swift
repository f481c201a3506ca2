public import MartletCore
import MartletScheduling
import Synchronization

/// How a wait stands.
public struct WaitStatus: Hashable, Sendable {
    /// How many looks by the clock there were.
    public var looks: Int
    /// When its time is over; nil when it has no end.
    public var deadline: Timestamp?
    /// When it looks next; nil while it looks, or when it waits for a person.
    public var nextLook: Timestamp?
    /// What the last look found; nil before the first.
    public var reason: String?
}

/// Keeps all waits of a process: one timer for the earliest, no thread and no process for any.
///
/// ``run()`` has to run for anything to happen. The number of looks at once is limited; a wait that has to queue looks
/// later. Nothing is kept on disk: after a restart the waits are started again, with the instant at which each began.
public final class WaitService: Sendable {
    private let probe: any WaitProbe
    private let time: any TimeSource
    private let clock: any Clock<Duration>
    private let table = Mutex(WaitTable())
    private let preparations = Mutex(WaitPreparations())
    /// One pending signal says as much as many: that there may be something to do.
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// A service that looks by `probe`, goes by `time` and sleeps by `clock`.
    public init(probe: any WaitProbe, time: any TimeSource, clock: any Clock<Duration>) {
        self.probe = probe
        self.time = time
        self.clock = clock
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How many waits there are.
    public var count: Int { table.withLock { $0.count } + preparations.withLock { $0.count } }

    /// Starts a wait; the first look is made at once, or when the instant comes that is waited for.
    ///
    /// - Parameters:
    ///   - request: the wait; one of the same key is given up for it.
    ///   - looks: how many looks there were before a restart.
    ///   - resolve: told once how the wait ended, unless it is cancelled; called from any thread, and has to be quick.
    public func start(
        _ request: WaitRequest,
        looks: Int = 0,
        resolve: @escaping @Sendable (WaitResolution) -> Void
    ) {
        let schedule = WaitSchedule(request, looks: looks, at: time.now)
        let mask = SecretMask(request.settings.secrets)
        let end = table.withLock { table in
            table.add(schedule) { resolution in resolve(mask?.masked(resolution) ?? resolution) }
        }
        end?()
        signal.yield()
    }

    /// Starts a wait whose request takes time to make, as when settings have to be asked for.
    ///
    /// - Parameters:
    ///   - key: the wait; one of the same key is given up for it.
    ///   - prepare: makes the request, soon and while ``run()`` runs; what it throws fails the step.
    ///   - resolve: told once how the wait ended, unless it is cancelled; called from any thread, and has to be quick.
    public func start(
        _ key: WaitKey,
        prepare: @escaping @Sendable () async throws(MartletError) -> WaitRequest,
        resolve: @escaping @Sendable (WaitResolution) -> Void
    ) {
        cancel(key)
        preparations.withLock { $0.add(key, prepare: prepare, resolve: resolve) }
        signal.yield()
    }

    /// Gives a wait up; its `resolve` is not called any more.
    public func cancel(_ key: WaitKey) {
        preparations.withLock { $0.remove(key) }
        let end = table.withLock { $0.remove(key) }
        end?()
        probe.end(key)
        signal.yield()
    }

    /// Gives up all waits of a run.
    public func cancel(run: RunID) {
        let keys = preparations.withLock { $0.keys } + table.withLock { $0.keys }
        for key in keys where key.run == run { cancel(key) }
    }

    /// Has waits look now rather than at their next turn.
    public func wake(_ push: WaitPush) {
        let now = time.now
        if table.withLock({ $0.wake(push, at: now) }) { signal.yield() }
    }

    /// Gives a question its answer.
    ///
    /// - Parameters:
    ///   - key: the wait.
    ///   - option: one of the answers that are offered.
    ///   - person: who answers, as free text.
    /// - Throws: ``MartletError`` MT2052 when the answer is not offered, MT2046 when nothing is asked.
    public func answer(_ key: WaitKey, with option: String, by person: String?) throws(MartletError) {
        let ended = try table.withLock { (table) throws(MartletError) in try table.answer(key, option, by: person) }
        ended.resolve(ended.resolution)
    }

    /// How a wait stands; nil when there is none of that key.
    public func status(of key: WaitKey) -> WaitStatus? { table.withLock { $0.status(key) } }

    /// What a person is asked, its templates filled in and secrets masked; nil when nothing is asked under that key.
    public func question(of key: WaitKey) -> ApproveAction? {
        guard let request = table.withLock({ $0.request(key) }), case .answer(var action) = request.subject else {
            return nil
        }
        if let mask = SecretMask(request.settings.secrets) { action.message = mask.masked(action.message) }
        return action
    }

    /// Looks when it is time, until the calling task is cancelled; to be called once.
    public func run() async {
        await withDiscardingTaskGroup { group in
            var alarm: (due: Timestamp, task: Task<Void, Never>)?
            for await _ in signals {
                for job in preparations.withLock({ $0.turn() }) { group.addTask { await self.prepare(job) } }
                let now = time.now
                let turn = table.withLock { $0.turn(at: now) }
                for look in turn.looks { group.addTask { await self.perform(look) } }
                for ended in turn.ended { ended.resolve(ended.resolution) }
                if let alarm, alarm.due == turn.next, alarm.due > now { continue }
                alarm?.task.cancel()
                alarm = turn.next.map { due in (due, Task { await self.ring(at: due) }) }
            }
            alarm?.task.cancel()
        }
    }

    /// Says at `due` that there is something to do.
    ///
    /// It looks at the wall clock now and then, because that may be set while it sleeps.
    private func ring(at due: Timestamp) async {
        while !Task.isCancelled {
            let left = due - time.now
            if left <= .zero {
                signal.yield()
                return
            }
            try? await clock.sleep(for: min(.seconds(Limits.timerSeconds), left))
        }
    }

    private func prepare(_ job: WaitPreparations.Job) async {
        do throws(MartletError) {
            let request = try await job.prepare()
            // In one, so that who cancels meets the wait either here or there.
            preparations.withLock { preparations in
                if preparations.finish(job) { start(request, resolve: job.resolve) }
            }
        } catch {
            // Only of the store can more be expected another time.
            let isPassing = (8000...8999).contains(error.code.number)
            if preparations.withLock({ $0.finish(job) }) { job.resolve(.failed(error, retryable: isPassing)) }
        }
        signal.yield()
    }

    private func perform(_ look: WaitTable.Look) async {
        let key = look.request.key
        let task = Task {
            await probe.probe(look.request) { [weak self] in self?.wake(.wait(key)) }
        }
        if !table.withLock({ $0.note(look.ticket) { task.cancel() } }) { task.cancel() }
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        let mask = SecretMask(look.request.settings.secrets)
        // A look that was ended by the end of the service says nothing.
        if Task.isCancelled { return }
        let now = time.now
        let ended = table.withLock { $0.finish(look, mask?.masked(result) ?? result, at: now) }
        if let ended {
            probe.end(key)
            ended.resolve(ended.resolution)
        } else if table.withLock({ $0.status(key) }) == nil {
            // Given up while it looked: what the look has kept for being woken is not wanted.
            probe.end(key)
        }
        signal.yield()
    }
}
