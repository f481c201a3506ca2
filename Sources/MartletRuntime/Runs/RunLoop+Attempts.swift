import MartletCore
import MartletScheduling

extension RunLoop {
    mutating func start(_ step: InstanceID, _ attempt: Int, _ group: inout DiscardingTaskGroup) {
        guard let position = machine.position(of: step), machine.step(at: position) != nil else { return }
        let plan = AttemptPlan(machine, execution.layout, execution.project)
        guard let launch = plan.launch(position, attempt) else { return }
        let gathered = plan.gathered(for: position, attempt)
        let (launcher, observer, mailbox) = (dependencies.launcher, observer, execution.mailbox)
        let task = Task {
            do throws(MartletError) {
                for folder in gathered { try folder.make() }
            } catch {
                return AttemptOutcome(.failed, error: error)
            }
            return await launcher.launch(launch) { message in
                observer.received(message, from: step, attempt: attempt)
            }
        }
        attempts[step] = (attempt, task)
        group.addTask {
            let outcome = await withTaskCancellationHandler {
                await task.value
            } onCancel: {
                task.cancel()
            }
            mailbox.yield(.command(.finishAttempt(step: step, attempt: attempt, outcome: outcome)))
        }
    }

    /// Hands an attempt that needs no process to the waits of this process.
    mutating func startWaiting(_ step: InstanceID) {
        guard let position = machine.position(of: step) else { return }
        let instance = machine.instances[position]
        guard instance.state == .deferred || instance.state == .awaitingInput else { return }
        let plan = AttemptPlan(machine, execution.layout, execution.project)
        guard let launch = plan.launch(position, instance.attempts) else { return }
        let (mailbox, attempt) = (execution.mailbox, instance.attempts)
        @Sendable func finish(_ outcome: AttemptOutcome) {
            mailbox.yield(.command(.finishAttempt(step: step, attempt: attempt, outcome: outcome)))
        }
        guard let waits = dependencies.waits else {
            let error = MartletError(.internalFault, "nothing here can wait", remedy: "please report this")
            return finish(AttemptOutcome(.failed, error: error, retryable: false))
        }
        let occasion = machine.created.occasion
        waiting[step] = WaitKey(execution.id, step, attempt: attempt)
        waits.start(
            launch,
            of: step,
            times: WaitTimes(
                logicalDate: occasion.logicalDate,
                intervalStart: occasion.intervalStart,
                intervalEnd: occasion.intervalEnd
            ),
            startedAt: instance.attemptStartedAt ?? dependencies.time.now,
            settings: dependencies.settings
        ) { finish($0.outcome) }
    }

    mutating func endWaiting(_ step: InstanceID) {
        if let key = waiting.removeValue(forKey: step) { dependencies.waits?.cancel(key) }
    }
}
