import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct BusinessTicksTests {
    private func spec(
        _ cron: String,
        _ policy: BusinessCalendar.Policy,
        holidays: [String] = [],
        zone: String? = nil
    ) -> ScheduleSpec {
        let calendar = BusinessCalendar(
            skipsWeekends: true,
            holidays: holidays.compactMap(LocalDay.init(text:)),
            policy: policy
        )
        return ScheduleSpec(rule: .cron([cron]), timezone: zone, calendar: calendar)
    }

    @Test(
        arguments: [
            // 2024-12-21 is a Saturday.
            ("0 6 * * *", .skip, ["2024-12-25"], ["12-23T06", "12-24T06", "12-26T06", "12-27T06", "12-30T06"]),
            (
                "0 6 * * *", .nextBusinessDay, ["2024-12-25"],
                ["12-23T06", "12-24T06", "12-26T06", "12-27T06", "12-30T06"]
            ),
            ("0 6 * * 6", .nextBusinessDay, [], ["12-23T06", "12-30T06", "01-06T06"]),
            ("0 6 * * 6", .nextBusinessDay, ["2024-12-23", "2024-12-24"], ["12-25T06", "12-30T06", "01-06T06"]),
            ("0 6 25 12 *", .nextBusinessDay, ["2024-12-25", "2024-12-26"], ["12-27T06"]),
            ("0 6,18 * * 0,1", .nextBusinessDay, [], ["12-23T06", "12-23T18", "12-30T06"]),
            ("0 9 * * 6; 0 6 * * 1", .nextBusinessDay, [], ["12-23T06", "12-23T09", "12-30T06"]),
        ] as [(String, BusinessCalendar.Policy, [String], [String])]
    )
    func daysOff(
        cron: String,
        policy: BusinessCalendar.Policy,
        holidays: [String],
        expected: [String]
    ) throws {
        var spec = spec(cron, policy, holidays: holidays)
        spec.rule = .cron(cron.split(separator: ";").map(String.init))
        let timetable = try Timetable(spec, seed: "")
        let after = try TimetableTests.instant("2024-12-21T07:00")
        let ticks = timetable.nextTicks(after: after, count: expected.count)
        #expect(ticks.map { String($0.runAfter.description.dropFirst(5).prefix(8)) } == expected)
        var back = try #require(ticks.last).runAfter
        for tick in ticks.dropLast().reversed() {
            back = try #require(timetable.ticks.previous(before: back))
            #expect(back == tick.runAfter)
        }
    }

    @Test func daysAreThoseOfTheZone() throws {
        // Sunday evening in New York is Monday in UTC.
        let timetable = try Timetable(spec("0 20 * * *", .skip, zone: "America/New_York"), seed: "")
        let ticks = timetable.nextTicks(after: try TimetableTests.instant("2024-06-08T12:00"), count: 1)
        #expect(ticks.first?.runAfter == (try TimetableTests.instant("2024-06-11")))
    }

    @Test func intervalsReachOverDaysOff() throws {
        var spec = spec("@daily", .skip)
        spec.dataIntervals = true
        let timetable = try Timetable(spec, seed: "")
        let tick = timetable.next(last: nil, now: try TimetableTests.instant("2024-12-23T12:00"))
        #expect(tick == (try TimetableTests.tick("2024-12-20/2024-12-23")))
    }

    @Test func aPeriodKeepsItsStep() throws {
        var spec = spec("@daily", .skip)
        spec.rule = .every(seconds: 7 * 3600)
        let timetable = try Timetable(spec, seed: "")
        let ticks = timetable.nextTicks(after: try TimetableTests.instant("2024-12-20T20:00"), count: 50).map(
            \.runAfter
        )
        #expect(ticks.allSatisfy { $0.microseconds % (7 * 3_600_000_000) == 0 })
        #expect(ticks.allSatisfy { !([0, 6].contains(Zone.utc.local($0).day.weekday)) })
    }

    @Test func aScheduleOfDaysOffAloneIsRefused() {
        let error = #expect(throws: MartletError.self) { try Timetable(spec("0 6 * * 6", .skip), seed: "") }
        #expect(error?.code == .scheduleExhausted)
    }

    @Test(arguments: [BusinessCalendar.Policy.skip, .nextBusinessDay])
    func leapsMeetWhatSlowStepsMeet(policy: BusinessCalendar.Policy) throws {
        for seed in 0..<25 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let cron = RandomCron(using: &generator)
            let first = Int.random(in: 18_000..<22_000, using: &generator)
            let holidays = (0..<6).map { _ in LocalDay(number: first + Int.random(in: 0..<20, using: &generator)) }
            let calendar = BusinessCalendar(skipsWeekends: seed % 2 == 0, holidays: holidays, policy: policy)
            let days = BusinessDays(calendar)
            var expected: Set<Int> = []
            for minute in cron.times(in: (first - 10) * 1440..<(first + 20) * 1440) {
                let day = LocalDay(number: minute / 1440)
                if days.isOpen(day) {
                    expected.insert(minute)
                } else if policy == .nextBusinessDay {
                    expected.insert(days.first(from: day).number * 1440 + minute % 1440)
                }
            }
            let base = CronTicks(try CronExpression(cron.text), zone: .utc)
            let ticks = BusinessTicks(base, calendar: calendar, zone: .utc)
            let inside = expected.sorted().filter { (first * 1440..<(first + 14) * 1440).contains($0) }
            for (earlier, later) in zip(inside, inside.dropFirst()).shuffled(using: &generator).prefix(60) {
                #expect(ticks.next(after: Timestamp(minute: earlier)) == Timestamp(minute: later), "\(cron) \(seed)")
                #expect(
                    ticks.previous(before: Timestamp(minute: later)) == Timestamp(minute: earlier),
                    "\(cron) \(seed)"
                )
                let middle = (earlier + later) / 2
                #expect(ticks.floor(Timestamp(minute: middle)) == Timestamp(minute: earlier), "\(cron) \(seed)")
            }
        }
    }
}
