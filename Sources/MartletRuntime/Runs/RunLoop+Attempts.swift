import MartletCore
import MartletScheduling

extension RunLoop {
    mutating func start(_ step: InstanceID, _ attempt: Int) {
        guard let position = machine.position(of: step), machine.step(at: position) != nil else { return }
        let plan = AttemptPlan(machine, execution.layout, execution.project)
        guard let work = plan.work(position, attempt) else { return }
        let gathered = dependencies.data == nil ? plan.gathered(for: position, attempt) : []
        let (launcher, observer, mailbox) = (dependencies.launcher, observer, execution.mailbox)
        let (data, launch) = (dependencies.data, work.launch)
        let (checks, time) = (dependencies.checks, dependencies.time)
        let hasRetryLeft = machine.hasRetryLeft(position)
        let launched = { (launch: AttemptLaunch) async -> AttemptOutcome in
            await launcher.launch(launch) { observer.received($0, from: step, attempt: attempt) }
        }
        // Not of the run's group: each is cancelled by itself.
        let task = Task {
            var outcome: AttemptOutcome
            do throws(MartletError) {
                for folder in gathered { try folder.make() }
                if let data {
                    outcome = await data.attempt(work, launch: launched)
                } else {
                    outcome = await launched(launch)
                }
            } catch {
                outcome = AttemptOutcome(.failed, error: error)
            }
            if let verdict = outcome.verdict {
                // Before the attempt is over: then the news cannot be lost, though it may come twice. A store that is
                // broken shows when the outcome itself is to be kept.
                let willRetry = hasRetryLeft && outcome.result == .failed && outcome.retryable
                let news = verdict.observations(of: launch, manifest: work.manifestHash, willRetry, at: time.now)
                try? await checks?.observe(news)
                outcome.verdict?.met = nil
            }
            mailbox.put(.command(.finishAttempt(step: step, attempt: attempt, outcome: outcome)))
        }
        attempts[step] = (attempt, task)
    }

    /// Ends the processes of attempts that nobody listens to any more, and waits until they have.
    func endAttempts() async {
        for attempt in attempts.values { attempt.task.cancel() }
        for attempt in attempts.values { await attempt.task.value }
    }

    /// Publishes what the run has made, once all of its steps have ended well.
    mutating func publish(_ group: inout DiscardingTaskGroup) {
        guard machine.isToBePublished, !isPublishing else { return }
        isPublishing = true
        let mailbox = execution.mailbox
        guard let data = dependencies.data else {
            let error = MartletError(.internalFault, "nothing here can publish", remedy: "please report this")
            mailbox.put(.command(.publish(.failure(error))))
            return
        }
        let request = AttemptPlan(machine, execution.layout, execution.project).publishing
        group.addTask { mailbox.put(.command(.publish(await data.publish(request)))) }
    }

    /// What is kept for a run that goes on is not needed for one that has ended.
    func letGoOfData() async {
        guard let data = dependencies.data else { return }
        var isPublished = false
        if case .success = machine.publication { isPublished = true }
        await data.end(execution.id, in: execution.layout.root, isPublished: isPublished)
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
            mailbox.put(.command(.finishAttempt(step: step, attempt: attempt, outcome: outcome)))
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
