/// A name with a type of its own, so that two kinds of names cannot be swapped in silence.
///
/// The rules of a kind are checked once, in ``init(validating:)``, and trusted afterwards.
public protocol TypedID: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible
where RawValue == String {
    /// What one is called in messages, as in "step id".
    static var noun: String { get }
    /// Why `raw` is not a valid name, or nil when it is.
    static func objection(to raw: String) -> String?
    /// Wraps a name known to be valid.
    init(trusted raw: String)
}

extension TypedID {
    /// Checks `raw` against the rules of this kind of name.
    ///
    /// - Throws: ``InvalidID`` with the rule that is broken.
    public init(validating raw: String) throws(InvalidID) {
        if let reason = Self.objection(to: raw) {
            throw InvalidID(noun: Self.noun, raw: raw, reason: reason)
        }
        self.init(trusted: raw)
    }

    /// The name, or nil when `rawValue` breaks the rules.
    public init?(rawValue: String) {
        guard Self.objection(to: rawValue) == nil else { return nil }
        self.init(trusted: rawValue)
    }

    /// The name itself.
    public var description: String { rawValue }

    /// Orders names by their characters.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// Decodes and checks a name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let raw = try container.decode(String.self)
        if let reason = Self.objection(to: raw) {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: InvalidID(noun: Self.noun, raw: raw, reason: reason).description
            )
        }
        self.init(trusted: raw)
    }

    /// Encodes the name as a plain string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// A name that breaks the rules of its kind.
public struct InvalidID: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the name was to be, as in "step id".
    public let noun: String
    /// The name as given.
    public let raw: String
    /// The rule it breaks.
    public let reason: String

    /// One sentence for people.
    public var description: String { "\"\(raw)\" is not a valid \(noun): \(reason)" }
}

/// The rules that names are built from.
enum NameRules {
    static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    /// Letters, digits, `_` and `-`, a letter or digit first: usable as a file name, in a URL and in a shell.
    static func word(_ raw: String, limit: Int) -> String? {
        if raw.isEmpty { return "it is empty" }
        if raw.utf8.count > limit { return "it has more than \(limit) characters" }
        guard let first = raw.utf8.first, isLetter(first) || isDigit(first) else {
            return "it must start with a letter or a digit"
        }
        let allowed = raw.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == 95 || $0 == 45 }
        return allowed ? nil : "only letters, digits, _ and - may stand in it"
    }
}
