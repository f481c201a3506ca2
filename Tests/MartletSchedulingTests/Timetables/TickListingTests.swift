import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// Lists of ticks: for backfills, and for people.
@Suite(.tags(.machine)) struct TickListingTests {
    private func instant(_ text: String) throws -> Timestamp { try TimetableTests.instant(text) }

    private func starts(_ ticks: some Sequence<ScheduledTick>) -> [String] {
        ticks.map { String($0.logicalDate.description.prefix(16)) }
    }

    @Test func bothBoundsAreIncluded() throws {
        var spec = ScheduleSpec(cron: "@daily")
        let range = (try instant("2024-02-27"), try instant("2024-03-01"))
        let days = ["2024-02-27T00:00", "2024-02-28T00:00", "2024-02-29T00:00", "2024-03-01T00:00"]
        #expect(starts(try Timetable(spec, seed: "").ticks(from: range.0, through: range.1)) == days)
        spec.dataIntervals = true
        let intervals = Array(try Timetable(spec, seed: "").ticks(from: range.0, through: range.1))
        #expect(starts(intervals) == days)
        #expect(intervals.allSatisfy { $0.runAfter == $0.interval.end && $0.interval.end > $0.interval.start })
        #expect(starts(try Timetable(spec, seed: "").ticks(from: range.1, through: range.0)).isEmpty)
    }

    @Test func theScheduleAndItsBoundsDoNotMatterForAList() throws {
        let spec = ScheduleSpec(rule: .every(seconds: 3600), start: try instant("2024-01-01T00:30"))
        let timetable = try Timetable(spec, seed: "")
        let ticks = timetable.ticks(from: try instant("2023-12-31T22:00"), through: try instant("2024-01-01T00:30"))
        #expect(starts(ticks) == ["2023-12-31T22:30", "2023-12-31T23:30", "2024-01-01T00:30"])
    }

    @Test func aListIsMadeAsItIsAskedFor() throws {
        let timetable = try Timetable(ScheduleSpec(cron: "* * * * * *"), seed: "")
        let ticks = timetable.ticks(from: Timestamp(minute: 0), through: Timestamp(microseconds: .max))
        #expect(ticks.prefix(3).map(\.runAfter.microseconds) == [0, 1_000_000, 2_000_000])
    }

    @Test func theNextTicksFollowAnInstant() throws {
        var spec = ScheduleSpec(cron: "0 6 * * *", timezone: "Europe/Berlin")
        let after = try instant("2024-03-30T05:00")
        let local = try Timetable(spec, seed: "").nextTicks(after: after, count: 3)
        #expect(starts(local) == ["2024-03-31T04:00", "2024-04-01T04:00", "2024-04-02T04:00"])
        spec.start = try instant("2024-04-01T12:00")
        spec.end = try instant("2024-04-03T04:00")
        #expect(starts(try Timetable(spec, seed: "").nextTicks(after: after, count: 9)).count == 2)
        spec.dataIntervals = true
        let intervals = try Timetable(spec, seed: "").nextTicks(after: after, count: 9)
        #expect(starts(intervals) == ["2024-04-02T04:00", "2024-04-03T04:00"])
        #expect(intervals.last?.runAfter == (try instant("2024-04-04T04:00")))
    }

    @Test func aPeriodIsCountedFromTheInstant() throws {
        for dataIntervals in [false, true] {
            let spec = ScheduleSpec(rule: .every(seconds: 900), dataIntervals: dataIntervals)
            let ticks = try Timetable(spec, seed: "").nextTicks(after: try instant("2024-01-01T00:07"), count: 2)
            #expect(ticks.map(\.runAfter) == (try ["2024-01-01T00:22", "2024-01-01T00:37"].map(instant)))
            #expect(ticks[0].interval.start == (dataIntervals ? try instant("2024-01-01T00:07") : ticks[0].runAfter))
        }
        let months = try Timetable(ScheduleSpec(rule: .everyMonths(1)), seed: "")
        let ticks = months.nextTicks(after: try instant("2023-01-31"), count: 3)
        #expect(starts(ticks) == ["2023-02-28T00:00", "2023-03-28T00:00", "2023-04-28T00:00"])
    }

    @Test func listsAreBounded() throws {
        let timetable = try Timetable(ScheduleSpec(cron: "* * * * *"), seed: "")
        #expect(timetable.nextTicks(after: Timestamp(minute: 0), count: .max).count == Limits.listedTicks)
        #expect(timetable.nextTicks(after: Timestamp(minute: 0), count: -1).isEmpty)
    }

    /// Asking is a matter of microseconds; a search by minutes would take minutes of its own here.
    @Test func rareTicksAreFoundByLeaping() throws {
        let rare = try Timetable(ScheduleSpec(cron: "0 0 29 2 *", timezone: "Europe/Berlin"), seed: "")
        var now = try instant("1600-01-01")
        var found = 0
        while let tick = rare.nextTicks(after: now, count: 1).first, tick.runAfter < (try instant("2400-01-01")) {
            #expect(tick.runAfter > now)
            now = tick.runAfter
            found += 1
        }
        #expect(found == 194)
    }
}
