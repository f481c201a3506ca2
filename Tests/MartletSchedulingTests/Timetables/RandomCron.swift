import MartletCore
import MartletTestKit

/// A cron expression drawn at random, with what it means worked out apart from the reader under test.
struct RandomCron: CustomStringConvertible {
    let text: String
    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>?
    private let months: Set<Int>
    private let weekdays: Set<Int>?

    var coversEveryHour: Bool { hours.count == 24 }
    var description: String { text }

    init(using generator: inout SeededGenerator, everyHour: Bool? = nil) {
        func field(_ range: ClosedRange<Int>, chance: Int) -> (text: String, values: Set<Int>)? {
            if Int.random(in: 0..<100, using: &generator) >= chance { return nil }
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                // Never the whole field, which would be read as a free one beside another's star.
                let step = Int.random(in: 2...range.count, using: &generator)
                return ("*/\(step)", Set(stride(from: range.lowerBound, through: range.upperBound, by: step)))
            case 1:
                let low = Int.random(in: range.lowerBound..<range.upperBound, using: &generator)
                let high = Int.random(in: (low + 1)...range.upperBound, using: &generator)
                if low == range.lowerBound, high == range.upperBound { return ("\(low)", [low]) }
                return ("\(low)-\(high)", Set(low...high))
            default:
                let count = Int.random(in: 1...3, using: &generator)
                let values = (0..<count).map { _ in Int.random(in: range, using: &generator) }
                return (values.map(String.init).joined(separator: ","), Set(values))
            }
        }
        let minute = field(0...59, chance: 90)
        let hour = everyHour == true ? nil : field(0...23, chance: everyHour == false ? 100 : 60)
        let day = field(1...28, chance: 25)
        let month = field(1...12, chance: 15)
        let weekday = field(0...6, chance: 25)
        text = [minute, hour, day, month, weekday].map { $0?.text ?? "*" }.joined(separator: " ")
        minutes = minute?.values ?? Set(0...59)
        hours = hour?.values ?? Set(0...23)
        // A step in the day field runs to the 31st.
        days = day.map { field in
            guard let step = Int(field.text.dropFirst(2)), field.text.hasPrefix("*/") else { return field.values }
            return Set(stride(from: 1, through: 31, by: step))
        }
        months = month?.values ?? Set(1...12)
        weekdays = weekday?.values
    }

    /// Its times on the wall clock in a range of minutes counted from 1970-01-01T00:00, by stepping through them.
    func times(in range: Range<Int>) -> [Int] {
        var found: [Int] = []
        for day in range.lowerBound / 1440...range.upperBound / 1440 where isOn(day: day) {
            for minute in 0..<1440 where minutes.contains(minute % 60) && hours.contains(minute / 60) {
                if range.contains(day * 1440 + minute) { found.append(day * 1440 + minute) }
            }
        }
        return found
    }

    private func isOn(day number: Int) -> Bool {
        let date = Self.date(number)
        guard months.contains(date.month) else { return false }
        let weekday = (number + 4) % 7
        switch (days, weekdays) {
        case (let days?, let weekdays?): return days.contains(date.day) || weekdays.contains(weekday)
        case (let days?, nil): return days.contains(date.day)
        case (nil, let weekdays?): return weekdays.contains(weekday)
        case (nil, nil): return true
        }
    }

    /// Month and day, by counting.
    private static func date(_ number: Int) -> (month: Int, day: Int) {
        var rest = number
        var year = 1970
        func length(_ year: Int) -> Int { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365 }
        while rest >= length(year) {
            rest -= length(year)
            year += 1
        }
        let months = [31, length(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var month = 0
        while rest >= months[month] {
            rest -= months[month]
            month += 1
        }
        return (month + 1, rest + 1)
    }
}

extension Timestamp {
    /// The instant so many minutes after 1970-01-01T00:00Z.
    init(minute: Int) { self.init(microseconds: Int64(minute) * 60_000_000) }

    /// Minutes since 1970-01-01T00:00Z, rounded down.
    var minute: Int { Int(microseconds / 60_000_000) }
}
