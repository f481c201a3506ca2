package import MartletCore

/// The ticks of a cron expression in a zone, with a policy of its own for the days on which the clocks are set.
///
/// Each time on the clock on the wall stands for no instant, one or two, whatever came before it.
package struct ResolvedCronTicks: TickSource, Hashable {
    private let wall: WallCron
    private let zone: Zone
    private let gap: DaylightPolicy.Gap
    private let fold: DaylightPolicy.Fold

    package init(_ cron: CronExpression, zone: Zone, policy: DaylightPolicy) {
        wall = WallCron(cron)
        self.zone = zone
        // What is not said stays as it is without a policy.
        gap = policy.gap ?? (cron.coversEveryHour ? .skip : .shift)
        fold = policy.fold ?? (cron.coversEveryHour ? .both : .second)
    }

    package func next(after instant: Timestamp) -> Timestamp? {
        var best: Timestamp?
        // A time shown earlier may stand for an instant that is later.
        var time = LocalTime(microseconds: zone.local(instant).microseconds - 1 - slack(near: instant))
        while let found = wall.next(after: time) {
            if let best, found.microseconds > zone.local(best).microseconds + slack(near: best) { break }
            for candidate in instants(of: found) where candidate > instant { best = min(best ?? candidate, candidate) }
            time = found
        }
        return best
    }

    package func previous(before instant: Timestamp) -> Timestamp? {
        var best: Timestamp?
        var time = LocalTime(microseconds: zone.local(instant).microseconds + 1 + slack(near: instant))
        while let found = wall.previous(before: time) {
            if let best, found.microseconds < zone.local(best).microseconds - slack(near: best) { break }
            for candidate in instants(of: found) where candidate < instant { best = max(best ?? candidate, candidate) }
            time = found
        }
        return best
    }

    private func slack(near instant: Timestamp) -> Int64 { zone.change(near: instant)?.size ?? 0 }

    private func instants(of time: LocalTime) -> [Timestamp] {
        switch zone.instants(of: time) {
        case .once(let instant): [instant]
        case .twice(let first, let second):
            switch fold {
            case .first: [first]
            case .second: [second]
            case .both: [first, second]
            }
        case .never(let shifted, let resumes):
            switch gap {
            case .shift: [shifted]
            case .skip: []
            case .firstAfter: [resumes]
            }
        }
    }
}
