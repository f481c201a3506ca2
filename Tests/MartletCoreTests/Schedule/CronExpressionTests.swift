import MartletCore
import Testing

@Suite struct CronExpressionTests {
    @Test(
        arguments: [
            ("*/15 * * * *", [0, 15, 30, 45]), ("5,10 * * * *", [5, 10]), ("58-1 * * * *", [58, 59, 0, 1]),
            ("10-20/5 * * * *", [10, 15, 20]), ("50/5 * * * *", [50, 55]), ("* * * * *", Set(0...59)),
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
            ("", nil), ("* * * *", nil), ("* * * * * * * *", nil), ("? * * * *", "minute"), ("@daly", nil),
            ("60 * * * *", "minute"),
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

    @Test func seventhFieldIsTheYear() throws {
        #expect(try CronExpression("0 0 1 1 * 0 2026-2028").years == [2026, 2027, 2028])
        #expect(try CronExpression("0 0 1 1 * 0 *").years == nil)
        #expect(try CronExpression("0 0 1 1 * 0 2090/5").years == [2090, 2095])
        for year in ["1969", "2100", "30"] {
            #expect(throws: InvalidCron.self) { try CronExpression("0 0 1 1 * 0 \(year)") }
        }
        #expect(throws: InvalidCron.self) { try CronExpression("0 0 29 2 * 0 2025-2027") }
    }

    /// What the newest readers make of texts that older ones take differently.
    @Test(
        arguments: [
            ("59/15", [59], true), ("5-5", Set(0...59), true), ("5-5/20", [0, 20, 40], true),
            ("57-3/2", [57, 59, 2], true), ("58-3/5", [58], true), ("56-5/3", [56, 59, 3], true),
            ("50-50,1", Set(0...59), true), ("45/15", [45], false), ("0-59", Set(0...59), false),
            ("59", [59], false), ("59/1", [59], false),
        ] as [(String, Set<Int>, Bool)]
    )
    func disputedMinutes(text: String, expected: Set<Int>, hasWarning: Bool) throws {
        let cron = try CronExpression("\(text) * * * *")
        #expect(cron.minutes == expected)
        #expect(cron.warnings.isEmpty == !hasWarning)
    }

    @Test(
        arguments: [
            ("* * * * 1/2", [1, 3, 5], 0), ("* * * * 6/2", [6], 1), ("* * * * 7/2", [0, 2, 4, 6], 0),
            ("* * * * 5-7", [5, 6, 0], 0), ("* * * * 5-1", [5, 6, 0, 1], 1), ("* * * * 0-7", Set(0...6), 0),
            ("* * * * SUN-SUN", Set(0...6), 1), ("* * * * */3", [0, 3, 6], 0),
        ] as [(String, Set<Int>, Int)]
    )
    func disputedWeekdays(text: String, expected: Set<Int>, warnings: Int) throws {
        let cron = try CronExpression(text)
        #expect(cron.weekDays == Set(expected.map { .every($0) }))
        #expect(cron.warnings.count == warnings)
    }

    /// Which of the day fields choose days, so that either may match.
    @Test(
        arguments: [
            ("* * * * *", false, false), ("* * ? * ?", false, false), ("* * 1 * 1", true, true),
            ("* * */2 * 1", true, true), ("* * */1 * 1", true, true), ("* * 1-31 * *", false, false),
            ("* * *,5 * 1", false, true), ("* * */2 * */1", true, false), ("* * 5 * 0-6", true, true),
        ]
    )
    func dayFieldsThatChoose(text: String, monthDay: Bool, weekDay: Bool) throws {
        let cron = try CronExpression(text)
        #expect(cron.restrictsMonthDay == monthDay && cron.restrictsWeekDay == weekDay)
    }

    @Test(
        arguments: [
            ("0 0 1,15W * *", "day-of-month"), ("0 0 L-3 * *", "day-of-month"), ("0 0 LW * *", "day-of-month"),
            ("0 0 32W * *", "day-of-month"), ("0 0 * * 1,5#3", "day-of-week"), ("0 0 * * 5L", "day-of-week"),
            ("0 0 * * *#3", "day-of-week"), ("0 0 ?/2 * *", "day-of-month"), ("0 0 1 * 5#2", "day-of-week"),
            ("0 0 15W * 0", "day-of-week"), ("H(5-5) * * * *", "minute"), ("H(0-60) * * * *", "minute"),
            ("H/0 * * * *", "minute"), ("H(1 * * * *", "minute"), ("HH * * * *", "minute"),
            ("0 0 1 1 *\u{a0}", nil), ("0\u{a0}0 1 1 * *", "minute"),
        ] as [(String, String?)]
    )
    func refusesWhatNoReaderTakes(text: String, field: String?) {
        let error = #expect(throws: InvalidCron.self) { try CronExpression(text) }
        if let field { #expect(error?.field == field) }
    }

    @Test func daysThatDecideAloneSaySo() throws {
        #expect(try CronExpression("0 0 13 * 5#2").warnings.count == 1)
        #expect(try CronExpression("0 0 15W * 1-5").warnings.count == 1)
        #expect(try CronExpression("0 0 13 * 5").warnings.isEmpty)
        #expect(try CronExpression("0 0 * * MON-FRI#1").weekDays == Set((1...5).map { .nth($0, 1) }))
    }

    /// Worked out with croniter 7.0.0 and the seed as its hash id.
    @Test(
        arguments: [
            ("p", "H H * * *", [37], [0]), ("p", "H/15 * * * *", [7, 22, 37, 52], Set(0...23)),
            ("p", "H(0-29)/10 * * * *", [7, 17, 27], Set(0...23)), ("flight_delays", "H H * * *", [52], [8]),
            ("flight_delays", "H/70 H(2-4) * * *", [52], [4]),
            ("nightly-report", "h/15 h * * *", [6, 21, 36, 51], [0]),
        ] as [(String, String, Set<Int>, Set<Int>)]
    )
    func hashedFields(seed: String, text: String, minutes: Set<Int>, hours: Set<Int>) throws {
        let cron = try CronExpression(text, seed: seed)
        #expect(cron.minutes == minutes && cron.hours == hours)
    }

    @Test func hashedDaysMonthsAndSeconds() throws {
        #expect(try CronExpression("0 0 H * *", seed: "flight_delays").monthDays == [.day(30)])
        let cron = try CronExpression("0 0 * H H H", seed: "flight_delays")
        #expect(cron.months == [3] && cron.weekDays == [.every(2)] && cron.seconds == [18])
    }

    @Test func drawnFieldsStayAsTheyAre() throws {
        let minutes = try (0..<50).map { try CronExpression("R * * * *", seed: "pipeline\($0)").minutes }
        #expect(Set(minutes).count > 20)
        #expect(try CronExpression("R * * * *", seed: "pipeline7").minutes == minutes[7])
        #expect(try CronExpression("H * * * *", seed: "pipeline7").minutes != minutes[7])
    }
}
