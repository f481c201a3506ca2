/// Judges the values of one series as they come: each by those before it only.
///
/// A value is compared with a forecast (`ForecastBank`) in units of the forecasts' usual errors; how large a deviation
/// has to be to be rarer than α is learned from the deviations so far, each side for itself (`TailModel`). Three more
/// rules see what single values do not show: values far outside all before (range), many small deviations to one side
/// (sustained), and values that no longer move (frozen). A value never enters the baseline that judges it, and one that
/// is anomalous enters none until enough of its like say that the level is a new one.
public struct SeriesDetector: Sendable {
    /// What it was told beforehand.
    public let settings: DetectorSettings

    private var bank = ForecastBank()
    private var (above, below) = (TailModel(memory: 8192), TailModel(memory: 8192))
    private var (upperBound, lowerBound) = (Double.infinity, Double.infinity)
    private var boundsAge = 1_000
    /// Values seen.
    private var count = 0
    private var clock = SeriesClock()
    private var recentSize = 0.0
    private var meanSize = 0.0
    private var range = RangeRule()
    private var sustained = SustainedRule()
    private var frozen = FrozenRule()
    private var episodes: EpisodeTracker
    private var periods: PeriodSearch
    private var last = Double.nan
    /// Anomalous values in a row on one side; negative below.
    private var side = 0
    private var hasSeasons = false
    private var levels = LevelScale()
    private var zeros = 0.0
    private var start: Int64?
    /// Alarms of late.
    private var pressure = 0.0
    private var caution = 1.0

    /// A detector that has seen nothing.
    public init(settings: DetectorSettings = DetectorSettings()) {
        self.settings = settings
        episodes = EpisodeTracker(closeAfter: settings.closeAfter, cooldown: settings.cooldown)
        periods = PeriodSearch()
    }

    /// Judges the next row, and learns from it.
    ///
    /// - Parameters:
    ///   - value: nil, or not finite, when there is none.
    ///   - time: in microseconds since 1970; nil when it is not known.
    /// - Returns: the verdict, which depends on this row and those before it only.
    public mutating func observe(_ value: Double?, at time: Int64?) -> PointVerdict {
        let now = clock.advance(to: time)
        prepareSeasons()
        let forecast = bank.forecast(at: now)
        guard let given = value, given.isFinite else {
            var verdict = verdict(.nan, forecast, scale: scale(of: forecast))
            verdict.state = .missing
            return verdict
        }
        // Squares and differences of values have to stay finite.
        let value = min(1e150, max(-1e150, given))
        if count == 0 {
            start = now
            learn(value, used: value, isTrusted: true)
            var verdict = verdict(given, forecast, scale: 0)
            (verdict.expected, verdict.lower, verdict.upper, verdict.history) = (.nan, .nan, .nan, 0)
            return verdict
        }
        let scale = scale(of: forecast)
        var verdict = verdict(given, forecast, scale: scale)
        let deviation = (value - forecast.value) / scale
        let (upperBound, lowerBound) = (upperBound * caution, lowerBound * caution)
        let isJudged = count >= settings.minimumHistory
        var ratio = deviation >= 0 ? deviation / upperBound : -deviation / lowerBound
        var rule = DetectionRule.point
        if !isRelevant(value, forecast.value) { ratio = min(ratio, 0.99) }
        // What is seen often is no surprise, and a first change of what never changed is one only after long.
        if value == 0, zeros > 0.1, forecast.profile == nil { ratio = min(ratio, 0.99) }
        if !bank.resolution.isFinite, count < 50 { ratio = min(ratio, 0.99) }
        if isJudged {
            let ranged = isSettled(now) ? range.ratio(value) : 0
            if ranged.magnitude > ratio, allows(ranged), isRelevant(value, forecast.value) {
                (ratio, rule) = (ranged.magnitude, .range)
            }
            let slow = bank.slowDeviation(value)
            let drifted = true ? sustained.ratio(with: slow) / caution : 0
            if drifted.magnitude > ratio, drifted * slow > 0, allows(drifted), isRelevant(value, forecast.value) {
                (ratio, rule) = (drifted.magnitude, .sustained)
            }
            let still = frozen.ratio(value, alpha: settings.alpha)
            if still > ratio { (ratio, rule) = (still, .frozen) }
        }
        if !ratio.isFinite { ratio = ratio.isNaN ? 0 : 1e6 }
        let isAnomaly = isJudged && ratio >= 1
        verdict.score = isJudged ? ratio / (1 + ratio) : min(0.49, ratio / (1 + ratio))
        if isAnomaly {
            verdict.state = .anomalous
            verdict.rule = rule
            let before = episodes.number
            verdict.episode = episodes.anomaly(at: now, step: clock.step)
            if verdict.episode != before { pressure += 1 }
        } else {
            episodes.normal(at: now)
            if isJudged { verdict.state = .normal }
        }
        follow(value, forecast, deviation: deviation, scale: scale, broken: isAnomaly ? rule : nil)
        return verdict
    }

