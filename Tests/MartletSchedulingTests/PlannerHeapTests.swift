import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct PlannerHeapTests {
    @Test func agreesWithASortedList() {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            var heap = IndexedHeap<Int>()
            var places = Array(repeating: IndexedHeap<Int>.nowhere, count: 40)
            var keys: [Int: Int] = [:]
            for _ in 0..<400 {
                let member = Int(random.next() % 40)
                if random.next() % 3 == 0 {
                    heap.remove(member, &places)
                    keys[member] = nil
                } else {
                    let key = Int(random.next() % 1_000)
                    heap.put(member, key, &places)
                    keys[member] = key
                }
                #expect(heap.first?.key == keys.values.min(), "seed \(seed)")
                #expect(heap.items.count == keys.count, "seed \(seed)")
                let isEveryPlaceRight = keys.allSatisfy {
                    heap.items[places[$0]].member == $0 && heap.items[places[$0]].key == $1
                }
                #expect(isEveryPlaceRight, "seed \(seed)")
            }
        }
    }
}
