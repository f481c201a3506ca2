/// A window of event time: `start` belongs to it, `end` does not.
///
/// In microseconds since 1970-01-01T00:00:00Z.
public struct StreamWindow: Hashable, Sendable {
    /// The first instant.
    public var start: Int64
    /// The first instant after it.
    public var end: Int64

    /// The window `[start, end)`.
    public init(start: Int64, end: Int64) {
        self.start = start
        self.end = end
    }
}
