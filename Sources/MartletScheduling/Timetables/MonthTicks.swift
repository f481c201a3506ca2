package import MartletCore

/// Ticks every so many months of the calendar, at one time of day in a zone: step by step from an instant or, without
/// one, from whatever instant is asked about.
///
/// A step from the 31st into a shorter month ends on its last day, and the next one starts there: Jan 31, Feb 28,
/// Mar 28.
package struct MonthTicks: TickSource, Hashable {
    let months: Int
    let anchor: Timestamp?
    let zone: Zone

    package init(months: Int, anchor: Timestamp?, zone: Zone) {
        self.months = months
        self.anchor = anchor
        self.zone = zone
    }

    package func next(after instant: Timestamp) -> Timestamp? {
        guard anchor != nil else { return tick(at: step(zone.local(instant), by: months)) }
        return neighbours(of: instant) { $0 <= instant }?.after
    }

    package func previous(before instant: Timestamp) -> Timestamp? {
        guard anchor != nil else { return tick(at: step(zone.local(instant), by: -months)) }
        return neighbours(of: instant) { $0 < instant }?.before
    }

    package func floor(_ instant: Timestamp) -> Timestamp? {
        anchor == nil ? instant : previous(before: instant + .microseconds(1))
    }

    package func ceiling(_ instant: Timestamp) -> Timestamp? {
        anchor == nil ? instant : next(after: instant - .microseconds(1))
    }

    /// The last tick that is before the boundary and the first that is not.
    private func neighbours(
        of instant: Timestamp,
        isBefore: (Timestamp) -> Bool
    ) -> (before: Timestamp, after: Timestamp)? {
        guard let anchor else { return nil }
        var time = zone.local(anchor)
        let direction = isBefore(anchor) ? months : -months
        while true {
            let further = step(time, by: direction)
            let isFurtherBefore = isBefore(tick(at: further))
            if direction > 0, !isFurtherBefore { return (tick(at: time), tick(at: further)) }
            if direction < 0, isFurtherBefore { return (tick(at: further), tick(at: time)) }
            time = further
        }
    }

    private func tick(at time: LocalTime) -> Timestamp { zone.instants(of: time).usual }

    private func step(_ time: LocalTime, by months: Int) -> LocalTime {
        let date = time.civil
        let count = Int64(date.year * 12 + date.month - 1 + months)
        let year = Int(count.flooredQuotient(12))
        let month = Int(count) - year * 12 + 1
        let day = min(date.day, CivilDate.length(ofMonth: month, year: year))
        let midnight = LocalTime(day: LocalDay(number: Int(CivilDate.days(year: year, month: month, day: day))))
        let timeOfDay = time.microseconds - LocalTime(day: time.day).microseconds
        return LocalTime(microseconds: midnight.microseconds + timeOfDay)
    }
}
