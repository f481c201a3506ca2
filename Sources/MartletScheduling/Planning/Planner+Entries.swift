import MartletCore

// Requests coming and going.
extension Planner {
    /// Makes `request` known, neither waiting nor running yet.
    mutating func insert(_ request: AdmissionRequest, sequence: Int?) -> Int {
        let number = freeEntries.popLast() ?? entries.count
        lastSequence += 1
        var request = request
        // No sum of them overflows.
        request.poolSlots = min(max(1, request.poolSlots), 1 << 40)
        let step = request.key.instance.step
        let entry = Entry(
            request: request,
            age: Age(sequence: sequence ?? lastSequence, request: number),
            phase: .waiting,
            pool: poolNumber(request.pool),
            gates: Entry.Gates(
                pipeline: join(.pipeline(request.pipeline)),
                run: join(.run(request.key.run)),
                step: join(.step(request.pipeline, step)),
                stepInRun: join(.stepInRun(request.key.run, step))
            )
        )
        if number == entries.count { entries.append(entry) } else { entries[number] = entry }
        numbers[request.key] = number
        return number
    }

    /// Gives back whatever a request holds and forgets it.
    mutating func remove(_ number: Int) {
        switch entries[number].phase {
        case .waiting: dequeue(number)
        case .running:
            leaveSlots(number)
            leaveStep(number)
        case .suspended(let holdsPool):
            let pool = entries[number].pool
            if holdsPool { pools[pool].suspended -= entries[number].request.poolSlots }
            leaveStep(number)
            refresh(pool: pool)
        }
        let gates = entries[number].gates
        for gate in [gates.pipeline, gates.run, gates.step, gates.stepInRun] { leave(gate) }
        numbers[entries[number].request.key] = nil
        freeEntries.append(number)
    }

    /// The waiting request that starts next; nil when none can.
    func next() -> Int? {
        guard runningCount < limits.totalSlots else { return nil }
        return isDue ? poolsByAge.first?.key.request : poolsByRank.first?.key.age.request
    }

    mutating func grant(_ number: Int) {
        countPasses(number)
        dequeue(number)
        take(number)
    }

    /// Counts a request that waits in no queue as running.
    mutating func take(_ number: Int) {
        let gates = entries[number].gates
        let (pool, slots) = (entries[number].pool, entries[number].request.poolSlots)
        entries[number].phase = .running
        runningCount += 1
        pools[pool].running += slots
        lastTurn += 1
        var share = pools[pool].shares[gates.pipeline] ?? PoolState.Share(turn: 0)
        share.held += slots
        share.turn = lastTurn
        pools[pool].shares[gates.pipeline] = share
        for gate in [gates.pipeline, gates.run, gates.step, gates.stepInRun] { count(gate, 1) }
        for queue in share.queues { relist(queue) }
        refresh(pool: pool)
    }

    /// Gives back what only running instances hold.
    mutating func leaveSlots(_ number: Int) {
        let gates = entries[number].gates
        let (pool, slots) = (entries[number].pool, entries[number].request.poolSlots)
        runningCount -= 1
        pools[pool].running -= slots
        let shared = pools[pool].shares[gates.pipeline]?.queues ?? []
        pools[pool].shares[gates.pipeline]?.held -= slots
        forgetShareIfIdle(pool, gates.pipeline)
        count(gates.pipeline, -1)
        count(gates.run, -1)
        for queue in shared { relist(queue) }
        refresh(pool: pool)
    }

    /// Gives back what deferred instances hold as well.
    private mutating func leaveStep(_ number: Int) {
        count(entries[number].gates.step, -1)
        count(entries[number].gates.stepInRun, -1)
    }
}
