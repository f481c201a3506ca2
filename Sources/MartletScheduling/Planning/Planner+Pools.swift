import MartletCore

// Pools: lines of requests of one size, and what each pipeline holds.
extension Planner {
    mutating func poolNumber(_ name: PoolName) -> Int {
        if let known = poolNumbers[name] { return known }
        let number = pools.count
        pools.append(PoolState(name: name, setting: limits.pool(name)))
        poolRankPlaces.append(IndexedHeap<Rank>.nowhere)
        poolAgePlaces.append(IndexedHeap<Age>.nowhere)
        poolNumbers[name] = number
        return number
    }

    /// The queue of the requests for so many slots of the pool.
    mutating func line(of pool: Int, slots: Int) -> Int {
        let place = pools[pool].lines.firstIndex { $0.slots >= slots } ?? pools[pool].lines.count
        if place < pools[pool].lines.count, pools[pool].lines[place].slots == slots {
            return pools[pool].lines[place].queue
        }
        let queue = add(Queue(parent: nil, gate: nil, limit: .max, pool: pool, slots: slots, isShare: false))
        pools[pool].lines.insert(PoolState.Line(slots: slots, queue: queue), at: place)
        return queue
    }

    /// Lists the pool by what of it can start now.
    mutating func refresh(pool: Int) {
        let face = face(ofPool: pool)
        guard face != pools[pool].face else { return }
        pools[pool].face = face
        if let face {
            poolsByRank.put(pool, face.first, &poolRankPlaces)
            poolsByAge.put(pool, face.oldest, &poolAgePlaces)
        } else {
            poolsByRank.remove(pool, &poolRankPlaces)
            poolsByAge.remove(pool, &poolAgePlaces)
        }
    }

    private func face(ofPool pool: Int) -> Face? {
        if let due = dueIn(pool: pool) {
            return entries[due.request].request.poolSlots <= pools[pool].open ? .due(due) : nil
        }
        var best: Face?
        for line in pools[pool].lines {
            if line.slots > pools[pool].open { break }
            guard let face = queues[line.queue].face else { continue }
            guard let known = best else {
                best = face
                continue
            }
            best = Face(first: min(known.first, face.first), oldest: min(known.oldest, face.oldest))
        }
        return best
    }

    /// The request for which the pool keeps slots, because its turn has come at the pool or at a gate before.
    func dueIn(pool: Int) -> Age? {
        var due = pools[pool].isDue ? oldestIn(pool: pool) : nil
        for line in pools[pool].lines {
            if line.slots > pools[pool].size { break }
            guard let first = queues[line.queue].face?.first, first.band == .due else { continue }
            due = due.map { min($0, first.age) } ?? first.age
        }
        return due
    }

    /// The oldest request that only slots hold up, if any number of them could be free.
    func oldestIn(pool: Int) -> Age? {
        var oldest: Age?
        for line in pools[pool].lines {
            if line.slots > pools[pool].size { break }
            guard let face = queues[line.queue].face else { continue }
            oldest = oldest.map { min($0, face.oldest) } ?? face.oldest
        }
        return oldest
    }

    mutating func joinShare(_ pool: Int, _ pipeline: Int, _ queue: Int) {
        if pools[pool].shares[pipeline] == nil {
            lastTurn += 1
            pools[pool].shares[pipeline] = PoolState.Share(turn: lastTurn)
        }
        pools[pool].shares[pipeline]?.queues.append(queue)
    }

    mutating func leaveShare(_ pool: Int, _ pipeline: Int, _ queue: Int) {
        pools[pool].shares[pipeline]?.queues.removeAll { $0 == queue }
        forgetShareIfIdle(pool, pipeline)
    }

    mutating func forgetShareIfIdle(_ pool: Int, _ pipeline: Int) {
        guard let share = pools[pool].shares[pipeline], share.held == 0, share.queues.isEmpty else { return }
        pools[pool].shares[pipeline] = nil
    }
}
