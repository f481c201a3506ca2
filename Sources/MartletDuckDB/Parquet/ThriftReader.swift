/// Reads Thrift's compact protocol, in which the footers of Parquet files are written.
///
/// The format is described in `doc/specs/thrift-compact-protocol.md` of Apache Thrift. Nothing read here is believed:
/// every length is checked against what there is.
struct ThriftReader {
    /// The bytes are not what they should be.
    struct Malformed: Error {}

    /// What a field or element is, as the protocol numbers it.
    enum Kind {
        static let yes: UInt8 = 1
        static let no: UInt8 = 2
        static let byte: UInt8 = 3
        static let double: UInt8 = 7
        static let binary: UInt8 = 8
        static let list: UInt8 = 9
        static let set: UInt8 = 10
        static let map: UInt8 = 11
        static let structure: UInt8 = 12
        static let uuid: UInt8 = 13
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// A reader at the start of `bytes`, which have to outlive it.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Deepest nesting that is skipped; footers need about ten.
    private static let depthLimit = 64

    /// Gives each field of a structure to `read`, which has to consume it.
    @inline(__always)
    mutating func eachField(
        _ read: (inout ThriftReader, _ id: Int, _ kind: UInt8) throws(Malformed) -> Void
    ) throws(Malformed) {
        var id = 0
        while true {
            let header = try byte()
            if header == 0 { return }
            let step = Int(header >> 4)
            id = step == 0 ? Int(try integer()) : id + step
            try read(&self, id, header & 0x0F)
        }
    }

    /// Gives each element of a list to `read`, which has to consume it.
    @inline(__always)
    mutating func eachElement(
        _ read: (inout ThriftReader, _ index: Int, _ kind: UInt8) throws(Malformed) -> Void
    ) throws(Malformed) {
        let header = try byte()
        let short = Int(header >> 4)
        let count = short == 15 ? try length() : short
        for index in 0..<count { try read(&self, index, header & 0x0F) }
    }

    /// A whole number.
    @inline(__always)
    mutating func integer() throws(Malformed) -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// Bytes of any number, where they are.
    @inline(__always)
    mutating func binary() throws(Malformed) -> UnsafeRawBufferPointer {
        let count = try length()
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    /// Bytes as text.
    mutating func text() throws(Malformed) -> String { String(decoding: try binary(), as: UTF8.self) }

    /// Steps over a value of `kind` that stands in a field.
    mutating func skip(_ kind: UInt8) throws(Malformed) { try skip(kind, depth: 0, isField: true) }

    private mutating func skip(_ kind: UInt8, depth: Int, isField: Bool) throws(Malformed) {
        guard depth < Self.depthLimit else { throw Malformed() }
        switch kind {
        // In a field its header says it all; in a list there is a byte for each.
        case Kind.yes, Kind.no: if !isField { _ = try byte() }
        case Kind.byte: _ = try byte()
        case 4, 5, 6: _ = try unsigned()
        case Kind.double: try advance(8)
        case Kind.uuid: try advance(16)
        case Kind.binary: _ = try binary()
        case Kind.list, Kind.set:
            try eachElement { reader, _, kind throws(Malformed) in
                try reader.skip(kind, depth: depth + 1, isField: false)
            }
        case Kind.map:
            let count = try length()
            let kinds = count == 0 ? 0 : try byte()
            for _ in 0..<count {
                try skip(kinds >> 4, depth: depth + 1, isField: false)
                try skip(kinds & 0x0F, depth: depth + 1, isField: false)
            }
        case Kind.structure:
            try eachField { reader, _, kind throws(Malformed) in
                try reader.skip(kind, depth: depth + 1, isField: true)
            }
        default: throw Malformed()
        }
    }

    @inline(__always)
    private mutating func byte() throws(Malformed) -> UInt8 {
        guard position < bytes.count else { throw Malformed() }
        defer { position += 1 }
        return bytes[position]
    }

    @inline(__always)
    private mutating func unsigned() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
        throw Malformed()
    }

    /// A number of elements or bytes, each of which takes at least a byte.
    private mutating func length() throws(Malformed) -> Int {
        let value = try unsigned()
        guard value <= UInt64(bytes.count - position) else { throw Malformed() }
        return Int(value)
    }

    private mutating func advance(_ count: Int) throws(Malformed) {
        guard count <= bytes.count - position else { throw Malformed() }
        position += count
    }
}
