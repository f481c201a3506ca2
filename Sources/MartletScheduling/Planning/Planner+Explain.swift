public import MartletCore

extension Planner {
    /// Where a request stands.
    public enum Standing: Hashable, Sendable {
        /// It waits for the gates.
        case waiting
        /// It has been granted or adopted.
        case running
        /// It is deferred or waits for input.
        case suspended
    }

    /// Where the request stands; nil for one that is not known.
    public func standing(of key: AdmissionKey) -> Standing? {
        guard let number = numbers[key] else { return nil }
        switch entries[number].phase {
        case .waiting: return .waiting
        case .running: return .running
        case .suspended: return .suspended
        }
    }

    /// Every gate in order, as it stands for a waiting request; empty for one that does not wait.
    ///
    /// It looks at all requests to tell how many go first: for people who ask, not for every transition.
    public func explain(_ key: AdmissionKey) -> [GateReport] {
        guard let number = numbers[key], case .waiting = entries[number].phase else { return [] }
        return reports(number).map { report in
            guard report.gate == .order else { return report }
            var report = report
            report.used = requestsBefore(number)
            return report
        }
    }

    /// The first gate that keeps a waiting request from starting; nil when none does, or when it does not wait.
    ///
    /// In the time of a few look-ups, for the log of decisions. After ``grants()`` every waiting request has one.
    public func hold(of key: AdmissionKey) -> GateReport? {
        guard let number = numbers[key], case .waiting = entries[number].phase else { return nil }
        return reports(number).first { $0.verdict != .passes }
    }

    /// Every gate in order, without how many go first.
    func reports(_ number: Int) -> [GateReport] {
        let entry = entries[number]
        let limits = entry.request.limits
        let pool = pools[entry.pool]
        return [
            GateReport(.pipelinePaused, gates[entry.gates.pipeline].isPaused ? .blocks : .passes),
            GateReport(.runPaused, gates[entry.gates.run].isPaused ? .blocks : .passes),
            report(.run, number, entry.gates.run, limits.run),
            report(.pipeline, number, entry.gates.pipeline, limits.pipeline),
            orderReport(number),
            poolReport(pool, entry.request.poolSlots),
            report(.step, number, entry.gates.step, limits.step),
            report(.stepInRun, number, entry.gates.stepInRun, limits.stepInRun),
            GateReport(
                .totalSlots,
                self.limits.totalSlots < 1 ? .never : runningCount < self.limits.totalSlots ? .passes : .blocks,
                used: runningCount,
                limit: self.limits.totalSlots
            ),
        ]
    }

    private func report(_ gate: AdmissionGate, _ number: Int, _ index: Int, _ limit: Int?) -> GateReport {
        let used = gates[index].used
        if let limit, used >= limit || limit < 1 {
            return GateReport(gate, limit < 1 ? .never : .blocks, used: used, limit: limit)
        }
        // Below the limit it blocks only when it is due for another one, which it prefers or keeps the last place for.
        guard let due = gates[index].dueQueue, let oldest = queues[due].byAge.first?.key.request, oldest != number
        else {
            return GateReport(gate, .passes, used: used, limit: limit)
        }
        let isBlocked =
            due == queue(of: number, at: index)
            || (gates[index].keepsPlace && used + 1 >= min(limit ?? .max, queues[due].limit))
        let keptFor = isBlocked ? entries[oldest].request.key : nil
        return GateReport(gate, isBlocked ? .blocks : .passes, used: used, limit: limit, keptFor: keptFor)
    }

    /// The queue at the gate that a waiting request is in, directly or not.
    private func queue(of number: Int, at gate: Int) -> Int? {
        var queue: Int? = entries[number].queue
        while let current = queue, queues[current].gate != gate { queue = queues[current].parent }
        return queue
    }

    private func poolReport(_ pool: PoolState, _ needed: Int) -> GateReport {
        let gate = AdmissionGate.pool(pool.name)
        guard let setting = pool.setting else { return GateReport(gate, .never, needed: needed) }
        let size = setting.slots < 0 ? nil : setting.slots
        let verdict: GateReport.Verdict = needed > pool.size ? .never : needed > pool.open ? .blocks : .passes
        return GateReport(gate, verdict, used: pool.used, limit: size, needed: needed)
    }

    /// Blocks when the pool keeps its slots for another one; how many go first is left open.
    private func orderReport(_ number: Int) -> GateReport {
        let pool = entries[number].pool
        var report = GateReport(.order, .passes, limit: pools[pool].waiting)
        if let due = dueIn(pool: pool), due.request != number {
            report.verdict = .blocks
            report.keptFor = entries[due.request].request.key
        }
        return report
    }

    private func requestsBefore(_ number: Int) -> Int {
        let pool = entries[number].pool
        let due = dueIn(pool: pool)
        let own = rank(number, due)
        return numbers.values.count { other in
            guard entries[other].pool == pool, case .waiting = entries[other].phase else { return false }
            return rank(other, due) < own
        }
    }

    /// Where a request would stand if only pool and pipelines counted.
    private func rank(_ number: Int, _ due: Age?) -> Rank {
        let entry = entries[number]
        if due?.request == number { return Rank(due: entry.age) }
        var rank = Rank(entry.request, entry.age)
        if let share = pools[entry.pool].shares[entry.gates.pipeline] {
            rank.held = share.held
            rank.turn = share.turn
        }
        return rank
    }
}

extension Planner {
    /// What is taken of a pool, and what waits for it.
    public struct PoolUse: Hashable, Sendable {
        /// The pool itself; nil when there is no such pool.
        public var pool: Pool?
        /// Slots of running instances.
        public var runningSlots = 0
        /// Slots of deferred instances, whether the pool counts them or not.
        public var deferredSlots = 0
        /// Slots that waiting instances need.
        public var waitingSlots = 0
    }

    /// What is taken of `pool`, and what waits for it.
    public func use(of pool: PoolName) -> PoolUse {
        guard let number = poolNumbers[pool] else { return PoolUse(pool: limits.pool(pool)) }
        let known = pools[number]
        return PoolUse(
            pool: known.setting,
            runningSlots: known.running,
            deferredSlots: known.suspended,
            waitingSlots: known.waitingSlots
        )
    }

    /// The waiting requests that no instance's end will let start: someone has to change a limit.
    ///
    /// It looks at all requests.
    public func neverStarting() -> [AdmissionKey] {
        numbers.keys.filter { hold(of: $0)?.verdict == .never }
    }
}
