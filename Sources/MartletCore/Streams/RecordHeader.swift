/// A header of a record.
///
/// Headers keep their order, and a name may come more than once.
public struct RecordHeader: Hashable, Sendable {
    /// The name.
    public var name: String
    /// The value, which may be null.
    public var value: [UInt8]?

    /// A header with bytes, or with null.
    public init(_ name: String, _ value: [UInt8]?) {
        self.name = name
        self.value = value
    }

    /// A header whose value is text in UTF-8.
    public init(_ name: String, text: some StringProtocol) { self.init(name, Array(text.utf8)) }

    /// The value as text, where it is valid UTF-8.
    public var text: String? { value.flatMap { String(validating: $0, as: UTF8.self) } }
}
