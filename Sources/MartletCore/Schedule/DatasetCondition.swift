/// Which datasets must have changed for a pipeline to start.
public indirect enum DatasetCondition: Hashable, Sendable {
    /// This dataset.
    case dataset(DatasetID)
    /// At least one of these.
    case any([DatasetCondition])
    /// Every one of these.
    case all([DatasetCondition])

    /// Every dataset it names, each once, in the order of naming.
    public var datasets: [DatasetID] {
        var seen: Set<DatasetID> = []
        return named.filter { seen.insert($0).inserted }
    }

    private var named: [DatasetID] {
        switch self {
        case .dataset(let id): [id]
        case .any(let parts), .all(let parts): parts.flatMap(\.named)
        }
    }

    /// Whether it holds once these datasets have changed.
    public func holds(for changed: Set<DatasetID>) -> Bool {
        switch self {
        case .dataset(let id): changed.contains(id)
        case .any(let parts): parts.contains { $0.holds(for: changed) }
        case .all(let parts): parts.allSatisfy { $0.holds(for: changed) }
        }
    }

    /// How deep it is nested; 1 for a dataset alone.
    var depth: Int {
        switch self {
        case .dataset: 1
        case .any(let parts), .all(let parts): 1 + (parts.map(\.depth).max() ?? 0)
        }
    }

    /// Whether a part of it lists nothing.
    var hasEmptyPart: Bool {
        switch self {
        case .dataset: false
        case .any(let parts), .all(let parts): parts.isEmpty || parts.contains(where: \.hasEmptyPart)
        }
    }
}

extension DatasetCondition: ExpressibleByStringLiteral {
    /// A dataset by its name, which is checked with the pipeline.
    public init(stringLiteral value: String) { self = .dataset(DatasetID(trusted: value)) }
}

extension DatasetCondition: CustomStringConvertible {
    /// As people read it: `a and (b or c)`.
    public var description: String { text(inside: false) }

    private func text(inside: Bool) -> String {
        let (parts, word): ([DatasetCondition], String)
        switch self {
        case .dataset(let id): return id.rawValue
        case .any(let each): (parts, word) = (each, " or ")
        case .all(let each): (parts, word) = (each, " and ")
        }
        let joined = parts.map { $0.text(inside: parts.count > 1) }.joined(separator: word)
        return inside && parts.count > 1 ? "(\(joined))" : joined
    }
}

extension DatasetCondition: Codable {
    private enum CodingKeys: String, CodingKey { case any, all }

    /// Decodes `"a/b"`, `{"any": [...]}` or `{"all": [...]}`.
    public init(from decoder: any Decoder) throws {
        if decoder.codingPath.count > Limits.nestingDepth * 2 {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "conditions are nested too deeply")
            )
        }
        if let container = try? decoder.container(keyedBy: CodingKeys.self) {
            if let parts = try container.decodeIfPresent([DatasetCondition].self, forKey: .any) {
                self = .any(parts)
            } else {
                self = .all(try container.decode([DatasetCondition].self, forKey: .all))
            }
        } else {
            self = .dataset(try decoder.singleValueContainer().decode(DatasetID.self))
        }
    }

    /// Encodes as a name, or as an object with `any` or `all`.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .dataset(let id):
            var container = encoder.singleValueContainer()
            try container.encode(id)
        case .any(let parts):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(parts, forKey: .any)
        case .all(let parts):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(parts, forKey: .all)
        }
    }
}
