import MartletCore

@testable import MartletScheduling

/// A zone's clock over a few days, minute by minute: the slow way to say what a time on it stands for.
struct SlowClock {
    let minutes: Range<Int>
    private let shown: [Int]
    private let instants: [Int: [Int]]

    /// The minutes from `day` on.
    init(_ zone: Zone, from day: LocalDay, days: Int) {
        minutes = day.number * 1440..<(day.number + days) * 1440
        shown = minutes.map { $0 + Int(zone.offset(at: Timestamp(minute: $0)) / 60_000_000) }
        instants = Dictionary(grouping: zip(minutes, shown), by: \.1).mapValues { $0.map(\.0) }
    }

    /// What the clock shows at a minute.
    func wall(_ minute: Int) -> Int { shown[minute - minutes.lowerBound] }

    /// The minutes at which it shows `wall`; none in a gap.
    func shows(_ wall: Int) -> [Int] { instants[wall] ?? [] }

    /// The first minute at which it shows more, and what `wall` would be by the offset before that.
    func gap(_ wall: Int) -> (resumes: Int, shifted: Int) {
        let after = shown.firstIndex { $0 > wall } ?? 0
        let resumes = minutes.lowerBound + after
        return (resumes, wall - (shown[max(0, after - 1)] - (resumes - 1)))
    }

    /// The times on the wall that an expression has here.
    func times(_ cron: RandomCron) -> [Int] {
        let low = shown.min() ?? 0
        return cron.times(in: low..<(shown.max() ?? low) + 1)
    }

    /// The ticks by Airflow's rule, one step after the other.
    func airflow(_ cron: RandomCron) -> [Int] {
        let times = times(cron)
        var found: [Int] = []
        var now = minutes.lowerBound
        var index = 0
        while minutes.contains(now) {
            // The clock may be set back, and the next time with it.
            while index > 0, times[index - 1] > wall(now) { index -= 1 }
            while index < times.count, times[index] <= wall(now) { index += 1 }
            guard index < times.count else { break }
            let next = times[index]
            now = cron.coversEveryHour ? now + next - wall(now) : shows(next).last ?? gap(next).shifted
            found.append(now)
        }
        return found
    }

    /// The ticks when each time stands for what a policy says.
    func resolved(_ cron: RandomCron, gap: DaylightPolicy.Gap, fold: DaylightPolicy.Fold) -> [Int] {
        let all = times(cron).flatMap { time -> [Int] in
            let shown = shows(time)
            if shown.count > 1 {
                switch fold {
                case .first: return [shown[0]]
                case .second: return [shown[1]]
                case .both: return shown
                }
            }
            if shown.count == 1 { return shown }
            switch gap {
            case .shift: return [self.gap(time).shifted]
            case .skip: return []
            case .firstAfter: return [self.gap(time).resumes]
            }
        }
        return Set(all).sorted()
    }
}
