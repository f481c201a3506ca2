/// What happens to times that the setting of the clocks leaves out or repeats.
///
/// What is nil goes by Airflow's rule: an expression that covers every hour fires at each hour that passes, any other
/// once a day, at the time moved forward or at the second of two.
public struct DaylightPolicy: Hashable, Codable, Sendable {
    /// For a time that the clocks skip.
    public enum Gap: String, CaseIterable, Codable, Sendable {
        /// It moves forward by as much as the clocks do.
        case shift
        /// It does not happen.
        case skip
        /// It is the first instant after the gap.
        case firstAfter = "first-after"
    }

    /// For a time that the clocks show twice.
    public enum Fold: String, CaseIterable, Codable, Sendable {
        case first, second, both
    }

    /// For a time that the clocks skip.
    public var gap: Gap?
    /// For a time that the clocks show twice.
    public var fold: Fold?

    /// A policy for either or both.
    public init(gap: Gap? = nil, fold: Fold? = nil) {
        self.gap = gap
        self.fold = fold
    }
}
