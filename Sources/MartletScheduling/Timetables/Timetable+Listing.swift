public import MartletCore

extension Timetable {
    /// The time that a run is for which somebody starts by hand.
    public func manualInterval(at instant: Timestamp) -> DataInterval {
        switch kind {
        case .none, .once, .continuous: return DataInterval(start: instant, end: instant)
        case .triggers(let interval): return DataInterval(start: instant - interval, end: instant)
        case .dataIntervals:
            let end = ticks.floor(instant) ?? instant
            return DataInterval(start: ticks.previous(before: end) ?? end, end: end)
        }
    }

    /// The starts for the ticks from one instant through another, both included, as if none had happened.
    ///
    /// For data intervals it is their starts that lie there. The schedule's own bounds do not count. What is made is
    /// made as it is asked for.
    public func ticks(from first: Timestamp, through last: Timestamp) -> TickSequence {
        let tick = isPeriodic && first <= last ? ticks.ceiling(first) : nil
        return TickSequence(ticks: ticks, tick: tick, kind: kind, last: last)
    }

    /// The next starts after an instant, within the schedule's own bounds.
    ///
    /// - Parameters:
    ///   - instant: the instant, which is not one of them; a mere period without a start is counted from it.
    ///   - count: how many at most; never more than ``Limits/listedTicks``.
    /// - Returns: the starts in order; none for a schedule that only datasets or people start, or that never rests.
    public func nextTicks(after instant: Timestamp, count: Int) -> [ScheduledTick] {
        let count = min(max(0, count), Limits.listedTicks)
        let earliest = spec.start ?? instant
        var tick: Timestamp?
        switch kind {
        case .none, .continuous: return []
        case .once:
            guard let start = next(last: nil, now: instant), start.runAfter > instant else { return [] }
            return Array([start].prefix(count))
        case .triggers: tick = ticks.next(after: max(instant, earliest - .microseconds(1)))
        case .dataIntervals:
            // The interval that is going on then, unless the schedule starts later.
            let going = ticks.next(after: instant).flatMap { ticks.previous(before: $0) }
            tick = earliest > instant ? ticks.ceiling(earliest) : going
        }
        let last = spec.end ?? Timestamp(microseconds: .max)
        return Array(TickSequence(ticks: ticks, tick: tick, kind: kind, last: last).prefix(count))
    }
}

/// The starts of a timetable, one after the other.
public struct TickSequence: Sequence, IteratorProtocol, Sendable {
    let ticks: any TickSource
    var tick: Timestamp?
    let kind: Timetable.Kind
    let last: Timestamp

    /// The next start; nil past the last.
    public mutating func next() -> ScheduledTick? {
        guard let current = tick, current <= last else { return nil }
        let following = ticks.next(after: current)
        tick = following
        switch kind {
        case .triggers(let interval):
            return ScheduledTick(
                runAfter: current,
                interval: DataInterval(start: current - interval, end: current)
            )
        case .dataIntervals:
            return following.map { ScheduledTick(runAfter: $0, interval: DataInterval(start: current, end: $0)) }
        case .none, .once, .continuous: return nil
        }
    }
}
