/// The times at which groups have something to do, earliest first.
///
/// Deadlines mostly move back, with every sign of life; an entry is not moved for that, but looked at when it is due.
struct DeadlineQueue: Sendable {
    private struct Entry {
        var deadline: Int64
        var id: String
    }

    private var heap: [Entry] = []
    /// The earliest entry of each group in the heap.
    private var earliest: [String: Int64] = [:]

    /// When to look again; nil when nothing is waited for.
    var next: Int64? { heap.first?.deadline }

    /// Makes sure that a group is looked at by `deadline`.
    mutating func schedule(_ id: String, at deadline: Int64?) {
        guard let deadline, earliest[id].map({ deadline < $0 }) ?? true else { return }
        earliest[id] = deadline
        heap.append(Entry(deadline: deadline, id: id))
        var child = heap.count - 1
        while child > 0, heap[child].deadline < heap[(child - 1) / 2].deadline {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes out a group that is due; nil when none is.
    mutating func popDue(_ now: Int64) -> String? {
        while let first = heap.first, first.deadline <= now {
            removeFirst()
            // An entry that an earlier one has overtaken was looked at with that one.
            guard earliest[first.id] == first.deadline else { continue }
            earliest[first.id] = nil
            return first.id
        }
        return nil
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while 2 * parent + 1 < heap.count {
            var child = 2 * parent + 1
            if child + 1 < heap.count, heap[child + 1].deadline < heap[child].deadline { child += 1 }
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
