import MartletCore
import MartletScheduling
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.tags(.machine)) struct WaitTableTests {
    /// Thousands of waits at rest cost nothing: a turn touches only those that are due.
    @Test(.timeLimit(.minutes(30))) func thousandsOfWaitsAreNoWork() {
        var table = WaitTable()
        let count = 20_000
        for number in 0..<count {
            let request = waitRequest(
                .instant(newYear + .seconds(number)),
                step: "s\(number)",
                policy: WaitPolicy(timeoutSeconds: 1e6)
            )
            table.add(WaitSchedule(request, at: newYear)) { _ in }
        }
        var ended = 0
        for second in 0..<count {
            let now = newYear + .seconds(second)
            let turn = table.turn(at: now)
            #expect(turn.looks.count == 1)
            for look in turn.looks { if table.finish(look, .satisfied(), at: now) != nil { ended += 1 } }
        }
        #expect(ended == count && table.count == 0)
        #expect(table.turn(at: newYear + .seconds(count)).next == nil)
    }

    /// Timers that are left behind by wakings are cleared away.
    @Test func wakingWithoutEndDoesNotGrow() {
        var table = WaitTable()
        let request = waitRequest(.file(FileWait(path: "x")))
        table.add(WaitSchedule(request, at: newYear)) { _ in }
        var now = newYear
        for _ in 0..<10_000 {
            for look in table.turn(at: now).looks { _ = table.finish(look, .notYet(reason: ""), at: now) }
            now = now + .milliseconds(Limits.pushedLookMilliseconds)
            _ = table.wake(.wait(request.key), at: now)
        }
        #expect(table.timerCount < 200)
    }

    @Test(arguments: 0..<20) func timersComeInTheirOrder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var heap = TimerHeap<Int>()
        var model: [(due: Int64, value: Int)] = []
        for value in 0..<500 {
            let due = Int64.random(in: 0..<100, using: &random)
            heap.add(value, at: Timestamp(microseconds: due))
            model.append((due, value))
            if Int.random(in: 0..<3, using: &random) == 0 {
                let least = model.min { ($0.due, $0.value) < ($1.due, $1.value) }
                #expect(heap.first?.due.microseconds == least?.due, "seed \(seed)")
                #expect(heap.removeFirst() == least?.value, "seed \(seed)")
                model.removeAll { $0.value == least?.value }
            }
        }
        heap.filter { _, value in value % 2 == 0 }
        let rest = model.filter { $0.value % 2 == 0 }.sorted { ($0.due, $0.value) < ($1.due, $1.value) }.map(\.value)
        #expect((0..<rest.count).map { _ in heap.removeFirst() } == rest, "seed \(seed)")
        #expect(heap.removeFirst() == nil && heap.count == 0)
    }

    @Test func aQueueIsFirstInFirstOut() {
        var queue = Queue<Int>()
        var next = 0
        for round in 0..<300 {
            for value in 0..<7 { queue.append(round * 7 + value) }
            for _ in 0..<(round % 9) where queue.count > 0 {
                #expect(queue.popFirst() == next)
                next += 1
            }
        }
        while let value = queue.popFirst() {
            #expect(value == next)
            next += 1
        }
        #expect(next == 2100 && queue.count == 0)
    }
}
