import MartletCore

extension TriggerMachine {
    /// Does all that can be done now.
    mutating func advance(_ now: Duration) {
        if isFinished { return }
        score(now)
        if isAtEnd(now) { end(.done(.end), now) }
        commit(now)
        release(now)
        finish(now)
        if !isFinished { read(now) }
        status.inFlight = queue.eventsInFlight
        status.buffered = book.count
        status.assigned = book.partitions
        status.scorerFailure = queue.downReason
        let positions = book.positions
        status.lag = highs.filter { positions[$0.key] != nil }.reduce(into: [:]) { lag, high in
            lag[high.key] = max(high.value - (positions[high.key] ?? high.value), 0)
        }
    }

    private mutating func score(_ now: Duration) {
        while true {
            while ending == nil, queue.hasRoom, let first = waiting.first {
                let isDue = waiting.count >= options.batchRecords || first.since + options.batchDelay <= now
                guard isDue else {
                    arm(.gather, at: first.since + options.batchDelay)
                    break
                }
                queue.add(waiting.prefix(options.batchRecords).map(\.place))
                waiting = waiting.dropFirst(options.batchRecords)
                // The slice would keep what is gone.
                if waiting.isEmpty { waiting = [] }
            }
            guard let next = queue.start(at: now, { book.input($0) != nil }) else { break }
            effects.append(.score(number: next.number, next.events.compactMap { book.input($0) }))
        }
        if let due = queue.nextDue, due > now { arm(.retry, at: due) }
    }

    private mutating func commit(_ now: Duration) {
        guard !book.isCommitting else { return }
        let isHurried = revoked != nil || ending != nil
        guard book.hasReady || (book.hasOffsets && revoked == nil) else { return }
        if case .done(.cancelled)? = ending { return }
        // Offsets alone are for others to see how far this is, and can wait.
        let isCalm = !book.hasReady
        let due = isCalm ? offsetsDue : isHurried ? .zero : commitDue
        if due > now { return arm(.commit, at: due) }
        let cut = book.cut(records: Limits.triggerTransactionRecords, bytes: Limits.triggerTransactionBytes)
        guard !cut.offsets.isEmpty else { return }
        commitDue = now + options.commitInterval
        if isCalm { offsetsDue = now + max(options.commitInterval, Self.offsetsInterval) }
        effects.append(.write(cut))
    }

    /// Lets partitions go when nothing of theirs is under way any more.
    private mutating func release(_ now: Duration) {
        guard let revoked, !book.isCommitting else { return }
        let slots = book.slots(of: revoked.partitions)
        if now < revoked.until, queue.isScoring(slots) || book.hasReady(in: slots) {
            return arm(.drain, at: revoked.until)
        }
        self.revoked = nil
        forget(revoked.partitions)
        effects.append(.acceptRevocation)
    }

    private mutating func finish(_ now: Duration) {
        guard ending != nil, let endsBy, !book.isCommitting else { return }
        if now < endsBy, queue.inFlight > 0 || book.hasReady { return arm(.drain, at: endsBy) }
        if now < endsBy, case .done(.end)? = ending, book.hasOffsets { return arm(.drain, at: endsBy) }
        if case .done(let how)? = ending { status.ending = how }
        isFinished = true
        effects.append(.finish)
    }

    /// Asks for more, or sees that nothing more comes.
    private mutating func read(_ now: Duration) {
        let isFull = book.count >= options.bufferedRecords
        // A scorer that is down is asked with something: where that went with its partition, more is needed.
        let isDown = queue.isDown && !(queue.isEmpty && waiting.isEmpty)
        let mustHold = ending == nil && (isFull || isDown)
        if !mustHold { holdsSince = nil }
        if mustHold, !status.isPaused, revoked == nil {
            let since = holdsSince ?? now
            holdsSince = since
            let pauseAt = isDown ? now : since + .milliseconds(Limits.triggerHoldMilliseconds)
            if pauseAt <= now {
                status.isPaused = true
                effects.append(.pause(book.partitions))
            } else {
                arm(.hold, at: pauseAt)
            }
        }
        // Resumed only with some room, so that it does not flap.
        if status.isPaused, !isDown, book.count <= options.bufferedRecords / 2, revoked == nil {
            status.isPaused = false
            effects.append(.resume(book.partitions))
        }
        guard !isAsking, ending == nil, revoked == nil, !mustHold || status.isPaused else { return }
        if let readAgainAt {
            if readAgainAt > now { return arm(.read, at: readAgainAt) }
            self.readAgainAt = nil
        }
        isAsking = true
        effects.append(.ask)
    }

    private mutating func isAtEnd(_ now: Duration) -> Bool {
        guard let ends, ending == nil else { return false }
        var unknown: Set<TopicPartition> = []
        for (partition, end) in ends where end > 0 {
            switch book.isDone(partition, upTo: end) {
            case true?: continue
            case false?: return false
            case nil: if others[partition] ?? 0 < end { unknown.insert(partition) }
            }
        }
        if unknown.isEmpty { return true }
        if !isReadingOthers, armed[.others] == nil {
            isReadingOthers = true
            effects.append(.readOthers(unknown))
        }
        return false
    }
}
