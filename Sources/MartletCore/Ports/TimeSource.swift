/// Tells the wall time.
///
/// Decisions never ask it; they are given `now`.
public protocol TimeSource: Sendable {
    /// The current instant.
    var now: Timestamp { get }
}

/// Makes the random part of new identifiers.
public protocol IDGenerator: Sendable {
    /// Six characters of a-z and 2-7 that are very unlikely to repeat.
    func suffix() -> String
}
