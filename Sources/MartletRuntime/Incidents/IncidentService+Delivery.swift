public import MartletCore
import MartletQuality

// Delivering: by `martlet up` for as long as it runs, and by other commands at their ends.
extension IncidentService {
    /// Held by the process that delivers.
    static func lockPath(_ layout: ProjectLayout) -> String { "\(layout.state)/incidents.lock" }

    /// Longest time between two looks at what other processes have kept.
    static let look: Duration = .seconds(10)

    /// Wakes the service, as when another process has kept something.
    public func wake() { bell.ring() }

    /// Does what the time asks for and delivers, until the calling task is cancelled.
    ///
    /// - Parameter report: told of what goes wrong with the store; the service goes on.
    public func run(report: @escaping @Sendable (MartletError) -> Void = { _ in }) async {
        guard let lock = await takeLock(report) else { return }
        defer { withExtendedLifetime(lock) {} }
        await withDiscardingTaskGroup { group in
            for lane in lanes.values { group.addTask { await self.follow(lane, report) } }
            while !Task.isCancelled {
                var pause = Self.look
                do throws(MartletError) {
                    let next = try await advance()
                    try await giveUpUnknown()
                    if let next { pause = min(pause, max(.zero, next - dependencies.time.now)) }
                } catch {
                    report(error)
                }
                for lane in lanes.values { lane.bell.ring() }
                guard await bell.wait(atMost: pause) else { break }
            }
            group.cancelAll()
        }
    }

    /// Tells what is to be told at the end of a run, and waits at most `deadline` for receivers.
    ///
    /// Where a scheduler runs, it is woken and delivers. What is not delivered in time stays, and is delivered by the
    /// next process that does. Nothing is thrown: no receiver, and no fault of ours, fails a run.
    ///
    /// - Parameters:
    ///   - deadline: the longest wait.
    ///   - report: told of what goes wrong with the store.
    public func flush(
        deadline: Duration = .seconds(Limits.flushSeconds),
        report: @escaping @Sendable (MartletError) -> Void = { _ in }
    ) async {
        let isScheduled = isScheduled
        do throws(MartletError) {
            try await advance(isClosing: !isScheduled)
            try await giveUpUnknown()
            if isScheduled { return WakeSignal.send(layout) }
            if try await dependencies.store.pendingDeliveries(limit: 1).isEmpty { return }
        } catch {
            return report(error)
        }
        let clock = dependencies.clock
        let end = dependencies.time.now + deadline
        await withTaskGroup { group in
            group.addTask { await self.deliver(until: end, report) }
            group.addTask { try? await clock.sleep(for: deadline) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Delivers all that is pending, also what fails and is tried again before `end`.
    private func deliver(until end: Timestamp, _ report: @escaping @Sendable (MartletError) -> Void) async {
        guard let lock = await takeLock(report) else { return }
        await withDiscardingTaskGroup { group in
            for lane in lanes.values { group.addTask { await self.finish(lane, until: end, report) } }
        }
        withExtendedLifetime(lock) {}
    }

    /// Waits for the process that delivers; nil when the task is cancelled.
    private func takeLock(_ report: @Sendable (MartletError) -> Void) async -> FileLock? {
        while !Task.isCancelled {
            do throws(MartletError) {
                try FileSystem.makeFolder(layout.state)
                if let lock = try FileLock.take(Self.lockPath(layout)) { return lock }
            } catch {
                report(error)
                return nil
            }
            try? await dependencies.clock.sleep(for: .milliseconds(50))
        }
        return nil
    }

    private func finish(
        _ lane: DeliveryLane,
        until end: Timestamp,
        _ report: @Sendable (MartletError) -> Void
    ) async {
        do throws(MartletError) {
            while let next = try await lane.drain() {
                if next >= end || Task.isCancelled { return }
                try? await dependencies.clock.sleep(for: max(.milliseconds(1), next - dependencies.time.now))
            }
            _ = try await lane.refresh { () throws(MartletError) in try await self.lasting(for: lane.name) }
        } catch {
            report(error)
        }
    }

    private func follow(_ lane: DeliveryLane, _ report: @Sendable (MartletError) -> Void) async {
        while !Task.isCancelled {
            var next: Timestamp?
            do throws(MartletError) {
                let refresh = try await lane.refresh { () throws(MartletError) in try await self.lasting(for: lane.name)
                }
                next = [try await lane.drain(), refresh].compactMap(\.self).min()
            } catch {
                report(error)
                next = dependencies.time.now + Self.look
            }
            guard await lane.bell.wait(atMost: next.map { max(.zero, $0 - dependencies.time.now) }) else { return }
        }
    }

    private func lasting(for receiver: NotifierID) async throws(MartletError) -> [Alert] {
        let now = dependencies.time.now
        let book = try await dependencies.store.book(for: [], at: now)
        return planner.refresh(of: receiver, book, at: now)
    }

    /// Gives up what is meant for notifiers that the project does not have any more.
    private func giveUpUnknown() async throws(MartletError) {
        while var delivery = try await dependencies.store.pendingDeliveries(limit: 1).first(where: { pending in
            lanes[pending.notifier] == nil
        }) {
            let error = MartletError(
                .receiverRefused,
                "there is no notifier \(delivery.notifier)",
                remedy: NearestName.of(
                    delivery.notifier.rawValue,
                    among: dependencies.receivers.keys.map(\.rawValue).sorted()
                ).map { "did you mean \($0)?" } ?? "add it under notifiers: in martlet.yaml"
            )
            (delivery.state, delivery.settledAt, delivery.error) = (.dead, dependencies.time.now, error)
            try await dependencies.store.update(delivery)
            let notice = Alert(
                id: "notifier_failed/\(delivery.notifier)/\(delivery.alert.id)",
                kind: .notifierFailed,
                at: dependencies.time.now,
                text: "\(error.message): \(delivery.alert.text)",
                pipeline: delivery.alert.pipeline,
                run: delivery.alert.run,
                error: error
            )
            _ = await dependencies.log.attempt(notice)
        }
    }
}
