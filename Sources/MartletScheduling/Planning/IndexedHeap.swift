/// A binary heap whose members may also move, or leave from its middle, in O(log n).
///
/// Where a member stands is written to `places`, which the owner keeps: a member is in at most one of the heaps that
/// share one list of places, so that one list serves them all.
struct IndexedHeap<Key: Comparable & Sendable>: Sendable {
    struct Item: Sendable {
        var key: Key
        var member: Int
    }

    /// The place of a member that is in no heap.
    static var nowhere: Int { -1 }

    private(set) var items: [Item] = []

    /// The least of the members.
    var first: Item? { items.first }

    /// Lets `member` in with `key`, or moves it to where `key` belongs.
    mutating func put(_ member: Int, _ key: Key, _ places: inout [Int]) {
        let place = places[member]
        guard place != Self.nowhere else {
            items.append(Item(key: key, member: member))
            rise(items.count - 1, &places)
            return
        }
        let rises = key < items[place].key
        items[place].key = key
        if rises { rise(place, &places) } else { sink(place, &places) }
    }

    /// Takes `member` out, if it is in.
    mutating func remove(_ member: Int, _ places: inout [Int]) {
        let place = places[member]
        guard place != Self.nowhere else { return }
        places[member] = Self.nowhere
        let last = items.removeLast()
        guard place < items.count else { return }
        let rises = last.key < items[place].key
        items[place] = last
        if rises { rise(place, &places) } else { sink(place, &places) }
    }

    private mutating func rise(_ start: Int, _ places: inout [Int]) {
        var place = start
        let item = items[place]
        while place > 0 {
            let above = (place - 1) / 2
            guard item.key < items[above].key else { break }
            items[place] = items[above]
            places[items[place].member] = place
            place = above
        }
        items[place] = item
        places[item.member] = place
    }

    private mutating func sink(_ start: Int, _ places: inout [Int]) {
        var place = start
        let item = items[place]
        while true {
            var below = 2 * place + 1
            guard below < items.count else { break }
            if below + 1 < items.count, items[below + 1].key < items[below].key { below += 1 }
            guard items[below].key < item.key else { break }
            items[place] = items[below]
            places[items[place].member] = place
            place = below
        }
        items[place] = item
        places[item.member] = place
    }
}
