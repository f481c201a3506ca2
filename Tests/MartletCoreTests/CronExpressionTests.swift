import MartletCore
import Testing

@Suite struct CronExpressionTests {
    @Test(
        arguments: [
            ("*/15 * * * *", [0, 15, 30, 45]), ("5,10 * * * *", [5, 10]), ("58-1 * * * *", [58, 59, 0, 1]),
            ("10-20/5 * * * *", [10, 15, 20]), ("50/5 * * * *", [50, 55]), ("? * * * *", Set(0...59)),
            ("*/9223372036854775807 * * * *", [0]), ("@hourly", [0]),
        ] as [(String, Set<Int>)]
    )
    func minutes(text: String, expected: Set<Int>) throws {
        #expect(try CronExpression(text).minutes == expected)
    }

    @Test func names() throws {
        let cron = try CronExpression("0 6 * jan,MAR mon-Fri")
        #expect(cron.months == [1, 3])
        #expect(cron.weekDays == Set((1...5).map { .every($0) }))
        #expect(cron.restrictsWeekDay && !cron.restrictsMonthDay)
    }

    @Test func daysThatDependOnTheMonth() throws {
        #expect(try CronExpression("0 0 L * *").monthDays == [.last])
        #expect(try CronExpression("0 0 15W * *").monthDays == [.nearestWeekday(15)])
        #expect(try CronExpression("0 0 * * 5#3").weekDays == [.nth(5, 3)])
        #expect(try CronExpression("0 0 * * L5").weekDays == [.last(5)])
        #expect(try CronExpression("0 0 * * 7").weekDays == [.every(0)])
        #expect(try CronExpression("0 0 * * 5-7").weekDays == [.every(5), .every(6), .every(0)])
    }

    @Test func sixthFieldIsSeconds() throws {
        #expect(try CronExpression("0 0 * * * 30").seconds == [30])
        #expect(try CronExpression("  0   0 * * *\t").seconds == [0])
    }

    @Test(
        arguments: [
            ("", nil), ("* * * *", nil), ("* * * * * * *", nil), ("@daly", nil), ("60 * * * *", "minute"),
            ("* 24 * * *", "hour"), ("* * 0 * *", "day-of-month"), ("* * 32 * *", "day-of-month"),
            ("* * * 13 *", "month"),
            ("* * * JNA *", "month"), ("* * * * 8", "day-of-week"), ("* * * * 5#6", "day-of-week"),
            ("1,,2 * * * *", "minute"),
            ("1-2-3 * * * *", "minute"), ("*/0 * * * *", "minute"), ("*/x * * * *", "minute"), ("-5 * * * *", "minute"),
            ("1/2/3 * * * *", "minute"), ("0 0 30 2 *", "day-of-month"), ("0 0 31 4,6 *", "day-of-month"),
            ("٣ * * * *", "minute"), ("0 0 W * *", "day-of-month"), ("* * * * #3", "day-of-week"),
            ("+5 * * * *", "minute"),
        ] as [(String, String?)]
    )
    func refuses(text: String, field: String?) {
        let error = #expect(throws: InvalidCron.self) { try CronExpression(text) }
        #expect(error?.field == field)
        #expect(error?.remedy.isEmpty == false)
    }

    @Test func presetsAreExpressions() throws {
        for (preset, text) in CronExpression.presets {
            #expect(try CronExpression(preset).hours == CronExpression(text).hours)
        }
    }
}
