/// Forecasts of the next value by several simple means, and which of them has been best of late.
///
/// A level follows the values, less their season where there is one, at one of three speeds; one forecast follows a
/// trend as well. Each is measured by its errors on values that it had not seen yet, so that a season, or none, and how
/// fast the level moves, are chosen by what works on this series.
struct ForecastBank: Sendable {
    /// How much of an error each of the three speeds follows.
    private static func gain(_ speed: Int) -> Double { speed == 0 ? 0.7 : speed == 1 ? 0.2 : 0.04 }
    /// A forecast that follows the last value hides what goes on for long; it has to be better by this to be chosen.
    private static func handicap(_ speed: Int) -> Double { speed == 0 ? 1.06 : speed == 1 ? 1.02 : 1 }
    private static let perBank = 3

    /// What is expected of the next value.
    struct Forecast: Sendable {
        var value = Double.nan
        /// The mean size of such forecasts' errors.
        var size = 0.0
        /// Which forecast it is.
        var source = 0
        /// The place in the season, where one is taken into account.
        var place = -1
        /// Which profile; nil for none.
        var profile: Int?
        /// The seasonal part.
        var seasonal = 0.0
    }

    private(set) var profiles: [SeasonalProfile] = []
    private var places: [Int] = []
    private var levels: [Double] = [0, 0, 0]
    private var sizes: [Double] = [0, 0, 0]
    private var forecasts: [Double] = [0, 0, 0]
    /// How many values each bank's levels rest on since they were last set.
    private var ages: [Int] = [0]
    /// How many errors each bank has made.
    private var tries: [Int] = [0]
    private var (trendLevel, trendSlope, trendSize, trendForecast) = (0.0, 0.0, 0.0, 0.0)
    private var chosen = 2
    /// The forecast by trend.
    private static let trend = -1

    /// The least difference between values that was seen, a floor for sizes.
    var resolution = Double.infinity

    mutating func add(_ profile: SeasonalProfile) {
        profiles.append(profile)
        places.append(0)
        levels += [0, 0, 0]
        sizes += [0, 0, 0]
        forecasts += [0, 0, 0]
        ages.append(0)
        tries.append(0)
    }

    mutating func removeProfile(_ index: Int) {
        profiles.remove(at: index)
        places.remove(at: index)
        let range = (index + 1) * Self.perBank..<(index + 2) * Self.perBank
        levels.removeSubrange(range)
        sizes.removeSubrange(range)
        forecasts.removeSubrange(range)
        ages.remove(at: index + 1)
        tries.remove(at: index + 1)
        chosen = 2
    }

    /// The speed of the level that was chosen: 0 the fastest, 2 the slowest.
    var speed: Int { chosen == Self.trend ? 0 : chosen % Self.perBank }

    /// Whether the forecast that was chosen knows a season.
    var chosenProfile: Int? { chosen >= Self.perBank ? chosen / Self.perBank - 1 : nil }

    /// How far a value is from the season that was chosen and a level that moves slowly, in units of the usual.
    func slowDeviation(_ value: Double) -> Double {
        let slow = chosen == Self.trend ? 2 : chosen - chosen % Self.perBank + 2
        let floor = resolution.isFinite ? resolution * 0.5 : 1
        return (value - forecasts[slow]) / max(1.2533 * sizes[slow], floor)
    }

    /// What is expected at an instant.
    mutating func forecast(at time: Int64) -> Forecast {
        var best = Self.trend
        var bestSize = ages[0] > 8 ? trendSize * 1.06 : .infinity
        trendForecast = trendLevel + trendSlope
        var current = chosen == Self.trend ? bestSize : Double.infinity
        for bank in ages.indices {
            var seasonal = 0.0
            var isKnown = true
            if bank > 0 {
                let place = profiles[bank - 1].place(of: time)
                places[bank - 1] = place
                seasonal = profiles[bank - 1].mean(at: place)
                isKnown =
                    profiles[bank - 1].isKnown(place)
                    && tries[bank] >= min(64, profiles[bank - 1].places)
            }
            for speed in 0..<Self.perBank {
                let index = bank * Self.perBank + speed
                forecasts[index] = seasonal + levels[index]
                guard isKnown else { continue }
                let size = sizes[index] * Self.handicap(speed)
                if size < bestSize { (best, bestSize) = (index, size) }
                if index == chosen { current = size }
            }
        }
        if !(bestSize >= current * 0.97 && current.isFinite) { chosen = best }
        var result = Forecast(source: chosen)
        if chosen == Self.trend {
            (result.value, result.size) = (trendForecast, trendSize)
        } else {
            (result.value, result.size) = (forecasts[chosen], sizes[chosen])
            if chosen >= Self.perBank {
                let profile = chosen / Self.perBank - 1
                result.profile = profile
                result.place = places[profile]
                result.seasonal = profiles[profile].mean(at: result.place)
            }
        }
        return result
    }

    /// Takes the value at the instant that was forecast.
    ///
    /// - Parameters:
    ///   - value: what the levels follow: what was seen, or what was expected where that was anomalous.
    ///   - isTrusted: whether it was seen, and is good enough to measure forecasts and to learn the season by.
    mutating func learn(_ value: Double, isTrusted: Bool) {
        let floor = resolution.isFinite ? resolution : 0
        for bank in ages.indices {
            var seasonal = 0.0
            if bank > 0 {
                let place = places[bank - 1]
                let isKnown = profiles[bank - 1].isKnown(place)
                seasonal = profiles[bank - 1].mean(at: place)
                if isTrusted { profiles[bank - 1].learn(value, at: place) }
                guard isKnown else { continue }
            }
            let age = Double(ages[bank])
            let isNew = tries[bank] == 0
            if isTrusted { tries[bank] += 1 }
            let memory = max(1.0 / 256, 1 / Double(max(1, tries[bank])))
            for speed in 0..<Self.perBank {
                let index = bank * Self.perBank + speed
                if isTrusted, !(isNew && bank == 0) {
                    let error = abs(value - forecasts[index])
                    let size = sizes[index]
                    let most = tries[bank] < 20 ? error : min(error, 6 * size + 4 * floor)
                    sizes[index] = size + memory * (most - size)
                }
                let gain = max(Self.gain(speed), 1 / (age + 1))
                levels[index] += gain * (value - seasonal - levels[index])
            }
            ages[bank] += 1
        }
        if ages[0] == 1 {
            (trendLevel, trendSlope) = (value, 0)
        } else {
            let error = value - trendForecast
            if isTrusted {
                let memory = max(1.0 / 256, 1 / Double(max(1, tries[0])))
                let size = abs(error)
                trendSize += memory * ((tries[0] < 20 ? size : min(size, 6 * trendSize + 4 * floor)) - trendSize)
            }
            trendLevel = trendForecast + 0.5 * error
            trendSlope += 0.08 * error
        }
    }

    /// Sets all levels by a value that begins a new one.
    mutating func rebase(to value: Double) {
        for bank in ages.indices {
            let seasonal = bank > 0 ? profiles[bank - 1].mean(at: places[bank - 1]) : 0
            for speed in 0..<Self.perBank { levels[bank * Self.perBank + speed] = value - seasonal }
            ages[bank] = 1
        }
        (trendLevel, trendSlope) = (value, 0)
    }

    mutating func learn(size: Double, profile: Int, place: Int) { profiles[profile].learn(size: size, at: place) }
}
