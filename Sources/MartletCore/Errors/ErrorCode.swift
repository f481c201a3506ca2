/// The number of an error: stable, searchable, never reused.
///
/// Ranges: 1xxx configuration, manifests and command line; 2xxx runs; 3xxx versioning; 4xxx lineage; 5xxx quality;
/// 6xxx streams; 7xxx Spark; 8xxx storage and server; 9xxx faults of Martlet itself. Each has a page in
/// `Docs/errors`. The constants stand in one file per range.
public struct ErrorCode: Hashable, Sendable, CustomStringConvertible {
    /// The four digits.
    public let number: Int

    /// The code with these four digits.
    public init(_ number: Int) { self.number = number }

    /// The code as people see it, as in `MT2104`.
    public var description: String { "MT\(padded(number, 4))" }
}

extension ErrorCode: Codable {
    /// Decodes `MT2104`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard text.hasPrefix("MT"), let number = Int(text.dropFirst(2)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not an error code")
        }
        self.init(number)
    }

    /// Encodes as `MT2104`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
