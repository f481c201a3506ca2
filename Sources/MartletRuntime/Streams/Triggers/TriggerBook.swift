import MartletCore

/// Where an event stands in a ``TriggerBook``.
struct EventPlace: Hashable, Sendable {
    /// The assignment that it came with.
    var slot: Int
    /// Counts the events of that assignment.
    var sequence: Int
}

/// What became of an event.
enum EventOutcome: Hashable, Sendable {
    /// The bytes of a JSON value.
    case answer([UInt8])
    /// Nothing; the reason, and how often it was tried.
    case dead(MartletError, attempts: Int)
}

/// The events that a trigger has read and not yet committed, by partition and in their order.
///
/// An answer waits here until all events before it in its partition have theirs, which keeps the order and makes
/// every committed offset mean that all before it is done.
struct TriggerBook: Sendable {
    private struct Entry {
        var input: ScoredInput
        var outcome: EventOutcome?
    }

    private struct Slot {
        let partition: TopicPartition
        /// The sequence of the first of `entries`.
        var first = 0
        var entries: [Entry] = []
        /// The offset after all that was read, or that the source said there is nothing before.
        var readTo: Int64?
        /// The offset that was committed last from here.
        var committed: Int64?
        /// The offset that is being committed.
        var committing: Int64?
        /// How many of the entries, from the first on, have an outcome.
        var done = 0
    }

    private var slots: [Int: Slot] = [:]
    private var numbers: [TopicPartition: Int] = [:]
    private var lastNumber = 0
    /// How many events there are.
    private(set) var count = 0
    /// Whether a commit is under way.
    private(set) var isCommitting = false

    /// The partitions that this member has.
    var partitions: Set<TopicPartition> { Set(numbers.keys) }

    /// Takes partitions; what was known of them before is forgotten.
    mutating func assign(_ partitions: Set<TopicPartition>) {
        drop(partitions)
        for partition in partitions.sorted() {
            lastNumber += 1
            numbers[partition] = lastNumber
            slots[lastNumber] = Slot(partition: partition)
        }
    }

    /// Gives up partitions with all that was read of them.
    ///
    /// - Returns: the assignments that end with it.
    @discardableResult
    mutating func drop(_ partitions: Set<TopicPartition>) -> Set<Int> {
        var dropped: Set<Int> = []
        for partition in partitions {
            guard let number = numbers.removeValue(forKey: partition) else { continue }
            count -= slots.removeValue(forKey: number)?.entries.count ?? 0
            dropped.insert(number)
        }
        return dropped
    }

    /// The numbers of the assignments of these partitions.
    func slots(of partitions: Set<TopicPartition>) -> Set<Int> { Set(partitions.compactMap { numbers[$0] }) }

    /// Adds an event that was read; nil when it is of a partition that is not this member's, or was read before.
    mutating func add(_ input: ScoredInput) -> EventPlace? {
        guard let number = numbers[input.partition], let slot = slots[number] else { return nil }
        if let readTo = slot.readTo, input.offset < readTo { return nil }
        let place = EventPlace(slot: number, sequence: slot.first + slot.entries.count)
        slots[number]?.entries.append(Entry(input: input))
        slots[number]?.readTo = input.offset + 1
        count += 1
        return place
    }

    /// Notes that a partition has nothing more to read before an offset.
    mutating func note(_ partition: TopicPartition, readTo offset: Int64) {
        guard let number = numbers[partition] else { return }
        let readTo = slots[number]?.readTo ?? 0
        slots[number]?.readTo = max(readTo, offset)
    }

    /// The event at a place, unless it is gone.
    func input(_ place: EventPlace) -> ScoredInput? {
        guard let slot = slots[place.slot], slot.entries.indices.contains(place.sequence - slot.first) else {
            return nil
        }
        return slot.entries[place.sequence - slot.first].input
    }

