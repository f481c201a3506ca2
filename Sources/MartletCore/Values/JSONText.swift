public import Foundation

/// Compact JSON with sorted keys: the one way Martlet writes JSON for machines, so that equal values are equal bytes.
public enum JSONText {
    /// `value` as one line of JSON.
    ///
    /// JSON has no numbers that are not finite; they are written as the strings `NaN`, `Infinity` and `-Infinity`, and
    /// read back from them. Foundation's own types, such as `Date`, are written the way they encode themselves.
    public static func encode(_ value: some Encodable) -> String { String(decoding: bytes(value), as: UTF8.self) }

    /// `value` as the bytes of one line of JSON.
    public static func bytes(_ value: some Encodable) -> [UInt8] {
        (try? JSONWriter.bytes(of: value)) ?? Array("null".utf8)
    }

    /// `value` as the bytes of one line of JSON.
    public static func data(_ value: some Encodable) -> Data { Data(bytes(value)) }

    /// `value` as indented JSON for people.
    public static func pretty(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }

    /// The value written in `text`.
    ///
    /// - Throws: the decoder's error when `text` is not JSON or does not have the shape of `type`.
    public static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        try decode(type, from: Data(text.utf8))
    }

    /// The value written in `bytes`.
    ///
    /// - Throws: the decoder's error when `bytes` are not JSON or do not have the shape of `type`.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return try decoder.decode(type, from: bytes)
    }
}
