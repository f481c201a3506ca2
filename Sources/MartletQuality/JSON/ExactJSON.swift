public import MartletCore

/// JSON text that keeps whole numbers and fractions apart: `0` is a whole number and `0.0` is not, in both directions.
///
/// Great Expectations writes suites and results with Python's `json`, whose readers tell the two apart.
public enum ExactJSON {
    /// The value written in `text`.
    ///
    /// `NaN`, `Infinity` and `-Infinity` are read too, because Python writes them, though they are no JSON. Whole numbers
    /// of more than 64 bits become the nearest double.
    ///
    /// - Throws: ``Problem`` for what is not JSON or nested more than `Limits.nestingDepth` deep.
    public static func value(_ text: some StringProtocol) throws(Problem) -> JSONValue {
        try value(bytes: Array(text.utf8))
    }

    /// The value written in `bytes`, as UTF-8; a byte order mark is passed over.
    ///
    /// - Throws: ``Problem`` as ``value(_:)`` does.
    public static func value(bytes: [UInt8]) throws(Problem) -> JSONValue {
        var reader = ExactJSONReader(bytes: bytes)
        return try reader.document()
    }

    /// `value` as one line of JSON with sorted keys.
    ///
    /// Numbers that are not finite become the texts `NaN`, `Infinity` and `-Infinity`.
    public static func line(_ value: JSONValue) -> String {
        var writer = ExactJSONWriter(indent: nil, isASCII: false)
        writer.write(value)
        return writer.text
    }

    /// `value` as indented JSON with sorted keys, two spaces a level; numbers as in ``line(_:)``.
    ///
    /// With `isASCII` the text is, byte for byte, what Python's `json.dumps(value, indent=2, sort_keys=True)` gives.
    public static func indented(_ value: JSONValue, isASCII: Bool = false) -> String {
        var writer = ExactJSONWriter(indent: 2, isASCII: isASCII)
        writer.write(value)
        return writer.text
    }

    /// What is wrong with a text, and where.
    public struct Problem: Error, Hashable, Sendable {
        /// What is wrong, as a clause: `a comma or } is missing`.
        public var message: String
        /// The line, from 1.
        public var line: Int
        /// The column in bytes, from 1.
        public var column: Int
    }
}
