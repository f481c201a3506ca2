/// What an anomaly detector is told beforehand; nothing of it is fitted to the series that is judged.
public struct DetectorSettings: Hashable, Sendable {
    /// Which deviations count.
    public enum Direction: String, Hashable, Sendable, CaseIterable {
        case both, up, down
    }

    /// Which seasons are looked for.
    public enum Season: Hashable, Sendable {
        /// The calendar's day and week, and periods found in the series itself.
        case automatic
        /// None.
        case none
        /// One of this many microseconds.
        case period(Int64)
        /// One of this many points.
        case points(Int)
    }

    /// The least deviation that is worth an alarm; the greater of the two counts.
    public struct MinimumChange: Hashable, Sendable {
        /// In the series' own unit.
        public var absolute: Double
        /// As a fraction of what was expected.
        public var relative: Double

        /// A floor under deviations; zero for none.
        public init(absolute: Double = 0, relative: Double = 0) {
            self.absolute = absolute
            self.relative = relative
        }
    }

    /// The rate of false alarms that is accepted for each point and direction.
    public var alpha: Double = 5e-5
    /// Which deviations count.
    public var direction: Direction = .both
    /// The seasons.
    public var season: Season = .automatic
    /// The least deviation worth an alarm.
    public var minimumChange = MinimumChange()
    /// How many values are needed before one is judged.
    public var minimumHistory = 12
    /// How many values in a row on one side of the bounds are taken for a new level.
    public var learnAfter = 12
    /// How many normal values end an episode.
    public var closeAfter = 3
    /// For how many usual intervals after an episode's end an alarm reopens it.
    public var cooldown = 24

    /// The defaults.
    public init() {}
}
