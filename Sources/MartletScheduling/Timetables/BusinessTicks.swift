package import MartletCore

/// The ticks of another source without those on days off, or with those moved to the next business day.
///
/// A tick is moved with its time of day. Where it meets one that is there already, they are one.
package struct BusinessTicks: TickSource {
    private let base: any TickSource
    private let zone: Zone
    private let days: BusinessDays
    private let moves: Bool

    /// The ticks of `base`, which must stand at the same instants wherever it is asked from.
    package init(_ base: any TickSource, calendar: BusinessCalendar, zone: Zone) {
        self.base = base
        self.zone = zone
        days = BusinessDays(calendar)
        moves = calendar.policy == .nextBusinessDay
    }

    package func next(after instant: Timestamp) -> Timestamp? {
        var day = days.first(from: zone.local(instant).day)
        let last = day.number + Self.searchDays
        while day.number <= last {
            let found = days.leading(to: day, ifMoved: moves).compactMap { first(from: $0, on: day, after: instant) }
            if let tick = found.min() { return tick }
            let end = zone.firstInstant(of: day.advanced(by: 1))
            guard let raw = base.next(after: end - .microseconds(1)) else { return nil }
            // Near a change of the clocks a tick may belong to the day it is asked from.
            day = days.first(from: max(zone.local(raw).day, day.advanced(by: 1)))
        }
        return nil
    }

    package func previous(before instant: Timestamp) -> Timestamp? {
        var day = zone.local(instant).day
        let last = day.number - Self.searchDays
        while day.number >= last {
            let sources = days.leading(to: day, ifMoved: moves)
            if days.isOpen(day) {
                let found = sources.compactMap { self.last(from: $0, on: day, before: instant) }
                if let tick = found.max() { return tick }
            }
            guard let raw = base.previous(before: zone.firstInstant(of: sources.first ?? day)) else { return nil }
            day = min(zone.local(raw).day, (sources.first ?? day).advanced(by: -1))
            if moves { day = days.first(from: day) }
        }
        return nil
    }

    private static let searchDays = Limits.scheduleSearchYears * 366

    /// The first tick of `source`, moved to `day`, that is after an instant.
    private func first(from source: LocalDay, on day: LocalDay, after instant: Timestamp) -> Timestamp? {
        var start = zone.firstInstant(of: source) - .microseconds(1)
        if source == day { start = max(start, instant) }
        while let raw = base.next(after: start), zone.local(raw).day == source {
            let tick = source == day ? raw : moved(raw, from: source, to: day)
            if tick > instant { return tick }
            // What comes before that time of day is past as well; from far away, leap.
            start = max(raw, moved(instant, from: day, to: source) - .microseconds(1))
        }
        return nil
    }

    /// The last tick of `source`, moved to `day`, that is before an instant.
    private func last(from source: LocalDay, on day: LocalDay, before instant: Timestamp) -> Timestamp? {
        var end = zone.firstInstant(of: source.advanced(by: 1))
        if source == day { end = min(end, instant) }
        while let raw = base.previous(before: end), zone.local(raw).day == source {
            let tick = source == day ? raw : moved(raw, from: source, to: day)
            if tick < instant { return tick }
            end = min(raw, moved(instant, from: day, to: source) + .microseconds(1))
        }
        return nil
    }

    /// The instant with the same time of day on another day.
    private func moved(_ instant: Timestamp, from day: LocalDay, to other: LocalDay) -> Timestamp {
        let time = zone.local(instant).microseconds + Int64(other.number - day.number) * 86_400_000_000
        return zone.instants(of: LocalTime(microseconds: time)).usual
    }
}

/// Which days are off.
struct BusinessDays: Sendable {
    private let skipsWeekends: Bool
    private let holidays: Set<LocalDay>

    init(_ calendar: BusinessCalendar) {
        skipsWeekends = calendar.skipsWeekends
        holidays = Set(calendar.holidays)
    }

    func isOpen(_ day: LocalDay) -> Bool {
        !(skipsWeekends && (day.weekday == 0 || day.weekday == 6)) && !holidays.contains(day)
    }

    /// The first business day that is not before `day`.
    func first(from day: LocalDay) -> LocalDay {
        var day = day
        while !isOpen(day) { day = day.advanced(by: 1) }
        return day
    }

    /// The days whose ticks happen on `day`: the days off before it, when those are moved, and itself.
    func leading(to day: LocalDay, ifMoved moves: Bool) -> [LocalDay] {
        var first = day
        while moves, !isOpen(first.advanced(by: -1)) { first = first.advanced(by: -1) }
        return (first.number...day.number).map(LocalDay.init(number:))
    }
}

extension LocalDay {
    fileprivate func advanced(by days: Int) -> LocalDay { LocalDay(number: number + days) }
}

extension Zone {
    /// The first instant of a day.
    fileprivate func firstInstant(of day: LocalDay) -> Timestamp {
        switch instants(of: LocalTime(day: day)) {
        case .once(let instant), .twice(let instant, _), .never(_, let instant): instant
        }
    }
}
