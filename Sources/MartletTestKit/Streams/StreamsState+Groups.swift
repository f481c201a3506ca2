import MartletCore

/// Groups: members give up all they have, and then get their share (the eager protocol, range assignor).
extension StreamsState {
    mutating func open(_ request: SourceRequest) -> Int {
        let number = nextNumber()
        var source = Source(request: request)
        switch request.assignment {
        case .partitions(let offsets):
            source.assigned = Set(offsets.keys)
            for (partition, offset) in offsets {
                source.positions[partition] = offset ?? start(of: partition, for: request)
            }
            sources[number] = source
        case .group:
            // Another of the same name is a former life of this one.
            let former = groups[request.group]?.members.filter {
                request.instance != nil && sources[$0]?.request.instance == request.instance
            }
            for member in former ?? [] {
                sources[member]?.failure = InMemoryStreams.refused(82, "another member has that name", .fatal)
                groups[request.group]?.members.removeAll { $0 == member }
            }
            sources[number] = source
            groups[request.group, default: Group()].members.append(number)
            rebalance(request.group)
            wake()
        }
        return number
    }

    mutating func close(_ number: Int) {
        guard let source = sources[number], !source.isClosed else { return }
        sources[number]?.isClosed = true
        sources[number]?.assigned = []
        groups[source.request.group]?.members.removeAll { $0 == number }
        rebalance(source.request.group)
        wake()
    }

    /// Whether a member of the group asks for a topic.
    func isSubscribed(_ group: String, to topic: String) -> Bool {
        (groups[group]?.members ?? []).contains { member in
            guard case .group(let topics)? = sources[member]?.request.assignment else { return false }
            return topics.contains(topic)
        }
    }

    /// Begins to share the partitions anew.
    mutating func rebalance(_ name: String) {
        guard let group = groups[name] else { return }
        groups[name]?.generation += 1
        for member in group.members {
            sources[member]?.mustRelease = true
            sources[member]?.offer = nil
            sources[member]?.isTold = false
        }
        share(name)
    }

    /// Gives each member its share once nobody has anything any more.
    private mutating func share(_ name: String) {
        guard let members = groups[name]?.members else { return }
        let waiting = members.filter { sources[$0]?.mustRelease == true }
        guard !waiting.isEmpty, members.allSatisfy({ sources[$0]?.assigned.isEmpty == true }) else { return }
        var shares = [Int: Set<TopicPartition>]()
        for topic in topics.keys.sorted() {
            let interested = members.filter { member in
                guard case .group(let topics)? = sources[member]?.request.assignment else { return false }
                return topics.contains(topic)
            }
            guard !interested.isEmpty, let count = topics[topic]?.count else { continue }
            for partition in 0..<count {
                // Neighbours go together, and the first members get one more where it does not come out even.
                let member = interested[partition * interested.count / count]
                shares[member, default: []].insert(TopicPartition(topic, Int32(partition)))
            }
        }
        for member in members {
            sources[member]?.mustRelease = false
            sources[member]?.isTold = false
            sources[member]?.isLost = false
            sources[member]?.offer = shares[member] ?? []
        }
    }

    /// Ends the rebalance that the reader was told of.
    mutating func accept(_ number: Int, startingAt offsets: [TopicPartition: Int64]) {
        guard let source = sources[number], source.isTold else { return }
        sources[number]?.isTold = false
        if source.mustRelease {
            sources[number]?.assigned = []
            sources[number]?.positions = [:]
            sources[number]?.paused = []
            sources[number]?.toldEnds = [:]
            share(source.request.group)
        } else if let offer = source.offer {
            sources[number]?.offer = nil
            sources[number]?.assigned = offer
            for partition in offer {
                let first = offsets[partition] ?? start(of: partition, for: source.request)
                sources[number]?.positions[partition] = first
            }
        }
        wake()
    }

    private func start(of partition: TopicPartition, for request: SourceRequest) -> Int64 {
        if let committed = groups[request.group]?.committed[partition] { return committed.offset }
        return request.start == .earliest ? 0 : log(of: partition)?.end ?? 0
    }

    /// Tells what each reader waits for, where there is something.
    mutating func wake() {
        for number in sources.keys.sorted() {
            guard let waiter = sources[number]?.waiter, let event = event(for: number) else { continue }
            sources[number]?.waiter = nil
            waiter.resume(returning: event)
        }
    }

    /// What a reader is told next; nil when it has to wait.
    mutating func event(for number: Int) -> Result<SourceEvent?, StreamError>? {
        guard let source = sources[number], !source.isClosed else { return .success(nil) }
        if let failure = source.failure { return .failure(failure) }
        if let failure = takeFailure(.next) { return .failure(failure) }
        if source.mustRelease {
            // A member that has nothing gives up nothing.
            if source.assigned.isEmpty { return nil }
            sources[number]?.isTold = true
            return .success(.revoked(source.assigned, isLost: source.isLost))
        }
        if let offer = source.offer {
            sources[number]?.isTold = true
            return .success(.assigned(offer))
        }
        return records(for: number, source) ?? ending(for: number, source)
    }

    private mutating func records(for number: Int, _ source: Source) -> Result<SourceEvent?, StreamError>? {
        let request = source.request
        var parts = [(TopicPartition, [Stored])]()
        var room = max(request.batchRecords, 1)
        for partition in source.assigned.subtracting(source.paused).sorted() where room > 0 {
            let found = visible(
                partition,
                from: source.positions[partition] ?? 0,
                limit: room,
                readsUncommitted: request.readsUncommitted
            )
            guard let last = found.last else { continue }
            parts.append((partition, found))
            room -= found.count
            sources[number]?.positions[partition] = last.offset + 1
        }
        return parts.isEmpty ? nil : .success(.batch(StoredMemory.batch(parts)))
    }

    private mutating func ending(for number: Int, _ source: Source) -> Result<SourceEvent?, StreamError>? {
        for partition in source.assigned.subtracting(source.paused).sorted() {
            let end = stableEnd(partition, readsUncommitted: source.request.readsUncommitted)
            if source.toldEnds[partition] == end || (source.positions[partition] ?? 0) > end { continue }
            sources[number]?.toldEnds[partition] = end
            sources[number]?.positions[partition] = end
            return .success(.reachedEnd(partition, offset: end))
        }
        return nil
    }

    /// Why a source may not commit for partitions; nil when it may.
    func refusal(_ number: Int, _ partitions: some Sequence<TopicPartition>) -> StreamError? {
        guard let source = sources[number], !source.isClosed else { return .closed }
        if let failure = source.failure { return failure }
        if source.isLost { return InMemoryStreams.refused(25, "the member was thrown out of its group") }
        guard case .group = source.request.assignment else { return nil }
        guard let other = partitions.first(where: { !source.assigned.contains($0) }) else { return nil }
        return InMemoryStreams.refused(22, "\(other) is not the member's")
    }
}
