package import MartletCore

/// The ticks of a cron expression in a zone, by Airflow's rule for the days on which the clocks are set.
///
/// The next tick is looked for on the clock on the wall. An expression that covers every hour adds the time until then
/// as time that passes, so that it misses no real hour. Any other takes the instant at which the clocks show that
/// time: the second of two; when they skip it, the time moved forward as they are.
///
/// From there the next one is looked for, so of several times inside one gap only the first is a tick. The ticks of an
/// expression that does not cover every hour are one sequence, whatever instant is asked from.
package struct CronTicks: TickSource, Hashable {
    private let wall: WallCron
    private let zone: Zone
    private let addsElapsedTime: Bool

    package init(_ cron: CronExpression, zone: Zone) {
        wall = WallCron(cron)
        self.zone = zone
        addsElapsedTime = cron.coversEveryHour
    }

    package func next(after instant: Timestamp) -> Timestamp? {
        if addsElapsedTime {
            let local = zone.local(instant)
            return wall.next(after: local).map { instant + .microseconds($0.microseconds - local.microseconds) }
        }
        guard let calm = calmInstant(before: instant) else { return step(from: instant) }
        return first(from: calm) { $0 > instant }.tick
    }

    package func previous(before instant: Timestamp) -> Timestamp? {
        let local = zone.local(instant)
        if addsElapsedTime {
            return wall.previous(before: local).map { instant - .microseconds(local.microseconds - $0.microseconds) }
        }
        var time = local
        while let earlier = wall.previous(before: time) {
            let tick = zone.instants(of: earlier).usual
            if tick < instant {
                guard let calm = calmInstant(before: tick) ?? calmInstant(before: instant) else { return tick }
                if let last = first(from: calm, that: { $0 >= instant }).before { return last }
                return wall.previous(before: zone.local(calm) + 1).map { zone.instants(of: $0).usual }
            }
            time = earlier
        }
        return nil
    }

    /// One step on the clock on the wall.
    private func step(from instant: Timestamp) -> Timestamp? {
        wall.next(after: zone.local(instant)).map { zone.instants(of: $0).usual }
    }

    /// Steps until a tick is wanted; that tick, and the one before it.
    private func first(
        from calm: Timestamp,
        that isWanted: (Timestamp) -> Bool
    ) -> (before: Timestamp?, tick: Timestamp?) {
        var before: Timestamp?
        var tick = step(from: calm)
        while let found = tick, !isWanted(found) {
            before = found
            tick = step(from: found)
        }
        return (before, tick)
    }

    /// When the clocks are being set around `instant`, an instant before that; steps from there miss nothing.
    private func calmInstant(before instant: Timestamp) -> Timestamp? {
        guard let change = zone.change(near: instant) else { return nil }
        let size = Duration.microseconds(change.size)
        let isNear = change.at - size <= instant && instant < change.at + size
        return isNear ? change.at - size - .microseconds(1) : nil
    }
}

extension LocalTime {
    fileprivate static func + (time: LocalTime, microseconds: Int64) -> LocalTime {
        LocalTime(microseconds: time.microseconds + microseconds)
    }
}
