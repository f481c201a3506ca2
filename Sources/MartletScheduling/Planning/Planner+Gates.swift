import MartletCore

// Counts of what instances of one pipeline share.
extension Planner {
    /// The number of the gate, which has one more member.
    mutating func join(_ name: GateName) -> Int {
        if let known = gateNumbers[name] {
            gates[known].members += 1
            return known
        }
        var gate = Gate(name: name)
        gate.members = 1
        switch name {
        case .pipeline(let pipeline): gate.isPaused = pausedPipelines.contains(pipeline)
        case .run(let run): gate.isPaused = pausedRuns.contains(run)
        case .step, .stepInRun: break
        }
        let number = freeGates.popLast() ?? gates.count
        if number == gates.count { gates.append(gate) } else { gates[number] = gate }
        gateNumbers[name] = number
        return number
    }

    /// Forgets the gate when its last member leaves.
    mutating func leave(_ gate: Int) {
        gates[gate].members -= 1
        guard gates[gate].members == 0 else { return }
        gateNumbers[gates[gate].name] = nil
        freeGates.append(gate)
    }

    /// Changes the gate's count, and opens or closes its queues.
    mutating func count(_ gate: Int, _ change: Int) {
        let before = gates[gate].used
        gates[gate].used += change
        for index in gates[gate].queues.indices {
            let queue = gates[gate].queues[index]
            let limit = queues[queue].limit
            if (before < limit) != (before + change < limit) || gates[gate].isDue { relist(queue) }
        }
    }

    mutating func setPaused(_ isPaused: Bool, gate name: GateName) {
        guard let gate = gateNumbers[name] else { return }
        gates[gate].isPaused = isPaused
        for queue in gates[gate].queues { relist(queue) }
    }

    /// Whether the gate lets anything out of the queue.
    func isOpen(_ queue: Int) -> Bool {
        guard let gate = queues[queue].gate else { return true }
        if gates[gate].isPaused { return false }
        guard gates[gate].keepsPlace, let due = gates[gate].dueQueue, due != queue else {
            return gates[gate].used < queues[queue].limit
        }
        // Versions of a pipeline may differ in their limits: the place is kept below the lower one.
        return gates[gate].used + 1 < min(queues[queue].limit, queues[due].limit)
    }

    /// Counts whom the start of a request passes, at all gates it goes through; it is still in its queues.
    mutating func countPasses(_ number: Int) {
        let (age, pool) = (entries[number].age, entries[number].pool)
        // All look at the queues as they are: whose turn it is changes only afterwards.
        let (oldestInPool, oldestOfAll) = (oldestIn(pool: pool), poolsByAge.first?.key)
        var queue: Int? = entries[number].queue
        var due: [Int] = []
        while let current = queue {
            if let gate = queues[current].gate, countPass(gate, age, isLimited: queues[current].isLimited) {
                due.append(gate)
            }
            queue = queues[current].parent
        }
        let patience = max(1, limits.patience)
        pools[pool].passes = oldestInPool.map { $0 < age } == true ? pools[pool].passes + 1 : 0
        pools[pool].isDue = pools[pool].passes >= patience
        passes = oldestOfAll.map { $0 < age } == true ? passes + 1 : 0
        isDue = passes >= patience
        for gate in due { reassign(gate) }
    }

    /// Counts whom a start passes at one gate; true when that changes whose turn it is.
    private mutating func countPass(_ gate: Int, _ age: Age, isLimited: Bool) -> Bool {
        if let oldest = oldest(gate), oldest < age {
            gates[gate].passes += 1
            guard gates[gate].passes >= max(1, limits.patience), !gates[gate].isDue else { return false }
            gates[gate].isDue = true
            return true
        }
        guard isLimited else { return false }
        gates[gate].passes = 0
        guard gates[gate].isDue else { return false }
        gates[gate].isDue = false
        return true
    }

    /// The oldest request that waits at the gate and could ever start.
    private func oldest(_ gate: Int) -> Age? {
        var oldest: Age?
        for queue in gates[gate].queues {
            guard queues[queue].isLimited, queues[queue].limit > 0, let age = queues[queue].byAge.first?.key,
                queues[queue].slots <= pools[queues[queue].pool].size
            else { continue }
            oldest = oldest.map { min($0, age) } ?? age
        }
        return oldest
    }

    /// Keeps a gate that is due for whoever is the oldest by now; one that is not, for nobody.
    mutating func reassign(_ gate: Int) {
        // Nil while all are held up elsewhere: then the turn stays open.
        let oldest = gates[gate].isDue ? oldest(gate) : nil
        let chosen = oldest.flatMap { oldest in
            gates[gate].queues.first { queues[$0].byAge.first?.key == oldest }
        }
        let isChange = chosen != gates[gate].dueQueue
        gates[gate].dueQueue = chosen
        for queue in gates[gate].queues where isChange || queue == chosen { relist(queue) }
    }
}
