/// What makes a value anomalous.
public enum DetectionRule: String, Hashable, Sendable, CaseIterable {
    /// It is further from what was expected than such values are.
    case point
    /// It is well outside all that was seen before.
    case range
    /// It and those before it deviate to one side, each a little.
    case sustained
    /// It has not moved for longer than it ever did.
    case frozen
}

/// What a detector says of one row of a series.
public struct PointVerdict: Hashable, Sendable {
    /// How a row was judged.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Too little has been seen to judge.
        case learning
        /// It is as expected.
        case normal
        /// It is not.
        case anomalous
        /// There is no value, or none that is a finite number.
        case missing
    }

    /// How the row was judged.
    public var state: State
    /// The value; NaN when there is none.
    public var value: Double
    /// What was expected; NaN before anything was.
    public var expected: Double
    /// The least value that is not anomalous.
    public var lower: Double
    /// The greatest value that is not anomalous.
    public var upper: Double
    /// How surprising the value is, from 0 up to 1: at least 0.5 exactly when it is anomalous.
    public var score: Double
    /// The number of the episode that an anomalous row belongs to, from 1; 0 for other rows.
    public var episode: Int
    /// The rule that is broken most; nil for rows that are not anomalous.
    public var rule: DetectionRule?
    /// How many values the verdict rests on.
    public var history: Int
    /// The period of the season that was taken into account, in microseconds; 0 when none was.
    public var season: Int64
    /// The rate of false alarms that the bounds are made for.
    public var alpha: Double

    /// Whether the row is anomalous.
    public var isAnomaly: Bool { state == .anomalous }
}
