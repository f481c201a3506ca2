import MartletCore

/// What became of a series: counts, and its episodes.
public struct SeriesSummary: Hashable, Sendable {
    /// Anomalous rows that belong together.
    public struct Episode: Hashable, Sendable {
        /// From 1.
        public var number: Int
        /// The first anomalous row's time as written.
        public var first: String
        /// The last one's.
        public var last: String
        /// How many rows of it are anomalous.
        public var rows: Int
        /// The verdict of its most surprising row.
        public var worst: PointVerdict
        /// Values before it and in it, oldest first.
        public var trend: [Double]
    }

    /// Rows read.
    public private(set) var rows = 0
    /// Rows without a value.
    public private(set) var missing = 0
    /// Rows whose value is no number.
    public private(set) var unreadable = 0
    /// Rows whose time is missing or cannot be read.
    public private(set) var timeless = 0
    /// Rows with a time before the one above them.
    public private(set) var outOfOrder = 0
    /// Rows with the same time as the one above them.
    public private(set) var repeated = 0
    /// Anomalous rows.
    public private(set) var anomalies = 0
    /// Rows that were not judged, because too little had been seen.
    public private(set) var learning = 0
    /// How many episodes there were; not more than a limit of them are kept.
    public private(set) var episodeCount = 0
    /// The first episodes.
    public private(set) var episodes: [Episode] = []
    private var recent: [Double] = []
    private var lastTime: Int64?

    init() {}

    mutating func count(_ verdict: PointVerdict, time: Int64?, isMissing: Bool, hasTime: Bool) {
        rows += 1
        if verdict.state == .missing {
            if isMissing { missing += 1 } else { unreadable += 1 }
        } else {
            if verdict.state == .learning { learning += 1 }
            recent.append(verdict.value)
            if recent.count >= 2 * Limits.episodeTrend { recent.removeFirst(Limits.episodeTrend) }
        }
        guard hasTime else { return }
        guard let time else {
            timeless += 1
            return
        }
        if let lastTime {
            if time < lastTime { outOfOrder += 1 }
            if time == lastTime { repeated += 1 }
        }
        lastTime = time
    }

    mutating func add(_ verdict: PointVerdict, label: String) {
        anomalies += 1
        if verdict.episode > episodeCount {
            episodeCount = verdict.episode
            guard episodes.count < Limits.keptEpisodes else { return }
            episodes.append(
                Episode(
                    number: verdict.episode,
                    first: label,
                    last: label,
                    rows: 1,
                    worst: verdict,
                    trend: Array(recent.suffix(Limits.episodeTrend))
                )
            )
        } else if let index = episodes.indices.last, episodes[index].number == verdict.episode {
            episodes[index].last = label
            episodes[index].rows += 1
            if verdict.score > episodes[index].worst.score { episodes[index].worst = verdict }
        }
    }
}