    /// Takes the values since the last level for the new normal: what a person says who expects them.
    public mutating func accept() {
        guard last.isFinite else { return }
        rebase(to: last)
        episodes.close()
    }

    // MARK: - Judging

    private func scale(of forecast: ForecastBank.Forecast) -> Double {
        var size = forecast.size
        if let profile = forecast.profile, meanSize > 0 {
            // Some hours are livelier than others.
            let local = bank.profiles[profile].size(at: forecast.place)
            size *= min(2.5, max(0.7, 0.5 + 0.5 * local))
        }
        size *= levels.factor(at: forecast.value, mean: meanSize)
        size *= min(3, max(0.85, 0.5 + 0.5 * recentSize))
        let floor = bank.resolution.isFinite ? bank.resolution * 0.5 : 0
        return max(size * 1.2533, floor, forecast.value.magnitude * 1e-9, 1e-300)
    }

    private func verdict(_ value: Double, _ forecast: ForecastBank.Forecast, scale: Double) -> PointVerdict {
        let up = settings.direction == .down ? .infinity : forecast.value + upperBound * caution * scale
        let down = settings.direction == .up ? -.infinity : forecast.value - lowerBound * caution * scale
        return PointVerdict(
            state: .learning,
            value: value,
            expected: count == 0 ? .nan : forecast.value,
            lower: count == 0 ? .nan : down,
            upper: count == 0 ? .nan : up,
            score: 0,
            episode: 0,
            rule: nil,
            history: count,
            season: forecast.profile.map { bank.profiles[$0].period } ?? 0,
            alpha: settings.alpha
        )
    }

    /// Whether a whole day is known of a series with values within days.
    private func isSettled(_ now: Int64) -> Bool {
        guard clock.isCalendar, let start, clock.step < 21_600_000_000 else { return true }
        return now &- start > 129_600_000_000 || count > 3000
    }

    /// Extra room while few days are known of a series with values within days.
    private var youth: Double {
        guard clock.isCalendar, let start, clock.step < 21_600_000_000 else { return 1 }
        return 1 + 1.0 / (1 + Double(clock.now &- start) / 86_400_000_000)
    }

    private func allows(_ sign: Double) -> Bool {
        switch settings.direction {
        case .both: true
        case .up: sign > 0
        case .down: sign < 0
        }
    }

    private func isRelevant(_ value: Double, _ expected: Double) -> Bool {
        let change = value - expected
        return allows(change) && change.magnitude >= settings.minimumChange.absolute
            && change.magnitude >= settings.minimumChange.relative * expected.magnitude
    }

    // MARK: - Learning

