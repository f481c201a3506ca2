// The standard library's containers on a ``JSONWriter``; each only says what comes next.

/// The members of an object.
struct JSONObjectWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let writer: JSONWriter

    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) {
        writer.begin(key.stringValue)
        writer.writeNull()
    }

    func encode(_ value: Bool, forKey key: Key) {
        writer.begin(key.stringValue)
        writer.write(value)
    }

    func encode(_ value: String, forKey key: Key) {
        writer.begin(key.stringValue)
        writer.write(value)
    }

    func encode(_ value: Int, forKey key: Key) {
        writer.begin(key.stringValue)
        writer.write(value)
    }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        writer.begin(key.stringValue)
        try writer.write(nested: value)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        writer.begin(key.stringValue)
        return writer.nest().container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        writer.begin(key.stringValue)
        return writer.nest().unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        writer.begin("super")
        return writer.nest()
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        writer.begin(key.stringValue)
        return writer.nest()
    }
}

/// The elements of an array.
struct JSONArrayWriter: UnkeyedEncodingContainer {
    let writer: JSONWriter

    var codingPath: [any CodingKey] { [] }
    var count: Int { writer.count }

    func encodeNil() {
        writer.beginElement()
        writer.writeNull()
    }

    func encode(_ value: some Encodable) throws {
        writer.beginElement()
        try writer.write(nested: value)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type) -> KeyedEncodingContainer<Nested> {
        writer.beginElement()
        return writer.nest().container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        writer.beginElement()
        return writer.nest().unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        writer.beginElement()
        return writer.nest()
    }
}

/// A value without parts, or one that stands for another.
struct JSONSingleWriter: SingleValueEncodingContainer {
    let writer: JSONWriter

    var codingPath: [any CodingKey] { [] }

    func encodeNil() {
        writer.single()
        writer.writeNull()
    }

    func encode(_ value: Bool) {
        writer.single()
        writer.write(value)
    }

    func encode(_ value: String) {
        writer.single()
        writer.write(value)
    }

    func encode(_ value: Double) {
        writer.single()
        writer.write(value)
    }

    func encode(_ value: Float) {
        writer.single()
        writer.write(value)
    }

    func encode(_ value: Int) { integer(value) }
    func encode(_ value: Int8) { integer(value) }
    func encode(_ value: Int16) { integer(value) }
    func encode(_ value: Int32) { integer(value) }
    func encode(_ value: Int64) { integer(value) }
    func encode(_ value: UInt) { integer(value) }
    func encode(_ value: UInt8) { integer(value) }
    func encode(_ value: UInt16) { integer(value) }
    func encode(_ value: UInt32) { integer(value) }
    func encode(_ value: UInt64) { integer(value) }
    func encode(_ value: Int128) { integer(value) }
    func encode(_ value: UInt128) { integer(value) }

    func encode(_ value: some Encodable) throws {
        writer.single()
        try writer.write(nested: value)
    }

    private func integer(_ value: some FixedWidthInteger) {
        writer.single()
        writer.write(value)
    }
}
