import MartletCore

/// Single values as JSON.
enum JSONNumber {
    /// A finite number in the fewest digits that tell it from others.
    static func text(_ value: Double) -> String { JSONText.encode(value) }

    /// Text in quotes.
    static func string(_ value: String) -> String { JSONText.encode(value) }
}