    private mutating func follow(
        _ value: Double,
        _ forecast: ForecastBank.Forecast,
        deviation: Double,
        scale: Double,
        broken: DetectionRule?
    ) {
        let limit = 1.25 * max(deviation >= 0 ? upperBound : lowerBound, 3)
        let clipped = limit.isFinite ? min(limit, max(-limit, deviation)) : deviation
        // Of an episode the first row only, or one fault would make the next one usual.
        let isRepeated = broken != nil && side != 0
        if count > 4, !isRepeated {
            above.add(clipped)
            below.add(-clipped)
        }
        let isOutlier = broken == .point || broken == .range
        let size = min((value - forecast.value).magnitude, 3 * scale)
        if !isOutlier {
            let gain = max(1.0 / 512, 1 / Double(count + 1))
            meanSize += gain * (size - meanSize)
            let factor = levels.factor(at: forecast.value, mean: meanSize)
            let relative = meanSize > 0 ? min(10, size / (meanSize * factor)) : 1
            levels.learn(size: size, at: forecast.value, value: value)
            recentSize += max(0.06, gain) * (relative - recentSize)
            if let profile = forecast.profile { bank.learn(size: relative, profile: profile, place: forecast.place) }
        }
        sustained.add(bank.slowDeviation(value), alpha: settings.alpha / 5, isRepeated: broken != nil)
        learn(value, used: isOutlier ? forecast.value : value, isTrusted: !isOutlier)
        if isOutlier {
            side = deviation > 0 ? max(1, side + 1) : min(-1, side - 1)
            let patience = [4, 8, settings.learnAfter][bank.speed]
            if side.magnitude >= min(patience, settings.learnAfter) { rebase(to: value) }
        } else {
            side = 0
        }
        if broken == .sustained { sustained.settle() }
        boundsAge += 1
        pressure *= 1 - 1.0 / 1000
        caution = (1 + 0.3 * max(0, pressure - 1)) * youth
        if count < 256 || boundsAge >= 32 {
            boundsAge = 0
            upperBound = above.bound(alpha: settings.alpha)
            lowerBound = below.bound(alpha: settings.alpha)
        }
    }

    private mutating func learn(_ value: Double, used: Double, isTrusted: Bool) {
        if last.isFinite, value != last { bank.resolution = min(bank.resolution, (value - last).magnitude) }
        bank.learn(used, isTrusted: isTrusted)
        periods.add(used)
        range.add(value, isTrusted: isTrusted)
        frozen.add(value)
        zeros += max(0.002, 1 / Double(count + 1)) * ((value == 0 ? 1 : 0) - zeros)
        last = value
        count += 1
    }

    private mutating func rebase(to value: Double) {
        bank.rebase(to: value)
        range.include(value)
        sustained.settle()
        side = 0
    }

    // MARK: - Seasons

    private mutating func prepareSeasons() {
        if !hasSeasons, let step = clock.settledStep {
            hasSeasons = true
            addKnownSeasons(step: step)
        }
        if hasSeasons, settings.season == .automatic, let period = periods.due(), let step = clock.settledStep {
            consider(period: Int64(period) &* step, step: step)
        }
    }

    private mutating func addKnownSeasons(step: Int64) {
        let day: Int64 = 86_400_000_000
        switch settings.season {
        case .none:
            break
        case .period(let period):
            if period >= 2 * step { bank.add(SeasonalProfile(period: period, step: step, places: 2048)) }
        case .points(let points):
            let (period, overflows) = Int64(points).multipliedReportingOverflow(by: step)
            if points >= 2, !overflows { bank.add(SeasonalProfile(period: period, step: step, places: 8192)) }
        case .automatic where clock.isCalendar:
            for period in [day, 7 * day] where period >= 4 * step && period / step <= 40_000 {
                bank.add(SeasonalProfile(period: period, step: step, places: 2048))
            }
        case .automatic:
            break
        }
    }

    private mutating func consider(period: Int64, step: Int64) {
        let isKnown = bank.profiles.contains { profile in
            let times = Double(period) / Double(profile.period)
            let whole = times.rounded()
            return (times - whole).magnitude < 0.02 * whole && [1, 3, 4, 5, 6].contains(whole)
        }
        guard !isKnown, period > step else { return }
        if bank.profiles.count >= 4 {
            guard let weakest = bank.profiles.indices.last(where: { $0 != bank.chosenProfile }) else { return }
            bank.removeProfile(weakest)
        }
        var profile = SeasonalProfile(period: period, step: step, places: 4096)
        var time = clock.now &- Int64(periods.recent.count) &* step
        for value in periods.recent {
            profile.learn(value, at: profile.place(of: time))
            time &+= step
        }
        bank.add(profile)
    }
}
