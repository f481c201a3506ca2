import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// The leaps of a cron expression against steps of a minute.
@Suite(.tags(.machine)) struct WallCronTests {
    private static let dayMinutes = 1440

    @Test(arguments: 0..<100) func leapsMeetEveryTimeThatStepsMeet(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let cron = RandomCron(using: &generator)
        let wall = WallCron(try CronExpression(cron.text))
        let first = Int.random(in: 30 * 365 * 1440..<60 * 365 * 1440, using: &generator)
        let window = first..<(first + 10 * Self.dayMinutes)
        let expected = cron.times(in: window)
        var found: [Int] = []
        var time = LocalTime(microseconds: Int64(first) * 60_000_000 - 1)
        while let next = wall.next(after: time), Int(next.microseconds / 60_000_000) < window.upperBound {
            #expect(next > time)
            found.append(Int(next.microseconds / 60_000_000))
            time = next
        }
        #expect(found == expected, "\(cron)")
        var backwards: [Int] = []
        time = LocalTime(microseconds: Int64(window.upperBound) * 60_000_000)
        while let previous = wall.previous(before: time), Int(previous.microseconds / 60_000_000) >= first {
            #expect(previous < time)
            backwards.append(Int(previous.microseconds / 60_000_000))
            time = previous
        }
        #expect(backwards.reversed() == expected, "\(cron)")
    }

    @Test(
        arguments: [
            ("0 0 29 2 *", "2024-03-01", "2028-02-29 00:00:00", "2024-02-29 00:00:00"),
            ("0 0 29 2 *", "2097-01-01", "2104-02-29 00:00:00", "2096-02-29 00:00:00"),
            ("0 0 L * *", "2023-02-28", "2023-03-31 00:00:00", "2023-01-31 00:00:00"),
            ("0 0 15W * *", "2024-06-01", "2024-06-14 00:00:00", "2024-05-15 00:00:00"),
            ("0 0 1W * *", "2024-06-01", "2024-06-03 00:00:00", "2024-05-01 00:00:00"),
            ("0 0 31W * *", "2024-06-01", "2024-06-28 00:00:00", "2024-05-31 00:00:00"),
            ("0 0 * * 5#3", "2024-03-16", "2024-04-19 00:00:00", "2024-03-15 00:00:00"),
            ("0 0 * * L5", "2024-03-29", "2024-04-26 00:00:00", "2024-02-23 00:00:00"),
            ("0 0 13 * 5", "2024-09-11", "2024-09-13 00:00:00", "2024-09-06 00:00:00"),
            ("0 0 */2 * 1", "2024-04-30", "2024-05-01 00:00:00", "2024-04-29 00:00:00"),
            ("0 0 13 * 5#2", "2024-09-01", "2024-09-13 00:00:00", "2024-08-09 00:00:00"),
            ("0 0 1 1 * 30 2030/5", "2026-01-01", "2030-01-01 00:00:30", nil),
            ("0 0 1 1 * 0 2020", "2026-01-01", nil, "2020-01-01 00:00:00"),
            ("59 23 31 12 * 59", "2024-01-01", "2024-12-31 23:59:59", "2023-12-31 23:59:59"),
            ("0 0 29 2 5#5", "2001-01-01", "2008-02-29 00:00:00", "1980-02-29 00:00:00"),
        ] as [(String, String, String?, String?)]
    )
    func knownTimes(text: String, day: String, next: String?, previous: String?) throws {
        let wall = WallCron(try CronExpression(text))
        let time = LocalTime(day: try #require(LocalDay(text: day)))
        #expect(wall.next(after: time)?.description == next)
        #expect(wall.previous(before: time)?.description == previous)
    }

    @Test func fractionsOfASecondCount() throws {
        let wall = WallCron(try CronExpression("0 0 * * *"))
        let midnight = LocalTime(day: LocalDay(number: 20_000))
        #expect(wall.next(after: LocalTime(microseconds: midnight.microseconds - 1)) == midnight)
        #expect(wall.previous(before: LocalTime(microseconds: midnight.microseconds + 1)) == midnight)
        #expect(wall.next(after: midnight)?.day == LocalDay(number: 20_001))
        #expect(wall.previous(before: midnight)?.day == LocalDay(number: 19_999))
    }

    @Test func timesBefore1970AreTimes() throws {
        let wall = WallCron(try CronExpression("30 6 * * 1"))
        let time = LocalTime(day: LocalDay(year: 1960, month: 1, day: 1))
        #expect(wall.next(after: time)?.description == "1960-01-04 06:30:00")
        #expect(wall.previous(before: time)?.description == "1959-12-28 06:30:00")
    }
}
