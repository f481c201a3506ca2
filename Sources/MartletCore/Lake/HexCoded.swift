/// A digest that is text as its hexadecimal digits, in JSON as for people.
public protocol HexCoded: Codable, CustomStringConvertible {
    /// What messages call one.
    static var noun: String { get }
    /// The digest with these digits; nil for any other text.
    init?(hex: some StringProtocol)
    /// The digits, in lower case.
    var hex: String { get }
}

extension HexCoded {
    /// The digits.
    public var description: String { hex }

    /// Decodes the digits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Self(hex: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not an \(Self.noun)")
        }
        self = digest
    }

    /// Encodes the digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}
