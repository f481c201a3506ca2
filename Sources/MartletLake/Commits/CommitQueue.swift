internal import MartletCore

/// Commits that are still to be looked at, the latest first; of equal times the one that was put in first.
///
/// A binary heap. Where clocks went wrong a commit may come before its child, and who uses the queue must stand that.
struct CommitQueue<Value: Sendable>: Sendable {
    private struct Item {
        let time: Timestamp
        let number: Int
        let value: Value

        func precedes(_ other: Item) -> Bool {
            time == other.time ? number < other.number : time > other.time
        }
    }

    private var items: [Item] = []
    private var number = 0

    mutating func push(_ value: Value, at time: Timestamp) {
        items.append(Item(time: time, number: number, value: value))
        number += 1
        var index = items.count - 1
        while index > 0, items[index].precedes(items[(index - 1) / 2]) {
            items.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func pop() -> Value? {
        guard let first = items.first else { return nil }
        let last = items.removeLast()
        guard !items.isEmpty else { return first.value }
        items[0] = last
        var index = 0
        while true {
            var best = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < items.count && items[child].precedes(items[best]) {
                best = child
            }
            if best == index { return first.value }
            items.swapAt(index, best)
            index = best
        }
    }
}
