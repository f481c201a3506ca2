public import MartletCore

extension Timetable {
    /// The next start that time calls for, which may be past; nil when there is none any more.
    ///
    /// - Parameters:
    ///   - last: the last start this pipeline's timetables called for, whether or not its schedule was the same then.
    ///   - now: the present instant.
    /// - Returns: the start; it is due once `now` is its ``ScheduledTick/runAfter`` or later.
    public func next(last: ScheduledTick?, now: Timestamp) -> ScheduledTick? {
        switch kind {
        case .none: nil
        case .once: last == nil ? exact(spec.start ?? now) : nil
        case .continuous: continuous(last, now)
        case .triggers(let interval): trigger(last, now, interval)
        case .dataIntervals: interval(last, now)
        }
    }

    private func exact(_ instant: Timestamp) -> ScheduledTick? {
        if let end = spec.end, instant > end { return nil }
        return ScheduledTick(runAfter: instant, interval: DataInterval(start: instant, end: instant))
    }

    /// The time since the last run, starting now.
    private func continuous(_ last: ScheduledTick?, _ now: Timestamp) -> ScheduledTick? {
        let ready = max(now, spec.start ?? now)
        var start = spec.start ?? ready
        if let last { start = max(last.interval.end, last.interval.start + .microseconds(1)) }
        let end = max(start, ready)
        if let latest = spec.end, end > latest { return nil }
        return ScheduledTick(runAfter: end, interval: DataInterval(start: start, end: end))
    }

    private func trigger(_ last: ScheduledTick?, _ now: Timestamp, _ interval: Duration) -> ScheduledTick? {
        guard let tick = triggerTick(last, now, interval) else { return nil }
        if let end = spec.end, tick > end { return nil }
        return ScheduledTick(runAfter: tick, interval: DataInterval(start: tick - interval, end: tick))
    }

    private func triggerTick(_ last: ScheduledTick?, _ now: Timestamp, _ interval: Duration) -> Timestamp? {
        let ticks = anchored(last)
        let earliest = spec.start.flatMap { ticks.ceiling($0) }
        if spec.start != nil, earliest == nil { return nil }
        if let last {
            // The start of an interval is a run's logical date, so a longer interval must not repeat one.
            let taken = max(last.interval.end, last.interval.start + interval)
            guard let following = ticks.next(after: taken) else { return nil }
            let skipped = spec.catchup ? nil : ticks.floor(now)
            return [following, earliest, skipped].compactMap(\.self).max()
        }
        if let earliest, !isListed {
            return spec.catchup ? earliest : max(earliest, ticks.floor(now) ?? earliest)
        }
        if spec.catchup, let earliest { return earliest }
        return firstRun(ticks, now).flatMap { max($0, earliest ?? $0) }
    }

    /// Where a pipeline begins that has neither a start nor runs.
    private func firstRun(_ ticks: any TickSource, _ now: Timestamp) -> Timestamp? {
        guard let past = ticks.floor(now) else { return ticks.ceiling(now) }
        let coming = ticks.ceiling(now)
        let reach: Duration
        switch spec.firstRun {
        case .immediately: return past
        case .within(let seconds): reach = .seconds(seconds)
        case .whenNear: reach = max(coming.map { ($0 - past) / 10 } ?? .zero, .seconds(300))
        }
        return now - past <= reach ? past : coming
    }

    private func interval(_ last: ScheduledTick?, _ now: Timestamp) -> ScheduledTick? {
        // Catching up from no start is catching up from the first run on.
        let fromStart = spec.start.flatMap { ticks.ceiling($0) }
        if spec.start != nil, fromStart == nil { return nil }
        var start = fromStart
        if !spec.catchup || (spec.start == nil && last == nil) {
            start = [lastCompleteStart(now), fromStart].compactMap(\.self).max()
        }
        if let last {
            guard let aligned = ticks.floor(last.interval.end) else { return nil }
            start = max(aligned, start ?? aligned)
            if let candidate = start, candidate <= last.interval.start {
                start = ticks.next(after: last.interval.start)
            }
        }
        guard let start, let end = ticks.next(after: start) else { return nil }
        if let latest = spec.end, start > latest { return nil }
        return ScheduledTick(runAfter: end, interval: DataInterval(start: start, end: end))
    }

    /// Where the last interval starts that has ended by now.
    private func lastCompleteStart(_ now: Timestamp) -> Timestamp? {
        if let fixed = ticks as? IntervalTicks {
            let grid = IntervalTicks(period: fixed.period, anchor: Timestamp(microseconds: 0))
            return grid.floor(now).flatMap { grid.previous(before: $0) }
        }
        return ticks.floor(now).flatMap { ticks.previous(before: $0) }
    }

    private var isListed: Bool {
        if case .instants = spec.rule { true } else { false }
    }

    /// The ticks, those of a mere period counted from the last run when nothing else says where they stand.
    private func anchored(_ last: ScheduledTick?) -> any TickSource {
        guard let last else { return ticks }
        if let fixed = ticks as? IntervalTicks, fixed.anchor == nil {
            return IntervalTicks(period: fixed.period, anchor: last.interval.end)
        }
        if let calendar = ticks as? MonthTicks, calendar.anchor == nil {
            return MonthTicks(months: calendar.months, anchor: last.interval.end, zone: zone)
        }
        return ticks
    }
}
