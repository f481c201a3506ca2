import MartletCore
import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Watermarks and idleness", .tags(.machine))
struct WatermarkTests {
    private func book(disorder: Int64 = 10, idle: Int64? = 100, follows: Bool = true) -> WatermarkBook {
        WatermarkBook(
            disorder: EventSpan(microseconds: disorder),
            idleTimeout: idle.map { EventSpan(microseconds: $0) },
            followsWallClock: follows
        )
    }

    /// One step: a partition, the highest time of its records (nil for none), its next offset and end, the wall time,
    /// and the watermark expected after it.
    struct Step: Sendable {
        var partition: Int32
        var time: Int64?
        var next: Int64 = 0
        var end: Int64?
        var wall: Int64
        var expected: Int64
    }

    static let none = EventTime.beginning

    static let tables: [(String, [Step])] = [
        (
            "the least of the partitions, never back",
            [
                Step(partition: 0, time: 50, wall: 0, expected: none),
                Step(partition: 1, time: 30, wall: 0, expected: 20),
                Step(partition: 1, time: 90, wall: 1, expected: 40),
                Step(partition: 0, time: 45, wall: 2, expected: 40),
                Step(partition: 0, time: -500, wall: 2, expected: 40),
            ]
        ),
        (
            "a partition that never had a record leaves the minimum after the timeout",
            [
                Step(partition: 0, time: 50, wall: 60, expected: none),
                Step(partition: 0, time: 51, wall: 99, expected: none),
                Step(partition: 0, time: 52, wall: 100, expected: 42),
            ]
        ),
        (
            "one with records to read is slow, not idle",
            [
                Step(partition: 0, time: 50, wall: 0, expected: none),
                Step(partition: 1, time: 5, next: 3, end: 4, wall: 0, expected: -5),
                Step(partition: 0, time: 80, wall: 200, expected: -5),
                Step(partition: 1, time: 20, next: 4, end: 4, wall: 201, expected: 10),
                Step(partition: 0, time: 90, wall: 301, expected: 80),
            ]
        ),
        (
            "one that returns does not move it back",
            [
                Step(partition: 0, time: 50, wall: 0, expected: none),
                Step(partition: 1, time: 5, wall: 0, expected: -5),
                Step(partition: 0, time: 90, wall: 150, expected: 80),
                Step(partition: 1, time: 6, wall: 151, expected: 80),
                Step(partition: 0, time: 200, wall: 152, expected: 80),
                Step(partition: 1, time: 120, wall: 153, expected: 110),
            ]
        ),
        (
            "all idle and not known to be read up: it stays",
            [
                Step(partition: 0, time: 50, wall: 0, expected: none),
                Step(partition: 1, time: 40, wall: 0, expected: 30),
                Step(partition: 2, time: nil, wall: 5000, expected: 30),
            ]
        ),
        (
            "all idle and read up: it follows the wall clock at its pace, with the delay that the records had",
            [
                Step(partition: 0, time: 50, next: 7, end: 7, wall: 1000, expected: none),
                Step(partition: 1, time: 40, next: 9, end: 9, wall: 1000, expected: 30),
                Step(partition: 0, time: nil, next: 7, end: 7, wall: 1099, expected: 30),
                Step(partition: 0, time: nil, next: 7, end: 7, wall: 1100, expected: 140),
                Step(partition: 0, time: nil, next: 7, end: 7, wall: 1500, expected: 540),
                Step(partition: 0, time: nil, next: 7, end: 8, wall: 1600, expected: 540),
                Step(partition: 0, time: 60, next: 8, end: 8, wall: 1601, expected: 540),
            ]
        ),
        (
            "it does not get ahead of the clock, unless the records were",
            [
                Step(partition: 0, time: 990, next: 7, end: 7, wall: 1000, expected: none),
                Step(partition: 1, time: 2000, next: 9, end: 9, wall: 1000, expected: 980),
                Step(partition: 0, time: nil, next: 7, end: 7, wall: 1500, expected: 1990),
            ]
        ),
    ]

    @Test(arguments: tables.indices)
    func table(_ index: Int) {
        let (name, steps) = Self.tables[index]
        var book = book()
        for partition in 0..<2 as Range<Int32> {
            book.assign(partition, nextOffset: 0, wallTime: steps[0].wall >= 1000 ? 1000 : 0)
        }
        for (number, step) in steps.enumerated() {
            // A partition of its own stands for the wall clock alone.
            if step.partition < 2 {
                book.note(
                    step.partition,
                    highest: step.time,
                    hasRecords: step.time != nil,
                    nextOffset: step.next,
                    highWatermark: step.end,
                    wallTime: step.wall
                )
            }
            book.update(wallTime: step.wall)
            #expect(book.watermark == step.expected, "\(name), step \(number + 1)")
        }
    }

    @Test func withoutTimeoutNothingIsIdle() {
        var book = book(idle: nil)
        book.assign(0, nextOffset: 0, wallTime: 0)
        book.note(1, highest: 5, hasRecords: true, nextOffset: 1, highWatermark: 1, wallTime: 0)
        book.update(wallTime: .max)
        #expect(book.watermark == EventTime.beginning)
        #expect(book.nextIdle == nil)
        book.revoke(0)
        book.update(wallTime: 0)
        #expect(book.watermark == -5)
    }

    @Test func timesAtTheEdgeOfTheRange() {
        var book = book()
        book.note(0, highest: .max, hasRecords: true, nextOffset: .max, highWatermark: .max, wallTime: .max)
        book.update(wallTime: .max)
        #expect(book.watermark == .max - 10)
        var low = self.book()
        low.note(0, highest: .min, hasRecords: true, nextOffset: 0, highWatermark: 0, wallTime: .min)
        low.update(wallTime: .min)
        #expect(low.watermark == .min)
    }

    @Test func nextIdleIsTheEarliest() {
        var book = book()
        book.assign(0, nextOffset: 0, wallTime: 40)
        book.assign(1, nextOffset: 0, wallTime: 30)
        #expect(book.nextIdle == 130)
        book.update(wallTime: 130)
        #expect(book.nextIdle == 140)
    }
}
