public import MartletCore
import Synchronization

/// Gives alerts to notifiers by name, and each of them to the project's log of alerts.
///
/// Sending returns at once: each notifier has a queue of its own and is given one alert at a time, in their order, so
/// that a slow one holds up neither runs nor others. A delivery that fails is repeated, after 1, 2, 4 seconds and so on.
/// When a queue is full, the newest alert is given up, because the first ones tell how it began; that, and every
/// delivery that failed for good, goes to the log as an alert of its own.
public final class NotifierRouter: Sendable {
    private struct Lane: Sendable {
        /// Nil is the log.
        var name: NotifierID?
        var notifier: any Notifier
        var alerts: AsyncStream<Alert>
        var mailbox: AsyncStream<Alert>.Continuation

        init(_ name: NotifierID?, _ notifier: any Notifier, queue: Int) {
            self.name = name
            self.notifier = notifier
            (alerts, mailbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(queue))
        }

        var label: String { name?.rawValue ?? "log" }
    }

    private struct State {
        var recent: RecentIDs
        /// How many alerts each queue has given up since it last took one.
        var dropped: [String: Int] = [:]
        /// The pauses between two calls that are under way.
        var pauses: [String: Task<Void, Never>] = [:]
        var isFinishing = false
    }

    private let log: Lane
    private let lanes: [NotifierID: Lane]
    private let mask: @Sendable (String) -> String
    private let clock: any Clock<Duration>
    private let observe: @Sendable (AlertDelivery) -> Void
    private let state: Mutex<State>
    /// Ends when no more alerts are taken.
    private let open: AsyncStream<Never>
    private let close: AsyncStream<Never>.Continuation

    /// A router to these notifiers.
    ///
    /// - Parameters:
    ///   - notifiers: those of the project by name; nil stands for the log, under another name.
    ///   - log: takes every alert.
    ///   - mask: takes secrets out of text.
    ///   - clock: for the time between two calls of a notifier.
    ///   - queue: most alerts that wait for one notifier.
    ///   - observe: told what became of each alert; called from any thread, and has to be quick.
    public init(
        _ notifiers: [NotifierID: (any Notifier)?],
        log: any Notifier,
        mask: @escaping @Sendable (String) -> String,
        clock: any Clock<Duration>,
        queue: Int = Limits.queuedAlerts,
        observe: @escaping @Sendable (AlertDelivery) -> Void = { _ in }
    ) {
        let logLane = Lane(nil, log, queue: queue)
        self.log = logLane
        lanes = Dictionary(
            uniqueKeysWithValues: notifiers.map { name, notifier in
                (name, notifier.map { Lane(name, $0, queue: queue) } ?? logLane)
            }
        )
        (open, close) = AsyncStream.makeStream()
        self.mask = mask
        self.clock = clock
        self.observe = observe
        state = Mutex(State(recent: RecentIDs(limit: Limits.rememberedAlerts)))
    }

    /// Queues an alert for the log and for the notifiers of these names; one that was sent before is not sent again.
    ///
    /// A name that the project does not have is itself an alert in the log.
    public func send(_ alert: Alert, to names: [NotifierID]) {
        let masked = alert.masked(mask)
        queue(masked, log)
        for name in Set(names).sorted() {
            guard let lane = lanes[name] else {
                let error = MartletError(
                    .notifierFailed,
                    "there is no notifier \(name)",
                    remedy: NearestName.of(name.rawValue, among: lanes.keys.map(\.rawValue).sorted()).map {
                        "did you mean \($0)?"
                    } ?? "add it under notifiers: in martlet.yaml"
                )
                fail(masked, name, error)
                continue
            }
            if lane.name != nil { queue(masked, lane) }
        }
    }

