package import MartletCore

/// The times of day and the days of a cron expression on a clock without a zone, found by leaping from field to field.
package struct WallCron: Hashable, Sendable {
    private let cron: CronExpression
    private let seconds: UInt64
    private let minutes: UInt64
    private let hours: UInt64

    package init(_ cron: CronExpression) {
        self.cron = cron
        seconds = Self.bits(cron.seconds)
        minutes = Self.bits(cron.minutes)
        hours = Self.bits(cron.hours)
    }

    /// The first time after `time`, or nil when there is none within ``Limits/scheduleSearchYears``.
    package func next(after time: LocalTime) -> LocalTime? {
        let start = CivilDate(of: Timestamp(microseconds: (time.microseconds.flooredQuotient(second) + 1) * second))
        if matches(start), let seconds = timeOfDay(from: start) { return Self.time(start, start.day, seconds) }
        var (year, month) = (start.year, start.month)
        // Of the first month only the days after this one are left.
        var candidates = days(year, month) & ~((2 << UInt64(start.day)) - 1)
        while year <= start.year + Limits.scheduleSearchYears {
            if candidates != 0 {
                var date = CivilDate(of: Timestamp(microseconds: 0))
                (date.year, date.month) = (year, month)
                return Self.time(date, candidates.trailingZeroBitCount, firstTimeOfDay)
            }
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
            candidates = days(year, month)
        }
        return nil
    }

    /// The last time before `time`, or nil when there is none within ``Limits/scheduleSearchYears``.
    package func previous(before time: LocalTime) -> LocalTime? {
        let start = CivilDate(of: Timestamp(microseconds: (time.microseconds - 1).flooredQuotient(second) * second))
        if matches(start), let seconds = timeOfDay(upTo: start) { return Self.time(start, start.day, seconds) }
        var (year, month) = (start.year, start.month)
        var candidates = days(year, month) & ((1 << UInt64(start.day)) - 1)
        while year >= start.year - Limits.scheduleSearchYears {
            if candidates != 0 {
                var date = CivilDate(of: Timestamp(microseconds: 0))
                (date.year, date.month) = (year, month)
                return Self.time(date, 63 - candidates.leadingZeroBitCount, lastTimeOfDay)
            }
            (year, month) = month == 1 ? (year - 1, 12) : (year, month - 1)
            candidates = days(year, month)
        }
        return nil
    }

    private let second: Int64 = 1_000_000

    private func days(_ year: Int, _ month: Int) -> UInt64 {
        guard cron.years?.contains(year) ?? true else { return 0 }
        return UInt64(cron.days(ofMonth: month, year: year))
    }

    private func matches(_ date: CivilDate) -> Bool { days(date.year, date.month).has(date.day) }

    /// The first time of day that is `date`'s or later, in seconds.
    private func timeOfDay(from date: CivilDate) -> Int? {
        if hours.has(date.hour) {
            if minutes.has(date.minute), let second = seconds.first(from: date.second) {
                return Self.seconds(date.hour, date.minute, second)
            }
            if let minute = minutes.first(from: date.minute + 1) {
                return Self.seconds(date.hour, minute, seconds.trailingZeroBitCount)
            }
        }
        return hours.first(from: date.hour + 1).map {
            Self.seconds($0, minutes.trailingZeroBitCount, seconds.trailingZeroBitCount)
        }
    }

    /// The last time of day that is `date`'s or earlier, in seconds.
    private func timeOfDay(upTo date: CivilDate) -> Int? {
        if hours.has(date.hour) {
            if minutes.has(date.minute), let second = seconds.last(upTo: date.second) {
                return Self.seconds(date.hour, date.minute, second)
            }
            if let minute = minutes.last(upTo: date.minute - 1) {
                return Self.seconds(date.hour, minute, 63 - seconds.leadingZeroBitCount)
            }
        }
        return hours.last(upTo: date.hour - 1).map {
            Self.seconds($0, 63 - minutes.leadingZeroBitCount, 63 - seconds.leadingZeroBitCount)
        }
    }

    private var firstTimeOfDay: Int {
        Self.seconds(hours.trailingZeroBitCount, minutes.trailingZeroBitCount, seconds.trailingZeroBitCount)
    }

    private var lastTimeOfDay: Int {
        Self.seconds(
            63 - hours.leadingZeroBitCount,
            63 - minutes.leadingZeroBitCount,
            63 - seconds.leadingZeroBitCount
        )
    }

    private static func seconds(_ hour: Int, _ minute: Int, _ second: Int) -> Int { hour * 3600 + minute * 60 + second }

    private static func time(_ date: CivilDate, _ day: Int, _ seconds: Int) -> LocalTime {
        let days = CivilDate.days(year: date.year, month: date.month, day: day)
        return LocalTime(day: LocalDay(number: Int(days)), seconds: Int64(seconds))
    }

    private static func bits(_ values: Set<Int>) -> UInt64 { values.reduce(0) { $0 | 1 << UInt64($1) } }
}

extension UInt64 {
    /// Whether the bit is set.
    fileprivate func has(_ bit: Int) -> Bool { self >> UInt64(bit) & 1 == 1 }

    /// The lowest set bit that is `bit` or above.
    fileprivate func first(from bit: Int) -> Int? {
        let rest = self >> UInt64(bit)
        return rest == 0 ? nil : bit + rest.trailingZeroBitCount
    }

    /// The highest set bit that is `bit` or below.
    fileprivate func last(upTo bit: Int) -> Int? {
        if bit < 0 { return nil }
        let rest = self & ((2 << UInt64(bit)) - 1)
        return rest == 0 ? nil : 63 - rest.leadingZeroBitCount
    }
}
