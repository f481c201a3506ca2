// As JSON an object with the one member that names the kind: `{"values": [1, 2]}`, `{"expression": "{{ ... }}"}` or
// `{"files": {"dataset": "raw/days", "pattern": "*.csv"}}`.
extension MapList {
    private enum CodingKeys: String, CodingKey, CaseIterable { case values, expression, files }

    /// Decodes an object with exactly one member.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let key = container.allKeys.first, container.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a list is one of values, expression and files")
            )
        }
        switch key {
        case .values: self = .values(try container.decode([JSONValue].self, forKey: key))
        case .expression: self = .expression(try container.decode(String.self, forKey: key))
        case .files: self = .files(try container.decode(MapFiles.self, forKey: key))
        }
    }

    /// Encodes an object with one member.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .values(let values): try container.encode(values, forKey: .values)
        case .expression(let text): try container.encode(text, forKey: .expression)
        case .files(let files): try container.encode(files, forKey: .files)
        }
    }
}
