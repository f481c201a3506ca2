/// Event times as results show them: RFC 3339 in UTC, so that texts of one precision have the order of the times.
public struct StreamTimeText: Hashable, Sendable {
    /// Whether the fraction, six digits, is left out: for times that are whole seconds.
    ///
    /// One column has one precision: `05Z` would stand after `05.500000Z`.
    public var isWholeSeconds: Bool

    /// A way to write times.
    public init(isWholeSeconds: Bool = false) { self.isWholeSeconds = isWholeSeconds }

    /// The time of so many microseconds since 1970.
    public func text(_ microseconds: Int64) -> String {
        let text = Timestamp(microseconds: microseconds).description
        return isWholeSeconds ? text.prefix(text.utf8.count - 8) + "Z" : text
    }
}
