/// A result of one key and window.
public struct Pane: Hashable, Sendable {
    /// When a pane is emitted, seen from its window.
    public enum Timing: UInt8, Hashable, Sendable, CaseIterable {
        /// Before the watermark passed the window's end.
        case early
        /// When the watermark passed it.
        case onTime
        /// After that, because of a record within the allowed lateness.
        case late
    }

    /// The values of the key columns.
    public var key: [StreamValue]
    /// The window.
    public var window: StreamWindow
    /// The results, one for each aggregate.
    public var values: [StreamValue]
    /// When it is emitted.
    public var timing: Timing
    /// How many panes of this key and window came before; a session that grows counts on.
    public var index: Int32
    /// Whether no pane of this key and window can follow.
    public var isLast: Bool
    /// Whether it takes back an earlier pane with these values instead of giving new ones.
    public var isRetraction: Bool

    /// A result of one key and window.
    public init(
        key: [StreamValue],
        window: StreamWindow,
        values: [StreamValue],
        timing: Timing,
        index: Int32,
        isLast: Bool,
        isRetraction: Bool = false
    ) {
        self.key = key
        self.window = window
        self.values = values
        self.timing = timing
        self.index = index
        self.isLast = isLast
        self.isRetraction = isRetraction
    }
}
