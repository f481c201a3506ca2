internal import MartletCore

/// Reads the parts of a stored object from its first byte on; whatever the bytes are, it throws rather than traps.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    /// Reads `bytes`, which must start with `header`.
    init(_ bytes: [UInt8], after header: [UInt8]) throws(MalformedObject) {
        guard bytes.starts(with: header) else { throw MalformedObject("its first line is another") }
        self.bytes = bytes
        position = header.count
    }

    var remaining: Int { bytes.count - position }

    mutating func byte() throws(MalformedObject) -> UInt8 {
        guard position < bytes.count else { throw .short }
        defer { position += 1 }
        return bytes[position]
    }

    /// A number from 0 to 2^63 - 1 as LEB128 in as few bytes as it needs: each number has one encoding.
    mutating func number() throws(MalformedObject) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            let byte = try byte()
            value |= UInt64(byte & 0x7f) << shift
            guard byte & 0x80 == 0 else { continue }
            if byte == 0, shift > 0 { throw MalformedObject("a number has needless bytes") }
            return Int(value)
        }
        throw MalformedObject("a number is too large")
    }

    /// A number of things that take at least `size` bytes each, so that no more are promised than can follow.
    mutating func count(ofAtLeast size: Int) throws(MalformedObject) -> Int {
        let count = try number()
        guard count <= remaining / size else { throw .short }
        return count
    }

    mutating func take(_ count: Int) throws(MalformedObject) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw .short }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func id() throws(MalformedObject) -> ObjectID {
        guard let id = try fixed(ObjectID.byteCount, ObjectID.init(bytes:)) else { throw .short }
        return id
    }

    mutating func md5() throws(MalformedObject) -> MD5Digest {
        guard let digest = try fixed(MD5Digest.byteCount, MD5Digest.init(bytes:)) else { throw .short }
        return digest
    }

    private mutating func fixed<T>(
        _ size: Int,
        _ make: (UnsafeRawBufferPointer) -> T?
    ) throws(MalformedObject) -> T? {
        guard size <= remaining else { throw .short }
        defer { position += size }
        return bytes.withUnsafeBytes { make(UnsafeRawBufferPointer(rebasing: $0[position..<position + size])) }
    }

    func end() throws(MalformedObject) {
        guard remaining == 0 else { throw MalformedObject("bytes follow its end") }
    }
}

/// Why bytes are not the object they should be; their reader adds which object it is.
struct MalformedObject: Error, Hashable {
    static let short = MalformedObject("it ends too early")

    let reason: String

    init(_ reason: String) { self.reason = reason }

    /// The error to show: `noun` is what was to be read, as in "a node of a tree".
    func error(_ noun: String, _ id: ObjectID) -> MartletError {
        MartletError(
            .lakeObjectMalformed,
            "object \(id.short) cannot be read as \(noun): \(reason)",
            remedy: "`martlet lake verify` tells which commits it touches; it may be of a newer Martlet"
        )
    }
}
