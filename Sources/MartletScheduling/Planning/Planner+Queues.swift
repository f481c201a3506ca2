import MartletCore

// Queues within queues: line of a pool, pipeline, step (when it has a limit over all runs), run, step in the run.
extension Planner {
    private static func member(request: Int) -> Int { request * 2 }
    private static func member(queue: Int) -> Int { queue * 2 + 1 }

    /// Puts a request where it waits.
    mutating func enqueue(_ number: Int) {
        let (request, gates) = (entries[number].request, entries[number].gates)
        let line = line(of: entries[number].pool, slots: request.poolSlots)
        var queue = queue(in: line, at: gates.pipeline, limit: request.limits.pipeline, isShare: true)
        if request.limits.step != nil { queue = self.queue(in: queue, at: gates.step, limit: request.limits.step) }
        queue = self.queue(in: queue, at: gates.run, limit: request.limits.run)
        if request.limits.stepInRun != nil {
            queue = self.queue(in: queue, at: gates.stepInRun, limit: request.limits.stepInRun)
        }
        entries[number].queue = queue
        waitingCount += 1
        pools[entries[number].pool].waiting += 1
        pools[entries[number].pool].waitingSlots += request.poolSlots
        queues[queue].members += 1
        let (member, age) = (Self.member(request: number), entries[number].age)
        makePlace(member)
        queues[queue].byRank.put(member, Rank(request, age), &rankPlaces)
        queues[queue].byAge.put(member, age, &agePlaces)
        changed(queue)
    }

    /// Takes a request from where it waits.
    mutating func dequeue(_ number: Int) {
        let (queue, pool) = (entries[number].queue, entries[number].pool)
        waitingCount -= 1
        pools[pool].waiting -= 1
        pools[pool].waitingSlots -= entries[number].request.poolSlots
        queues[queue].members -= 1
        let member = Self.member(request: number)
        queues[queue].byRank.remove(member, &rankPlaces)
        queues[queue].byAge.remove(member, &agePlaces)
        changed(queue)
        forgetIfEmpty(queue)
    }

    /// What follows for the queues above from a change in this one.
    private mutating func changed(_ queue: Int) {
        if let gate = queues[queue].gate, gates[gate].isDue, queues[queue].isLimited { reassign(gate) }
        relist(queue)
    }

    /// Shows the queue above what this one has to show now.
    mutating func relist(_ queue: Int) {
        let face = face(of: queue)
        guard face != queues[queue].face else { return }
        queues[queue].face = face
        guard let parent = queues[queue].parent else { return refresh(pool: queues[queue].pool) }
        let member = Self.member(queue: queue)
        if let face {
            queues[parent].byRank.put(member, face.first, &rankPlaces)
            queues[parent].byAge.put(member, face.oldest, &agePlaces)
        } else {
            queues[parent].byRank.remove(member, &rankPlaces)
            queues[parent].byAge.remove(member, &agePlaces)
        }
        changed(parent)
    }

    private func face(of queue: Int) -> Face? {
        guard let first = queues[queue].byRank.first, let oldest = queues[queue].byAge.first, isOpen(queue) else {
            return nil
        }
        guard let gate = queues[queue].gate else { return Face(first: first.key, oldest: oldest.key) }
        if gates[gate].dueQueue == queue { return .due(oldest.key) }
        var face = Face(first: first.key, oldest: oldest.key)
        if queues[queue].isShare, face.first.band != .due,
            let share = pools[queues[queue].pool].shares[gate]
        {
            face.first.held = share.held
            face.first.turn = share.turn
        }
        return face
    }

    private mutating func queue(in parent: Int, at gate: Int, limit: Int?, isShare: Bool = false) -> Int {
        let name = QueueName(parent: parent, gate: gate, limit: limit ?? .max)
        if let known = queueNumbers[name] { return known }
        let pool = queues[parent].pool
        let queue = add(
            Queue(
                parent: parent,
                gate: gate,
                limit: name.limit,
                pool: pool,
                slots: queues[parent].slots,
                isShare: isShare
            )
        )
        queueNumbers[name] = queue
        queues[parent].members += 1
        gates[gate].queues.append(queue)
        if isShare { joinShare(pool, gate, queue) }
        return queue
    }

    mutating func add(_ queue: Queue) -> Int {
        let number = freeQueues.popLast() ?? queues.count
        if number == queues.count { queues.append(queue) } else { queues[number] = queue }
        makePlace(Self.member(queue: number))
        return number
    }

    /// Forgets the queue, and those above it, when nothing is left in it.
    private mutating func forgetIfEmpty(_ queue: Int) {
        guard queues[queue].members == 0 else { return }
        freeQueues.append(queue)
        let pool = queues[queue].pool
        guard let parent = queues[queue].parent, let gate = queues[queue].gate else {
            pools[pool].lines.removeAll { $0.queue == queue }
            return
        }
        queueNumbers[QueueName(parent: parent, gate: gate, limit: queues[queue].limit)] = nil
        gates[gate].queues.removeAll { $0 == queue }
        if gates[gate].isDue { reassign(gate) }
        if queues[queue].isShare { leaveShare(pool, gate, queue) }
        queues[parent].members -= 1
        forgetIfEmpty(parent)
    }

    /// Makes room for a member's places.
    private mutating func makePlace(_ member: Int) {
        while rankPlaces.count <= member {
            rankPlaces.append(IndexedHeap<Rank>.nowhere)
            agePlaces.append(IndexedHeap<Age>.nowhere)
        }
    }
}