    /// Delivers until the calling task is cancelled, or until all is delivered after ``finish()``; to be called once.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.deliver(self.log) }
            await withDiscardingTaskGroup { named in
                named.addTask { for await _ in self.open {} }
                for lane in self.lanes.values where lane.name != nil { named.addTask { await self.deliver(lane) } }
            }
            // Last, because it takes what the others could not deliver.
            self.log.mailbox.finish()
        }
    }

    /// Takes no more alerts; those that wait are delivered, and what fails is not repeated.
    public func finish() {
        let pauses = state.withLock { state in
            state.isFinishing = true
            return state.pauses.values
        }
        for pause in pauses { pause.cancel() }
        for lane in lanes.values where lane.name != nil { lane.mailbox.finish() }
        close.finish()
    }

    private func queue(_ alert: Alert, _ lane: Lane) {
        let id = "\(lane.label)\u{0}\(alert.id)"
        guard state.withLock({ $0.recent.insert(id) }) else { return }
        guard case .dropped = lane.mailbox.yield(alert) else {
            let count = state.withLock { $0.dropped.removeValue(forKey: lane.label) } ?? 0
            // The first was reported when it was given up.
            if count > 1 { report(count, lane, alert) }
            return
        }
        let count = state.withLock { state in
            state.recent.remove(id)
            state.dropped[lane.label, default: 0] += 1
            return state.dropped[lane.label] ?? 1
        }
        observe(AlertDelivery(alert: alert, notifier: lane.name, outcome: .dropped(dropError(1, lane))))
        if count == 1 { report(1, lane, alert) }
    }

    private func report(_ count: Int, _ lane: Lane, _ alert: Alert) {
        // The log cannot tell of itself.
        guard lane.name != nil else { return }
        let error = dropError(count, lane)
        let notice = Alert(
            id: "alerts_dropped/\(lane.label)/\(count)/\(alert.id)",
            kind: .alertsDropped,
            at: alert.at,
            text: error.message,
            error: error
        )
        queue(notice, log)
    }

    private func dropError(_ count: Int, _ lane: Lane) -> MartletError {
        MartletError(
            .alertsDropped,
            "\(count) \(count == 1 ? "alert" : "alerts") for notifier \(lane.label) \(count == 1 ? "was" : "were") "
                + "given up because too many wait for it",
            remedy: "read them in .martlet/alerts.jsonl; make the notifier faster, or send it less"
        )
    }

    private func deliver(_ lane: Lane) async {
        for await alert in lane.alerts { await deliver(alert, lane) }
    }

    private func deliver(_ alert: Alert, _ lane: Lane) async {
        let most = 1 + min(lane.notifier.retries, Limits.deliveryRetries)
        for call in 1... {
            do throws(MartletError) {
                try await lane.notifier.deliver(alert)
                return observe(AlertDelivery(alert: alert, notifier: lane.name, outcome: .delivered(calls: call)))
            } catch {
                if call < most { await pause(before: call + 1, lane) }
                if call >= most || isEnding { return fail(alert, lane.name, error) }
            }
        }
    }

    private var isEnding: Bool { Task.isCancelled || state.withLock { $0.isFinishing } }

    private func pause(before call: Int, _ lane: Lane) async {
        let seconds = min(Limits.deliveryDelaySeconds, 1 << min(call - 2, 16))
        let pause = Task { _ = try? await clock.sleep(for: .seconds(seconds)) }
        state.withLock { $0.pauses[lane.label] = pause }
        if isEnding { pause.cancel() }
        await withTaskCancellationHandler {
            await pause.value
        } onCancel: {
            pause.cancel()
        }
        state.withLock { $0.pauses[lane.label] = nil }
    }

    private func fail(_ alert: Alert, _ name: NotifierID?, _ error: MartletError) {
        observe(AlertDelivery(alert: alert, notifier: name, outcome: .failed(error)))
        guard let name else { return }
        state.withLock { $0.recent.remove("\(name)\u{0}\(alert.id)") }
        let notice = Alert(
            id: "notifier_failed/\(name)/\(alert.id)",
            kind: .notifierFailed,
            at: alert.at,
            text: error.message,
            pipeline: alert.pipeline,
            run: alert.run,
            step: alert.step,
            error: error
        )
        queue(notice, log)
    }
}
