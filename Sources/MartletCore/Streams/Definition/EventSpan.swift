/// A length of event time or wall time, in microseconds; in JSON and YAML written as `10s`, `1h30m` or `0.25ms`.
public struct EventSpan: Hashable, Comparable, Sendable {
    /// The length; never negative.
    public let microseconds: Int64

    /// So many microseconds; a negative length is taken for none.
    public init(microseconds: Int64) { self.microseconds = max(0, microseconds) }

    /// The length of a duration.
    public init(_ duration: Duration) { self.init(microseconds: duration.microseconds) }

    /// No length.
    public static let zero = EventSpan(microseconds: 0)

    /// So many seconds.
    public static func seconds(_ seconds: Int64) -> EventSpan { EventSpan(microseconds: seconds &* 1_000_000) }

    /// So many milliseconds.
    public static func milliseconds(_ count: Int64) -> EventSpan { EventSpan(microseconds: count &* 1000) }

    /// Whether `left` is the shorter.
    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }
}

extension EventSpan: Codable, CustomStringConvertible {
    /// The length as people write it, exactly.
    public var description: String {
        var rest = microseconds
        var text = ""
        for (unit, size) in [("d", Int64(86_400_000_000)), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000)] {
            if rest >= size { text += "\(rest / size)\(unit)" }
            rest %= size
        }
        guard rest > 0 || text.isEmpty else { return text }
        let fraction = rest % 1000
        if fraction == 0 { return "\(text)\(rest / 1000)ms" }
        let digits = String(1000 + fraction).dropFirst()
        return "\(text)\(rest / 1000).\(digits)ms"
    }

    /// Decodes `10s`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            self.init(try Duration(text: text))
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: String(describing: error))
        }
    }

    /// Encodes as `10s`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
