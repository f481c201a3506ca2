import MartletCore
import MartletQuality
import Synchronization

/// The deliveries to one receiver, one after the other in their order.
///
/// The first that fails holds up those behind it, so that an end is never told before its beginning; other receivers
/// have lanes of their own.
final class DeliveryLane: Sendable {
    /// Deliveries read from the store at once.
    private static let batch = 10

    let name: NotifierID
    private let notifier: any Notifier
    private let dependencies: IncidentService.Dependencies
    /// Rung when there may be something to deliver.
    let bell: Bell
    private let state = Mutex(State())

    private struct State {
        var lastCall: Timestamp?
        var nextRefresh: Timestamp?
    }

    init(_ name: NotifierID, _ notifier: any Notifier, _ dependencies: IncidentService.Dependencies) {
        self.name = name
        self.notifier = notifier
        self.dependencies = dependencies
        bell = Bell(dependencies.clock)
    }

    /// Delivers what is due, until nothing is or the task is cancelled; returns when something is due next.
    ///
    /// - Throws: ``MartletError`` MT8xxx when the store cannot be used.
    func drain() async throws(MartletError) -> Timestamp? {
        while !Task.isCancelled {
            let pending = try await dependencies.store.pendingDeliveries(limit: Self.batch)
                .filter { $0.notifier == name }
            if pending.isEmpty { return nil }
            for delivery in pending {
                if delivery.dueAt > dependencies.time.now { return delivery.dueAt }
                guard let settled = await attempt(delivery) else { return nil }
                try await dependencies.store.update(settled)
                if settled.state == .dead { await bury(settled) }
                if settled.state == .pending { return settled.dueAt }
            }
        }
        return nil
    }

    /// Tells the receiver again of what lasts, when the time has come; returns when it comes next.
    func refresh(_ alerts: () async throws(MartletError) -> [Alert]) async throws(MartletError) -> Timestamp? {
        guard let interval = notifier.refreshInterval else { return nil }
        let now = dependencies.time.now
        if let next = state.withLock({ $0.nextRefresh }), next > now { return next }
        state.withLock { $0.nextRefresh = now + interval }
        for alert in try await alerts() {
            guard await pause() else { return nil }
            // What fails now is told again soon.
            _ = await notifier.attempt(alert)
        }
        return now + interval
    }

    /// One attempt; nil when the task is cancelled, and the attempt does not count.
    private func attempt(_ delivery: Delivery) async -> Delivery? {
        guard await pause() else { return nil }
        let result = await notifier.attempt(delivery.alert)
        var settled = delivery
        settled.attempts += 1
        let now = dependencies.time.now
        switch result {
        case .taken:
            (settled.state, settled.settledAt, settled.error) = (.delivered, now, nil)
        case .refused(let error):
            (settled.state, settled.settledAt, settled.error) = (.dead, now, error)
        case .failed(let error, let retryAfter):
            if Task.isCancelled { return nil }
            settled.error = error
            let next = DeliveryBackoff.next(
                after: settled.attempts,
                retryAfter: retryAfter,
                jitter: dependencies.jitter(),
                at: now
            )
            if let next { settled.dueAt = next } else { (settled.state, settled.settledAt) = (.dead, now) }
        }
        return settled
    }

    /// Waits until the receiver may be called again; false when the task is cancelled.
    private func pause() async -> Bool {
        let now = dependencies.time.now
        if let last = state.withLock({ $0.lastCall }), last + notifier.spacing > now {
            // A clock that was set back does not hold anybody up for longer than the pause itself.
            let pause = min(last + notifier.spacing - now, notifier.spacing)
            try? await dependencies.clock.sleep(for: pause)
        }
        if Task.isCancelled { return false }
        state.withLock { $0.lastCall = dependencies.time.now }
        return true
    }

    /// Notes in the project's log what was given up.
    private func bury(_ delivery: Delivery) async {
        guard name != IncidentService.projectLog else { return }
        let alert = delivery.alert
        let notice = Alert(
            id: "notifier_failed/\(name)/\(alert.id)",
            kind: .notifierFailed,
            at: dependencies.time.now,
            text: "\(delivery.error?.message ?? "notifier \(name) did not take a notification"); it was given up after "
                + "\(delivery.attempts) \(delivery.attempts == 1 ? "attempt" : "attempts"): \(alert.text)",
            pipeline: alert.pipeline,
            run: alert.run,
            step: alert.step,
            error: delivery.error
        )
        // A log that cannot be written has nobody to tell.
        _ = await dependencies.log.attempt(notice)
    }
}
