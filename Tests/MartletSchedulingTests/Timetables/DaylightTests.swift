import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// Times around the setting of the clocks.
@Suite(.tags(.machine)) struct DaylightTests {
    /// A worked example: the ticks of a window that begins and ends outside the transition.
    struct Example: Sendable, CustomTestStringConvertible {
        var cron: String
        var zone: String
        var from: String
        var through: String
        var ticks: [String]
        var testDescription: String { "\(cron) \(zone) \(from)" }
    }

    static let airflow = [
        Example(
            cron: "30 2 * * *",
            zone: "America/New_York",
            from: "2024-03-10T00:00:00Z",
            through: "2024-03-11T06:59:00Z",
            ticks: ["2024-03-10T07:30:00Z", "2024-03-11T06:30:00Z"]
        ),
        Example(
            cron: "30 1 * * *",
            zone: "America/New_York",
            from: "2024-11-03T00:00:00Z",
            through: "2024-11-04T07:00:00Z",
            ticks: ["2024-11-03T06:30:00Z", "2024-11-04T06:30:00Z"]
        ),
        Example(
            cron: "0 2 * * *",
            zone: "Europe/Zurich",
            from: "2023-10-28T12:00:00Z",
            through: "2023-10-29T23:00:00Z",
            ticks: ["2023-10-29T01:00:00Z"]
        ),
        Example(
            cron: "15 1-3 * * *",
            zone: "America/New_York",
            from: "2024-03-10T00:00:00Z",
            through: "2024-03-10T23:00:00Z",
            ticks: ["2024-03-10T06:15:00Z", "2024-03-10T07:15:00Z"]
        ),
        Example(
            cron: "*/30 * * * *",
            zone: "America/New_York",
            from: "2024-03-10T06:00:00Z",
            through: "2024-03-10T08:00:00Z",
            ticks: [
                "2024-03-10T06:00:00Z", "2024-03-10T06:30:00Z", "2024-03-10T07:00:00Z", "2024-03-10T07:30:00Z",
                "2024-03-10T08:00:00Z",
            ]
        ),
        Example(
            cron: "*/30 * * * *",
            zone: "America/New_York",
            from: "2024-11-03T05:00:00Z",
            through: "2024-11-03T07:00:00Z",
            ticks: [
                "2024-11-03T05:00:00Z", "2024-11-03T05:30:00Z", "2024-11-03T06:00:00Z", "2024-11-03T06:30:00Z",
                "2024-11-03T07:00:00Z",
            ]
        ),
        Example(
            cron: "0 */2 * * *",
            zone: "America/New_York",
            from: "2024-11-03T04:00:00Z",
            through: "2024-11-03T10:00:00Z",
            ticks: ["2024-11-03T04:00:00Z", "2024-11-03T07:00:00Z", "2024-11-03T09:00:00Z"]
        ),
    ]

    @Test(arguments: airflow) func airflowsRule(example: Example) throws {
        let spec = ScheduleSpec(cron: example.cron, timezone: example.zone)
        let timetable = try Timetable(spec, pipeline: PipelineID(trusted: "p"))
        let from = try #require(Timestamp(rfc3339: example.from))
        let through = try #require(Timestamp(rfc3339: example.through))
        let expected = example.ticks.compactMap { Timestamp(rfc3339: $0) }
        #expect(timetable.ticks(from: from, through: through).map(\.runAfter) == expected)
        let listed = timetable.nextTicks(after: from - .microseconds(1), count: expected.count)
        #expect(listed.map(\.runAfter) == expected)
    }

    /// Days on which clocks are set: by an hour, half an hour, a day; at midnight; in winter.
    static let changes = [
        ("America/New_York", "2024-03-10"), ("America/New_York", "2024-11-03"), ("Australia/Lord_Howe", "2024-04-07"),
        ("Australia/Lord_Howe", "2024-10-06"), ("Pacific/Chatham", "2023-09-24"), ("America/Sao_Paulo", "2017-10-15"),
        ("America/Sao_Paulo", "2018-02-18"), ("Pacific/Apia", "2011-12-30"), ("Europe/Dublin", "2023-10-29"),
    ]

    /// The clock of a zone for three days before and after a day.
    private func clock(_ zone: Zone, around day: String) throws -> SlowClock {
        let day = try #require(LocalDay(text: day))
        return SlowClock(zone, from: LocalDay(number: day.number - 3), days: 7)
    }

    /// The instants strictly inside a clock's days, with half a day to spare.
    private func inside(_ clock: SlowClock) -> ClosedRange<Int> {
        clock.minutes.lowerBound + 720...clock.minutes.upperBound - 720
    }

    @Test(arguments: changes) func airflowsRuleStepByStep(name: String, day: String) throws {
        let zone = try Zone(name)
        let clock = try clock(zone, around: day)
        for seed in 0..<14 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let cron = RandomCron(using: &generator, everyHour: seed % 3 == 0)
            let ticks = CronTicks(try CronExpression(cron.text), zone: zone)
            let expected = clock.airflow(cron).filter(inside(clock).contains)
            var found: [Int] = []
            var now = Timestamp(minute: clock.minutes.lowerBound)
            while let tick = ticks.next(after: now), tick.minute <= inside(clock).upperBound {
                #expect(tick > now, "\(cron)")
                if tick.minute >= inside(clock).lowerBound { found.append(tick.minute) }
                now = tick
            }
            #expect(found == expected, "\(cron) \(seed)")
        }
    }

    /// Wherever it is asked from, an expression with fixed hours has the same ticks, forwards and backwards.
    @Test(arguments: changes) func ticksAreOneSequence(name: String, day: String) throws {
        let zone = try Zone(name)
        let clock = try clock(zone, around: day)
        for seed in 0..<12 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let cron = RandomCron(using: &generator, everyHour: false)
            if cron.coversEveryHour { continue }
            let ticks = CronTicks(try CronExpression(cron.text), zone: zone)
            try expectOneSequence(ticks, clock.airflow(cron), clock, "\(cron)", &generator)
        }
    }

    @Test(arguments: changes) func policies(name: String, day: String) throws {
        let zone = try Zone(name)
        let clock = try clock(zone, around: day)
        for seed in 0..<8 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let cron = RandomCron(using: &generator)
            let gap = try #require(DaylightPolicy.Gap.allCases.randomElement(using: &generator))
            let fold = try #require(DaylightPolicy.Fold.allCases.randomElement(using: &generator))
            let policy = DaylightPolicy(gap: gap, fold: fold)
            let ticks = ResolvedCronTicks(try CronExpression(cron.text), zone: zone, policy: policy)
            let expected = clock.resolved(cron, gap: gap, fold: fold)
            try expectOneSequence(ticks, expected, clock, "\(cron) \(gap) \(fold)", &generator)
        }
    }

    private func expectOneSequence(
        _ ticks: any TickSource,
        _ expected: [Int],
        _ clock: SlowClock,
        _ comment: Comment,
        _ generator: inout SeededGenerator
    ) throws {
        let range = inside(clock)
        for _ in 0..<25 {
            let minute = Int.random(in: range, using: &generator)
            if let next = expected.first(where: { $0 > minute }), range.contains(next) {
                #expect(ticks.next(after: Timestamp(minute: minute)) == Timestamp(minute: next), comment)
                let before = Timestamp(minute: minute) + .microseconds(1)
                #expect(ticks.next(after: before) == Timestamp(minute: next), comment)
            }
            if let previous = expected.last(where: { $0 < minute }), range.contains(previous) {
                #expect(ticks.previous(before: Timestamp(minute: minute)) == Timestamp(minute: previous), comment)
            }
        }
        for (earlier, later) in zip(expected, expected.dropFirst())
        where range.contains(earlier) && range.contains(later) {
            #expect(ticks.previous(before: Timestamp(minute: later)) == Timestamp(minute: earlier), comment)
            #expect(ticks.floor(Timestamp(minute: later)) == Timestamp(minute: later), comment)
            #expect(ticks.ceiling(Timestamp(minute: later)) == Timestamp(minute: later), comment)
        }
    }

    /// At the edges of a gap Airflow's own previous tick can be the instant it is asked about.
    @Test(arguments: changes) func thePreviousTickIsEarlier(name: String, day: String) throws {
        let zone = try Zone(name)
        let clock = try clock(zone, around: day)
        for seed in 0..<6 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let ticks = CronTicks(try CronExpression(RandomCron(using: &generator).text), zone: zone)
            for minute in stride(from: inside(clock).lowerBound, to: inside(clock).upperBound, by: 7) {
                let instant = Timestamp(minute: minute)
                #expect(ticks.previous(before: instant).map { $0 < instant } ?? true)
                #expect(ticks.next(after: instant).map { $0 > instant } ?? true)
            }
        }
    }

    @Test func theSecondOfARepeatedTimeIsNotMissedFromInsideTheFirst() throws {
        let ticks = CronTicks(try CronExpression("30 1 * * *"), zone: try Zone("America/New_York"))
        let tick = try #require(Timestamp(rfc3339: "2024-11-03T06:30:00Z"))
        for text in ["2024-11-03T05:30:00Z", "2024-11-03T05:45:00Z", "2024-11-03T06:15:00Z"] {
            #expect(ticks.next(after: try #require(Timestamp(rfc3339: text))) == tick)
        }
        #expect(ticks.previous(before: tick) == Timestamp(rfc3339: "2024-11-02T05:30:00Z"))
    }

    @Test func theDatabaseHasAVersionAndItsRules() throws {
        #expect(Zone.databaseVersion.prefix(2) == "20" && Zone.databaseVersion.count >= 5)
        // Chile moved its change of April 2022 to September 11; Samoa gave up summer time in 2021.
        let santiago = try Zone("America/Santiago")
        #expect(santiago.offsetText(at: try #require(Timestamp(rfc3339: "2022-09-10T12:00:00Z"))) == "-04:00")
        #expect(santiago.offsetText(at: try #require(Timestamp(rfc3339: "2022-09-12T12:00:00Z"))) == "-03:00")
        #expect(
            try Zone("Pacific/Apia").offsetText(at: #require(Timestamp(rfc3339: "2022-01-01T00:00:00Z"))) == "+13:00"
        )
    }
}
