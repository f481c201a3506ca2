/// Decodes one record of a CSV file, by the names of its columns.
///
/// An empty field is nil. Fields are numbers, `true` and `false`, text, or enumerations of them; nothing is nested.
struct CSVRowDecoder: Decoder {
    let header: [String]
    let fields: [String]
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Columns<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw nested(codingPath) }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw nested(codingPath) }

    fileprivate func nested(_ path: [any CodingKey]) -> DecodingError {
        .dataCorrupted(.init(codingPath: path, debugDescription: "a row of a CSV file has only plain columns"))
    }

    fileprivate func field(_ name: String) -> String? {
        guard let index = header.firstIndex(of: name), fields.indices.contains(index) else { return nil }
        return fields[index]
    }
}

private struct Columns<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: CSVRowDecoder
    let codingPath: [any CodingKey] = []

    var allKeys: [Key] { decoder.header.compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool { decoder.header.contains(key.stringValue) }

    func decodeNil(forKey key: Key) -> Bool { decoder.field(key.stringValue).map(\.isEmpty) ?? true }

    func decode(_ type: String.Type, forKey key: Key) throws -> String { try text(key) }

    func decode<Content: Decodable>(_ type: Content.Type, forKey key: Key) throws -> Content {
        let field = CSVField(text: try text(key), key: key)
        // Numbers and truth values read themselves from text; other types decode from a single value.
        if let plain = type as? any LosslessStringConvertible.Type {
            guard let value = plain.init(field.text) as? Content else { throw field.mismatch(type) }
            return value
        }
        return try Content(from: field)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw decoder.nested([key]) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw decoder.nested([key]) }
    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { decoder }

    private func text(_ key: Key) throws -> String {
        guard let text = decoder.field(key.stringValue) else {
            throw DecodingError.keyNotFound(key, .init(codingPath: [], debugDescription: "there is no such column"))
        }
        return text
    }
}

/// One field of a record, for types that decode from a single value, as enumerations do.
private struct CSVField: Decoder, SingleValueDecodingContainer {
    let text: String
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    init(text: String, key: any CodingKey) {
        self.text = text
        codingPath = [key]
    }

    func mismatch(_ type: Any.Type) -> DecodingError {
        .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "\"\(text.prefix(80))\" is not a \(type)"))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        throw mismatch([String: String].self)
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw mismatch([Any].self) }
    func singleValueContainer() -> any SingleValueDecodingContainer { self }
    func decodeNil() -> Bool { text.isEmpty }
    func decode(_ type: String.Type) -> String { text }

    func decode<Content: Decodable>(_ type: Content.Type) throws -> Content {
        guard let plain = type as? any LosslessStringConvertible.Type, let value = plain.init(text) as? Content else {
            throw mismatch(type)
        }
        return value
    }
}
