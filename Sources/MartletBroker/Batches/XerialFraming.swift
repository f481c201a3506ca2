/// The framing of snappy-java: a magic and two versions, then blocks, each with its length before it.
struct XerialFraming {
    static let magic: [UInt8] = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]
    /// Magic, version and the oldest version that can read it.
    static let headerBytes = 16
    /// Plain bytes of one block when we write.
    static let blockBytes = 32 << 10

    private var cursor: ByteCursor
    private var isCut = false

    static func isFramed(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= headerBytes && bytes.prefix(magic.count).elementsEqual(magic)
    }

    /// The blocks of framed bytes.
    init(_ bytes: UnsafeRawBufferPointer) {
        cursor = ByteCursor(bytes)
        _ = cursor.skip(Self.headerBytes)
    }

    /// Whether the last block ended where the bytes do.
    var isWhole: Bool { !isCut && cursor.remaining == 0 }

    mutating func next() -> UnsafeRawBufferPointer? {
        guard cursor.remaining > 0 else { return nil }
        guard let length = cursor.number(Int32.self), let block = cursor.bytes(Int(length)) else {
            isCut = true
            return nil
        }
        return block
    }
}
