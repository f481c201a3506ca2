import MartletCore

/// Instants and what is due then, the earliest first; of equal instants the one that was added first.
struct TimerHeap<Value> {
    private struct Item {
        var due: Timestamp
        var order: Int
        var value: Value

        func isBefore(_ other: Item) -> Bool { (due, order) < (other.due, other.order) }
    }

    private var items: [Item] = []
    private var added = 0

    /// How many there are.
    var count: Int { items.count }

    /// The earliest.
    var first: (due: Timestamp, value: Value)? { items.first.map { ($0.due, $0.value) } }

    /// Adds a value that is due then.
    mutating func add(_ value: Value, at due: Timestamp) {
        added += 1
        items.append(Item(due: due, order: added, value: value))
        var child = items.count - 1
        while child > 0, items[child].isBefore(items[(child - 1) / 2]) {
            items.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the earliest out.
    @discardableResult
    mutating func removeFirst() -> Value? {
        guard let first = items.first, let last = items.popLast() else { return nil }
        if items.isEmpty { return first.value }
        items[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < items.count {
                if items[child].isBefore(items[least]) { least = child }
            }
            if least == parent { return first.value }
            items.swapAt(parent, least)
            parent = least
        }
    }

    /// Keeps only the values for which `isWanted` holds.
    mutating func filter(_ isWanted: (Timestamp, Value) -> Bool) {
        let kept = items.filter { isWanted($0.due, $0.value) }
        items = []
        for item in kept.sorted(by: { $0.isBefore($1) }) { items.append(item) }
    }
}
