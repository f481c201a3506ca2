import MartletCore

// What an attempt that is under way, or about to follow, waits for.
extension RunExplainer {
    func attemptCheck(_ position: Int) -> ExplanationCheck {
        let instance = machine.instances[position]
        let took = instance.attemptStartedAt.map { " for \((facts.now - $0).shortText)" } ?? ""
        if instance.state == .restarting {
            return ExplanationCheck(
                .attempt,
                .blocks,
                "it was cleared while it ran; attempt \(instance.attempts) is being ended",
                predicate: "waits for the end of its attempt \(instance.attempts), which was cleared while it ran"
            )
        }
        let number = instance.attempts > 1 ? ", attempt \(instance.attempts)" : ""
        let limit = machine.step(at: position)?.timeoutSeconds.map { "; it may take \(Duration.seconds($0).shortText)" }
        return ExplanationCheck(
            .attempt,
            .passes,
            "attempt \(instance.attempts) runs\(took)\(limit ?? "")",
            predicate: "runs\(took)\(number)"
        )
    }

    func retryCheck(_ position: Int) -> ExplanationCheck {
        let instance = machine.instances[position]
        let why = instance.reason.map { ": \($0)" } ?? ""
        guard let due = instance.retryAt, due > facts.now else {
            return ExplanationCheck(
                .retry,
                .passes,
                "attempt \(instance.attempts) did not succeed\(why); the next one is due",
                predicate: "is about to be tried again, after attempt \(instance.attempts) did not succeed\(why)"
            )
        }
        let pause = (due - facts.now).shortText
        return ExplanationCheck(
            .retry,
            .blocks,
            "attempt \(instance.attempts) did not succeed\(why); the next one is at \(due.short), in \(pause)",
            predicate:
                "waits for its next attempt at \(due.short), in \(pause), after attempt \(instance.attempts) failed\(why)"
        )
    }

    func waitCheck(_ position: Int) -> ExplanationCheck {
        let instance = machine.instances[position]
        let since = instance.attemptStartedAt ?? facts.now
        guard case .wait(let action)? = machine.step(at: position)?.action else {
            return ExplanationCheck(.wait, .blocks, "it waits", predicate: "waits")
        }
        let occasion = machine.created.occasion
        let times = WaitTimes(
            logicalDate: occasion.logicalDate,
            intervalStart: occasion.intervalStart,
            intervalEnd: occasion.intervalEnd
        )
        let request = try? WaitRequest(
            action,
            of: instance.id,
            in: context(position),
            times: times,
            startedAt: since
        )
        // A template may need a secret, which nobody here has.
        let what = request?.subject.summary ?? "its \(action.condition.kind)"
        let waited = (facts.now - since).shortText
        let looks = request.flatMap { WaitSchedule.nextLook($0, after: facts.now) }.map {
            "; it looks next about \($0.short)"
        }
        let end = request.flatMap { WaitSchedule($0, at: since).deadline }.map { "; its time is over at \($0.short)" }
        return ExplanationCheck(
            .wait,
            .blocks,
            "it waits for \(what) since \(since.short) (\(waited))\(looks ?? "")\(end ?? "")",
            predicate: "waits for \(what), for \(waited) so far\(looks ?? "")"
        )
    }

    func answerCheck(_ position: Int) -> ExplanationCheck {
        let instance = machine.instances[position]
        guard case .approve(let action)? = machine.step(at: position)?.action else {
            return ExplanationCheck(.answer, .blocks, "it waits for an answer", predicate: "waits for an answer")
        }
        let since = instance.attemptStartedAt ?? facts.now
        let request = try? WaitRequest(action, of: instance.id, in: context(position), startedAt: since)
        var message = action.message
        if case .answer(let asked)? = request?.subject { message = asked.message }
        let end = action.timeoutSeconds.map { "; its time is over at \((since + .seconds($0)).short)" } ?? ""
        let who = action.approvers.map { " of \($0)" } ?? ""
        let options = action.options.joined(separator: ", ")
        return ExplanationCheck(
            .answer,
            .blocks,
            "it asks since \(since.short): \(message) (\(options))\(end); "
                + "`martlet runs answer \(machine.id) \(instance.id) OPTION` answers",
            predicate: "waits for an answer\(who): \(message) (\(options))"
        )
    }

    private func context(_ position: Int) -> StepContextDocument {
        machine.context(
            for: position,
            attempt: machine.instances[position].attempts,
            project: machine.created.projectRoot,
            work: ""
        )
    }
}

extension WaitSchedule {
    /// When a wait that found nothing so far looks next by the clock, if it was never interrupted; nil when it does not.
    static func nextLook(_ request: WaitRequest, after now: Timestamp) -> Timestamp? {
        var schedule = WaitSchedule(request, at: request.startedAt)
        for _ in 0..<Limits.explainedLooks {
            guard let next = schedule.nextLook else { return nil }
            if next > now { return next }
            if case .look = schedule.decide(.notYet(reason: ""), at: next) { continue }
            return nil
        }
        return nil
    }
}
