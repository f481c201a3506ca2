/// Into which windows of event time the records of a key fall.
public struct WindowSpec: Hashable, Codable, Sendable {
    /// The kinds of windows.
    public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// Windows of one size, one after the other.
        case tumbling
        /// Windows of one size that start every `slide`, so that they overlap.
        case hopping
        /// Runs of records of a key without a pause of `gap` between them.
        case session
    }

    /// The kind.
    public var kind: Kind
    /// The length of tumbling and hopping windows.
    public var size: EventSpan?
    /// How far apart hopping windows start.
    public var slide: EventSpan?
    /// By how much tumbling and hopping windows start later than at multiples of their slide since 1970.
    public var offset: EventSpan?
    /// The pause that ends a session.
    ///
    /// Two records exactly so far apart are in two sessions.
    public var gap: EventSpan?

    /// Windows of a kind; which lengths it needs is checked with the definition.
    public init(
        kind: Kind,
        size: EventSpan? = nil,
        slide: EventSpan? = nil,
        offset: EventSpan? = nil,
        gap: EventSpan? = nil
    ) {
        self.kind = kind
        self.size = size
        self.slide = slide
        self.offset = offset
        self.gap = gap
    }

    /// Windows of `size`, one after the other.
    public static func tumbling(_ size: EventSpan, offset: EventSpan? = nil) -> WindowSpec {
        WindowSpec(kind: .tumbling, size: size, offset: offset)
    }

    /// Windows of `size` that start every `slide`.
    public static func hopping(_ size: EventSpan, every slide: EventSpan, offset: EventSpan? = nil) -> WindowSpec {
        WindowSpec(kind: .hopping, size: size, slide: slide, offset: offset)
    }

    /// Runs of records without a pause of `gap`.
    public static func session(gap: EventSpan) -> WindowSpec { WindowSpec(kind: .session, gap: gap) }
}
