import MartletCore
import MartletTestKit
import Testing

struct ManualClockTests {
    @Test func sleepersWakeInTheOrderOfTheirDeadlines() async throws {
        let clock = ManualClock()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for seconds in [3, 1, 2] {
                group.addTask {
                    try await clock.sleep(for: .seconds(seconds))
                    return seconds
                }
            }
            for seconds in 1...3 {
                await clock.untilAsleep(4 - seconds)
                #expect(clock.nextDeadline?.offset == .seconds(seconds))
                clock.advanceToNextDeadline()
                #expect(clock.now.offset == .seconds(seconds))
                let woken = try await group.next()
                #expect(woken == seconds)
            }
        }
        #expect(clock.nextDeadline == nil)
    }

    @Test func nobodyWakesEarly() async throws {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(10)) }
        await clock.untilAsleep(1)
        clock.advance(by: .seconds(9))
        #expect(clock.nextDeadline?.offset == .seconds(10))
        clock.advance(by: .seconds(1))
        #expect(clock.nextDeadline == nil)
        try await sleeper.value
    }

    @Test func aPassedDeadlineDoesNotWait() async throws {
        let clock = ManualClock()
        clock.advance(by: .seconds(5))
        try await clock.sleep(until: ManualClock.Instant(offset: .seconds(5)))
    }

    @Test func cancellingASleeperEndsItsSleep() async throws {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(10)) }
        await clock.untilAsleep(1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.nextDeadline == nil)
    }

    @Test func aCancelledTaskDoesNotFallAsleep() async throws {
        let clock = ManualClock()
        let sleeper = Task {
            while !Task.isCancelled { await Task.yield() }
            try await clock.sleep(for: .seconds(10))
        }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.nextDeadline == nil)
    }

    @Test func theWallTimeFollows() {
        let clock = ManualClock(epoch: Timestamp(microseconds: 1_000_000))
        let time = clock.wallTime
        clock.advance(by: .milliseconds(1_500))
        #expect(time.now == Timestamp(microseconds: 2_500_000))
        clock.advance(to: ManualClock.Instant(offset: .zero))
        #expect(time.now == Timestamp(microseconds: 2_500_000))
    }
}

struct SeededIDsTests {
    @Test func theSameSeedGivesTheSameIdentifiers() {
        let (one, same, other) = (SeededIDs(seed: 1), SeededIDs(seed: 1), SeededIDs(seed: 2))
        let suffixes = (0..<100).map { _ in one.suffix() }
        #expect(suffixes == (0..<100).map { _ in same.suffix() })
        #expect(suffixes != (0..<100).map { _ in other.suffix() })
        #expect(Set(suffixes).count == 100)
        let allowed = Set("abcdefghijklmnopqrstuvwxyz234567")
        #expect(suffixes.allSatisfy { $0.count == 6 && allowed.isSuperset(of: $0) })
    }
}
