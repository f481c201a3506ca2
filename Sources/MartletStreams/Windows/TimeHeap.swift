import MartletCore

/// Entries by time, the earliest first: a binary heap.
struct TimeHeap<Entry: Sendable>: Sendable {
    private var entries: [(time: Int64, entry: Entry)] = []

    var count: Int { entries.count }

    /// The earliest time.
    var first: Int64? { entries.first?.time }

    mutating func insert(_ entry: Entry, at time: Int64) {
        entries.append((time, entry))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].time < entries[parent].time else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the earliest entry out when its time is `limit` or earlier.
    mutating func pop(through limit: Int64) -> (time: Int64, entry: Entry)? {
        guard let top = entries.first, top.time <= limit, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return top }
        entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].time < entries[least].time { least = child }
            }
            if least == parent { return top }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
