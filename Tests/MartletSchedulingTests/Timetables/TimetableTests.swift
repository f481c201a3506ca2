import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// What a timetable calls for next, by the tables of the orchestration reference.
@Suite(.tags(.machine)) struct TimetableTests {
    /// A decision: the schedule, the last interval, now, and the interval and start that must follow.
    struct Decision: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var spec: ScheduleSpec
        var last: String?
        var now: String
        /// `START/END`, then `@ RUN_AFTER` if that is another instant than the end; nil for nothing.
        var next: String?

        init(_ what: String, _ spec: ScheduleSpec, last: String? = nil, now: String, next: String?) {
            (testDescription, self.spec, self.last, self.now, self.next) = (what, spec, last, now, next)
        }
    }

    /// `2024-01-02` or `2024-01-02T03:04`, in UTC.
    static func instant(_ text: some StringProtocol) throws -> Timestamp { try Timestamp(text: String(text), in: .utc) }

    static func tick(_ text: String) throws -> ScheduledTick {
        let parts = text.split(separator: "@").map { $0.filter { $0 != " " } }
        let ends = try parts[0].split(separator: "/").map { try instant($0) }
        let interval = DataInterval(start: ends[0], end: ends.last ?? ends[0])
        return ScheduledTick(runAfter: try parts.count > 1 ? instant(parts[1]) : interval.end, interval: interval)
    }

    private static func spec(
        _ rule: ScheduleRule?,
        from start: String? = nil,
        through end: String? = nil,
        catchup: Bool = false,
        intervals: Bool = false,
        interval: Double = 0,
        firstRun: FirstRun = .whenNear
    ) -> ScheduleSpec {
        ScheduleSpec(
            rule: rule,
            start: start.flatMap { try? instant($0) },
            end: end.flatMap { try? instant($0) },
            catchup: catchup,
            dataIntervals: intervals,
            intervalSeconds: interval,
            firstRun: firstRun
        )
    }

    private static let daily = ScheduleRule.cron(["@daily"])
    private static let quarters = ScheduleRule.every(seconds: 900)

    static let dataIntervals = [
        Decision(
            "catching up begins at the start, aligned up",
            spec(daily, from: "2024-01-01T05:00", catchup: true, intervals: true),
            now: "2024-03-01",
            next: "2024-01-02/2024-01-03"
        ),
        Decision(
            "a start on a tick is the first",
            spec(daily, from: "2024-01-01", catchup: true, intervals: true),
            now: "2024-03-01",
            next: "2024-01-01/2024-01-02"
        ),
        Decision(
            "catching up is contiguous",
            spec(daily, from: "2024-01-01", catchup: true, intervals: true),
            last: "2024-01-05/2024-01-06",
            now: "2024-03-01",
            next: "2024-01-06/2024-01-07"
        ),
        Decision(
            "without catching up it is the last complete one",
            spec(daily, from: "2024-01-01", intervals: true),
            now: "2024-03-01T12:00",
            next: "2024-02-29/2024-03-01"
        ),
        Decision(
            "at a tick it is the one that ends now",
            spec(daily, from: "2024-01-01", intervals: true),
            now: "2024-03-01",
            next: "2024-02-29/2024-03-01"
        ),
        Decision(
            "what was missed is left out",
            spec(daily, from: "2024-01-01", intervals: true),
            last: "2024-01-05/2024-01-06",
            now: "2024-03-01T12:00",
            next: "2024-02-29/2024-03-01"
        ),
        Decision(
            "after the last complete one comes the one that is going on",
            spec(daily, from: "2024-01-01", intervals: true),
            last: "2024-02-29/2024-03-01",
            now: "2024-03-01T12:00",
            next: "2024-03-01/2024-03-02"
        ),
        Decision(
            "a start to come is waited for",
            spec(daily, from: "2024-06-01", intervals: true),
            now: "2024-03-01T12:00",
            next: "2024-06-01/2024-06-02"
        ),
        Decision(
            "neither start nor runs: the last complete one",
            spec(daily, intervals: true),
            now: "2024-03-01T12:00",
            next: "2024-02-29/2024-03-01"
        ),
        Decision(
            "the end counts for starts of intervals, itself included",
            spec(daily, from: "2024-01-01", through: "2024-01-06", catchup: true, intervals: true),
            last: "2024-01-05/2024-01-06",
            now: "2024-03-01",
            next: "2024-01-06/2024-01-07"
        ),
        Decision(
            "nothing starts past the end",
            spec(daily, from: "2024-01-01", through: "2024-01-06", catchup: true, intervals: true),
            last: "2024-01-06/2024-01-07",
            now: "2024-03-01",
            next: nil
        ),
        Decision(
            "a new schedule aligns to its tick before",
            spec(.cron(["0 6 * * *"]), from: "2024-01-01", catchup: true, intervals: true),
            last: "2024-01-05/2024-01-06",
            now: "2024-03-01",
            next: "2024-01-05T06:00/2024-01-06T06:00"
        ),
        Decision(
            "but it repeats no start",
            spec(daily, from: "2024-01-01", catchup: true, intervals: true),
            last: "2024-01-05T00:00/2024-01-05T01:00",
            now: "2024-03-01",
            next: "2024-01-06/2024-01-07"
        ),
        Decision(
            "nor one before the last",
            spec(.cron(["@monthly"]), from: "2024-01-01", catchup: true, intervals: true),
            last: "2024-01-20/2024-01-21",
            now: "2024-03-01",
            next: "2024-02-01/2024-03-01"
        ),
        Decision(
            "a period begins at the start itself",
            spec(quarters, from: "2024-01-01T00:07", catchup: true, intervals: true),
            now: "2024-01-02",
            next: "2024-01-01T00:07/2024-01-01T00:22"
        ),
        Decision(
            "a period without catching up lies on the grid of 1970",
            spec(quarters, from: "2024-01-01T00:07", intervals: true),
            now: "2024-01-02T00:20",
            next: "2024-01-02T00:00/2024-01-02T00:15"
        ),
        Decision(
            "a period goes on where it ended",
            spec(quarters, from: "2024-01-01T00:07", catchup: true, intervals: true),
            last: "2024-01-01T00:07/2024-01-01T00:22",
            now: "2024-01-02",
            next: "2024-01-01T00:22/2024-01-01T00:37"
        ),
        Decision(
            "months step from the start",
            spec(.everyMonths(1), from: "2023-01-31", intervals: true),
            now: "2023-03-30",
            next: "2023-02-28/2023-03-28"
        ),
        Decision(
            "months that were clamped stay so",
            spec(.everyMonths(1), from: "2023-01-31", catchup: true, intervals: true),
            last: "2023-02-28/2023-03-28",
            now: "2023-05-30",
            next: "2023-03-28/2023-04-28"
        ),
    ]

    static let triggers = [
        Decision(
            "catching up begins with the first tick from the start",
            spec(daily, from: "2024-01-01T05:00", catchup: true),
            now: "2024-03-01",
            next: "2024-01-02"
        ),
        Decision(
            "a start on a tick is the first",
            spec(daily, from: "2024-01-01", catchup: true),
            now: "2024-03-01",
            next: "2024-01-01"
        ),
        Decision(
            "catching up takes every tick",
            spec(daily, from: "2024-01-01", catchup: true),
            last: "2024-01-05/2024-01-05",
            now: "2024-03-01",
            next: "2024-01-06"
        ),
        Decision(
            "the interval reaches back from its tick",
            spec(daily, from: "2024-01-01", catchup: true, interval: 86_400),
            last: "2024-01-04/2024-01-05",
            now: "2024-03-01",
            next: "2024-01-05/2024-01-06"
        ),
        Decision(
            "without catching up it is the tick just past",
            spec(daily, from: "2024-01-01"),
            last: "2024-01-05/2024-01-05",
            now: "2024-03-01T12:00",
            next: "2024-03-01"
        ),
        Decision(
            "now may be it",
            spec(daily, from: "2024-01-01"),
            last: "2024-01-05/2024-01-05",
            now: "2024-03-01",
            next: "2024-03-01"
        ),
        Decision(
            "after it comes the next",
            spec(daily, from: "2024-01-01"),
            last: "2024-03-01/2024-03-01",
            now: "2024-03-01T12:00",
            next: "2024-03-02"
        ),
        Decision(
            "a start without runs: the tick just past too",
            spec(daily, from: "2024-01-01"),
            now: "2024-03-01T12:00",
            next: "2024-03-01"
        ),
        Decision(
            "a start to come is waited for",
            spec(daily, from: "2024-06-01T01:00"),
            now: "2024-03-01T12:00",
            next: "2024-06-02"
        ),
        Decision(
            "the end is included",
            spec(daily, from: "2024-01-01", through: "2024-01-06", catchup: true),
            last: "2024-01-05/2024-01-05",
            now: "2024-03-01",
            next: "2024-01-06"
        ),
        Decision(
            "nothing follows the end",
            spec(daily, from: "2024-01-01", through: "2024-01-06", catchup: true),
            last: "2024-01-06/2024-01-06",
            now: "2024-03-01",
            next: nil
        ),
        Decision(
            "several expressions take turns",
            spec(.cron(["0 6 * * *", "0 18 * * *"]), from: "2024-01-01", catchup: true),
            last: "2024-01-05T06:00/2024-01-05T06:00",
            now: "2024-03-01",
            next: "2024-01-05T18:00"
        ),
        Decision(
            "of several expressions it is the nearest past",
            spec(.cron(["0 6 * * *", "0 18 * * *"]), from: "2024-01-01"),
            now: "2024-03-01T20:00",
            next: "2024-03-01T18:00"
        ),
        Decision(
            "a longer interval repeats no start",
            spec(.cron(["@hourly"]), from: "2024-01-01", catchup: true, interval: 86_400),
            last: "2024-01-05/2024-01-05",
            now: "2024-03-01",
            next: "2024-01-05T01:00/2024-01-06T01:00"
        ),
        Decision(
            "a period stands on the grid of its start",
            spec(quarters, from: "2024-01-01T00:07", catchup: true),
            last: "2024-01-01T00:07/2024-01-01T00:07",
            now: "2024-03-01",
            next: "2024-01-01T00:22"
        ),
        Decision(
            "also without catching up",
            spec(quarters, from: "2024-01-01T00:07"),
            last: "2024-01-01T00:07/2024-01-01T00:07",
            now: "2024-03-01T00:00",
            next: "2024-02-29T23:52"
        ),
        Decision(
            "a period without a start begins now",
            spec(quarters),
            now: "2024-03-01T00:04",
            next: "2024-03-01T00:04"
        ),
        Decision(
            "and goes on from its last run",
            spec(quarters),
            last: "2024-03-01T00:04/2024-03-01T00:04",
            now: "2024-03-01T00:05",
            next: "2024-03-01T00:19"
        ),
        Decision(
            "in step with it, whatever was missed",
            spec(quarters),
            last: "2024-03-01T00:04/2024-03-01T00:04",
            now: "2024-03-01T03:00",
            next: "2024-03-01T02:49"
        ),
        Decision(
            "months at the end of months",
            spec(.everyMonths(1), from: "2024-01-31", catchup: true),
            last: "2024-02-29/2024-02-29",
            now: "2024-07-01",
            next: "2024-03-29"
        ),
    ]

    static let firstRuns = [
        Decision("far from the tick before: the next", spec(daily), now: "2024-03-01T12:00", next: "2024-03-02"),
        Decision("a tenth of the period after it: it", spec(daily), now: "2024-03-01T02:24", next: "2024-03-01"),
        Decision("a minute later: the next", spec(daily), now: "2024-03-01T02:25", next: "2024-03-02"),
        Decision("five minutes at least", spec(quarters(on: "0")), now: "2024-03-01T00:05", next: "2024-03-01"),
        Decision("no more", spec(quarters(on: "0")), now: "2024-03-01T00:06", next: "2024-03-01T00:15"),
        Decision("now is a tick", spec(daily), now: "2024-03-01", next: "2024-03-01"),
        Decision(
            "immediately",
            spec(.cron(["@yearly"]), firstRun: .immediately),
            now: "2024-12-01",
            next: "2024-01-01"
        ),
        Decision(
            "within a time",
            spec(daily, firstRun: .within(seconds: 60)),
            now: "2024-03-01T00:01",
            next: "2024-03-01"
        ),
        Decision(
            "beyond that time",
            spec(daily, firstRun: .within(seconds: 60)),
            now: "2024-03-01T00:02",
            next: "2024-03-02"
        ),
    ]

    private static func quarters(on minute: String) -> ScheduleRule { .cron(["\(minute)/15 * * * *"]) }

    static let others = [
        Decision("once, at its start", spec(.once, from: "2024-01-01"), now: "2024-03-01", next: "2024-01-01"),
        Decision("once, now", spec(.once), now: "2024-03-01", next: "2024-03-01"),
        Decision("once only", spec(.once), last: "2024-01-01/2024-01-01", now: "2024-03-01", next: nil),
        Decision("not past its end", spec(.once, through: "2024-02-01"), now: "2024-03-01", next: nil),
        Decision(
            "continuous begins at its start",
            spec(.continuous, from: "2024-01-01"),
            now: "2024-03-01",
            next: "2024-01-01/2024-03-01"
        ),
        Decision("or waits for it", spec(.continuous, from: "2024-04-01"), now: "2024-03-01", next: "2024-04-01"),
        Decision("without one, now", spec(.continuous), now: "2024-03-01", next: "2024-03-01"),
        Decision(
            "then follows itself",
            spec(.continuous),
            last: "2024-02-01/2024-02-20",
            now: "2024-03-01",
            next: "2024-02-20/2024-03-01"
        ),
        Decision("until its end", spec(.continuous, through: "2024-02-01"), now: "2024-03-01", next: nil),
        Decision("datasets are no time", spec(nil), now: "2024-03-01", next: nil),
        Decision(
            "listed instants to come",
            spec(.instants(["2024-01-01", "2024-06-01"].compactMap { try? instant($0) }), from: "2024-01-01"),
            now: "2024-03-01",
            next: "2024-06-01"
        ),
        Decision(
            "listed instants past, to catch up",
            spec(
                .instants(["2024-06-01", "2024-01-01"].compactMap { try? instant($0) }),
                from: "2023-01-01",
                catchup: true
            ),
            now: "2024-03-01",
            next: "2024-01-01"
        ),
        Decision(
            "a listed instant just past",
            spec(.instants(["2024-01-01", "2024-06-01"].compactMap { try? instant($0) })),
            last: "2024-01-01/2024-01-01",
            now: "2024-06-01T00:01",
            next: "2024-06-01"
        ),
        Decision(
            "no listed instant left",
            spec(.instants(["2024-01-01"].compactMap { try? instant($0) })),
            last: "2024-01-01/2024-01-01",
            now: "2024-06-01",
            next: nil
        ),
    ]

    @Test(arguments: dataIntervals + triggers + firstRuns + others) func next(decision: Decision) throws {
        let timetable = try Timetable(decision.spec, pipeline: PipelineID(trusted: "p"))
        let last = try decision.last.map(Self.tick)
        let next = timetable.next(last: last, now: try Self.instant(decision.now))
        #expect(next == (try decision.next.map(Self.tick)))
    }

    @Test(
        arguments: [
            (spec(daily, intervals: true), "2024-03-25T01:00", "2024-03-24/2024-03-25"),
            (spec(daily, intervals: true), "2024-03-25", "2024-03-24/2024-03-25"),
            (spec(quarters, intervals: true), "2024-03-25T01:07", "2024-03-25T00:52/2024-03-25T01:07"),
            (spec(.everyMonths(1), intervals: true), "2024-03-31", "2024-02-29/2024-03-31"),
            (spec(daily), "2024-03-25T01:00", "2024-03-25T01:00"),
            (spec(daily, interval: 3600), "2024-03-25T01:00", "2024-03-25T00:00/2024-03-25T01:00"),
            (spec(.once), "2024-03-25T01:00", "2024-03-25T01:00"), (spec(nil), "2024-03-25T01:00", "2024-03-25T01:00"),
        ] as [(ScheduleSpec, String, String)]
    )
    func runsByHand(spec: ScheduleSpec, at: String, interval: String) throws {
        let timetable = try Timetable(spec, pipeline: PipelineID(trusted: "p"))
        #expect(timetable.manualInterval(at: try Self.instant(at)) == (try Self.tick(interval).interval))
    }

    @Test func onlyWhatRecursIsPeriodic() throws {
        let recurring: [ScheduleRule] = [Self.daily, Self.quarters, .everyMonths(2), .instants([Timestamp(minute: 0)])]
        for rule in recurring { #expect(try Timetable(ScheduleSpec(rule: rule), seed: "").isPeriodic) }
        for rule in [.once, .continuous, nil] as [ScheduleRule?] {
            let timetable = try Timetable(ScheduleSpec(rule: rule), seed: "")
            #expect(!timetable.isPeriodic)
            #expect(Array(timetable.ticks(from: Timestamp(minute: 0), through: Timestamp(minute: 9))).isEmpty)
        }
    }
}
