/// How changes of datasets become runs of the pipeline that waits for them.
public enum DatasetPolicy: Hashable, Sendable {
    /// A run for each change that satisfies the condition, in their order; nothing is merged.
    case each
    /// At most one run is queued; it takes every change there is when it starts.
    case collapse
    /// Changes are gathered, and a run takes what a closed window holds.
    case window(DatasetWindow)
}

/// When a window that gathers changes closes; the first bound reached closes it.
public struct DatasetWindow: Hashable, Codable, Sendable {
    /// So long after its first change.
    public var durationSeconds: Double?
    /// With so many changes.
    public var count: Int?
    /// When for so long no change has come.
    public var quietSeconds: Double?

    /// A window with these bounds.
    public init(durationSeconds: Double? = nil, count: Int? = nil, quietSeconds: Double? = nil) {
        self.durationSeconds = durationSeconds
        self.count = count
        self.quietSeconds = quietSeconds
    }

    enum CodingKeys: String, CodingKey {
        case durationSeconds = "duration_seconds"
        case count
        case quietSeconds = "quiet_seconds"
    }

    /// Whether nothing ever closes it.
    public var isEndless: Bool { durationSeconds == nil && count == nil && quietSeconds == nil }
}

extension DatasetPolicy: Codable {
    private enum CodingKeys: String, CodingKey { case window }

    /// Decodes `"each"`, `"collapse"` or `{"window": {...}}`.
    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: CodingKeys.self) {
            self = .window(try container.decode(DatasetWindow.self, forKey: .window))
            return
        }
        let container = try decoder.singleValueContainer()
        switch try container.decode(String.self) {
        case "each": self = .each
        case "collapse": self = .collapse
        case let other:
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\"\(other)\" is not each, collapse or a window"
            )
        }
    }

    /// Encodes as a word, or as an object with the window's bounds.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .window(let window):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(window, forKey: .window)
        case .each, .collapse:
            var container = encoder.singleValueContainer()
            try container.encode(self == .each ? "each" : "collapse")
        }
    }
}
