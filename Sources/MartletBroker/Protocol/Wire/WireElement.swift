/// What arrays of the protocol hold: structures, numbers and strings.
protocol WireElement: Equatable, Sendable {
    /// Reads the element as it is in `version` of the message around it.
    ///
    /// - Throws: ``WireError`` when the bytes are not such an element.
    init(from reader: inout WireReader, version: Int16) throws(WireError)

    /// Writes the element as it is in `version` of the message around it.
    func write(to writer: inout WireWriter, version: Int16)
}

extension Int32: WireElement {
    init(from reader: inout WireReader, version: Int16) throws(WireError) { self = try reader.int32() }

    func write(to writer: inout WireWriter, version: Int16) { writer.int32(self) }
}

extension String: WireElement {
    init(from reader: inout WireReader, version: Int16) throws(WireError) { self = try reader.string() }

    func write(to writer: inout WireWriter, version: Int16) { writer.string(self) }
}
