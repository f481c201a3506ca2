import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// A scheduler that sleeps, oversleeps and is down, on drawn schedules.
@Suite(.tags(.simulation)) struct TimetableSimulationTests {
    private static let zones = ["UTC", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo"]

    private func spec(_ generator: inout SeededGenerator, start: Timestamp) -> ScheduleSpec {
        let rules: [ScheduleRule] = [
            .cron([RandomCron(using: &generator).text]),
            .cron([RandomCron(using: &generator).text, RandomCron(using: &generator).text]),
            .every(seconds: Double(Int.random(in: 600...200_000, using: &generator))),
            .everyMonths(Int.random(in: 1...4, using: &generator)),
        ]
        let rule = rules[Int.random(in: 0..<rules.count, using: &generator)]
        let dataIntervals = Bool.random(using: &generator)
        return ScheduleSpec(
            rule: rule,
            timezone: Self.zones.randomElement(using: &generator),
            start: Int.random(in: 0..<4, using: &generator) == 0 ? nil : start,
            catchup: Bool.random(using: &generator),
            dataIntervals: dataIntervals,
            intervalSeconds: dataIntervals ? 0 : Double(Int.random(in: 0...1, using: &generator) * 5400)
        )
    }

    @Test(arguments: 0..<60 as Range<UInt64>) func noStartIsRepeated(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let start = Timestamp(minute: Int.random(in: 24_000_000..<28_000_000, using: &generator))
        var spec = spec(&generator, start: start)
        var timetable = try Timetable(spec, seed: "")
        var now = start
        var runs: [ScheduledTick] = []
        for _ in 0..<40 {
            let isDown = Int.random(in: 0..<5, using: &generator) == 0
            now = now + .seconds(Int64.random(in: 1...(isDown ? 900_000 : 20_000), using: &generator))
            if Int.random(in: 0..<20, using: &generator) == 0 {
                // The pipeline is deployed anew, with another schedule.
                spec = self.spec(&generator, start: start)
                timetable = try Timetable(spec, seed: "")
            }
            for _ in 0..<50 {
                guard let tick = timetable.next(last: runs.last, now: now), tick.runAfter <= now else { break }
                if let last = runs.last {
                    #expect(tick.interval.start > last.interval.start, "\(spec)")
                }
                #expect(tick.interval.start <= tick.interval.end && tick.interval.end <= tick.runAfter, "\(spec)")
                runs.append(tick)
            }
        }
        #expect(Set(runs.map(\.logicalDate)).count == runs.count)
    }

    @Test(arguments: 0..<30 as Range<UInt64>) func catchingUpMissesNothing(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let start = Timestamp(minute: Int.random(in: 24_000_000..<28_000_000, using: &generator))
        var spec = spec(&generator, start: start)
        (spec.catchup, spec.start) = (true, start)
        let timetable = try Timetable(spec, seed: "")
        var now = start
        var runs: [ScheduledTick] = []
        for _ in 0..<12 {
            now = now + .seconds(Int64.random(in: 1...40_000, using: &generator))
            while let tick = timetable.next(last: runs.last, now: now), tick.runAfter <= now { runs.append(tick) }
        }
        let expected = timetable.ticks(from: start, through: now).filter { $0.runAfter <= now }
        #expect(runs == expected, "\(spec)")
    }

    @Test(arguments: 0..<30 as Range<UInt64>) func withoutCatchingUpOneRunFollowsADowntime(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let start = Timestamp(minute: Int.random(in: 24_000_000..<28_000_000, using: &generator))
        var spec = spec(&generator, start: start)
        (spec.catchup, spec.start, spec.intervalSeconds) = (false, start, 0)
        let timetable = try Timetable(spec, seed: "")
        var last: ScheduledTick?
        var now = start
        for _ in 0..<12 {
            now = now + .seconds(Int64.random(in: 1...2_000_000, using: &generator))
            var created = 0
            while let tick = timetable.next(last: last, now: now), tick.runAfter <= now {
                last = tick
                created += 1
            }
            // Two when an interval of the old phase had ended as well.
            #expect(created <= (spec.dataIntervals ? 2 : 1), "\(spec)")
        }
    }
}