    /// Notes what became of an event; one that is gone is passed over.
    mutating func settle(_ place: EventPlace, _ outcome: EventOutcome) {
        guard let slot = slots[place.slot] else { return }
        let index = place.sequence - slot.first
        guard slot.entries.indices.contains(index), slot.entries[index].outcome == nil else { return }
        slots[place.slot]?.entries[index].outcome = outcome
        guard index == slot.done else { return }
        var done = index + 1
        while done < slot.entries.count, slot.entries[done].outcome != nil { done += 1 }
        slots[place.slot]?.done = done
    }

    // MARK: Committing

    /// Something to be committed at once.
    struct Cut: Sendable {
        /// The events with what became of them, in their order by partition.
        var events: [(input: ScoredInput, outcome: EventOutcome)] = []
        /// Where to go on, by partition.
        var offsets: [TopicPartition: Int64] = [:]
    }

    /// Whether there are answers to commit.
    var hasReady: Bool { slots.values.contains { $0.done > 0 } }

    /// Whether there are answers to commit in some assignments.
    func hasReady(in numbers: Set<Int>) -> Bool { numbers.contains { slots[$0].map { $0.done > 0 } ?? false } }

    /// Whether there are only offsets to commit: of markers and tombstones, behind which nothing is left to do.
    var hasOffsets: Bool {
        slots.values.contains { $0.entries.isEmpty && $0.readTo ?? 0 > $0.committed ?? 0 }
    }

    /// Takes what can be committed, within limits; until ``finish(committed:)`` it counts as on its way.
    mutating func cut(records: Int, bytes: Int) -> Cut {
        var cut = Cut()
        var room = bytes
        for number in slots.keys.sorted() {
            guard let slot = slots[number] else { continue }
            var taken = 0
            while taken < slot.done, cut.events.count < records, room > 0 {
                let entry = slot.entries[taken]
                guard let outcome = entry.outcome else { break }
                cut.events.append((entry.input, outcome))
                room -= (entry.input.key?.count ?? 0) + entry.input.value.count
                if case .answer(let bytes) = outcome { room -= bytes.count }
                taken += 1
            }
            let offset =
                taken == slot.entries.count
                ? slot.readTo : slot.entries[..<taken].last.map { $0.input.offset + 1 }
            guard let offset, offset > slot.committed ?? -1 else { continue }
            // Nothing was done where nothing was taken, unless nothing was to be done.
            if taken == 0, !slot.entries.isEmpty { continue }
            slots[number]?.committing = offset
            cut.offsets[slot.partition] = offset
        }
        isCommitting = !cut.offsets.isEmpty
        return cut
    }

    /// Notes how a commit ended.
    ///
    /// - Parameter offsets: what the group has, where it is known: all before is done, by whomever; nil when the commit
    ///   succeeded.
    mutating func finish(committed offsets: [TopicPartition: Int64]?) {
        isCommitting = false
        for (number, slot) in slots {
            defer { slots[number]?.committing = nil }
            guard let offset = offsets == nil ? slot.committing : offsets?[slot.partition] else { continue }
            slots[number]?.committed = max(slot.committed ?? offset, offset)
            let gone = slot.entries.prefix { $0.input.offset < offset }.count
            slots[number]?.entries.removeFirst(gone)
            slots[number]?.first += gone
            slots[number]?.readTo = max(slot.readTo ?? offset, offset)
            count -= gone
            var done = max(slot.done - gone, 0)
            let entries = slots[number]?.entries ?? []
            while done < entries.count, entries[done].outcome != nil { done += 1 }
            slots[number]?.done = done
        }
    }

    // MARK: How far it is

    /// Whether a partition of this member is committed up to an offset; nil when it is not this member's.
    func isDone(_ partition: TopicPartition, upTo offset: Int64) -> Bool? {
        guard let slot = numbers[partition].flatMap({ slots[$0] }) else { return nil }
        if let first = slot.entries.first { return first.input.offset >= offset }
        return slot.readTo ?? 0 >= offset
    }

    /// The offset of the first event that is not done, by partition; without those of which nothing was read.
    var positions: [TopicPartition: Int64] {
        numbers.compactMapValues { number in
            slots[number].flatMap { $0.entries.first?.input.offset ?? $0.readTo }
        }
    }
}
