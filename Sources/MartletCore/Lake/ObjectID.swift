/// Names an object of the lake by its content: the SHA-256 of its bytes (FIPS 180-4).
///
/// Ordered as its bytes are, which is the order of its hexadecimal text.
public struct ObjectID: Hashable, Sendable {
    /// How many bytes one has.
    public static let byteCount = 32

    // Four words compare and hash quicker than an array, and need no allocation.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// 32 zero bytes: no object has this id.
    public static let zero = ObjectID(words: (0, 0, 0, 0))

    private init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// The id with these 32 bytes; nil when there are more or fewer.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// The id with these 32 bytes; nil when there are more or fewer.
    public init?(bytes: some Sequence<UInt8>) {
        guard let id = Array(bytes).withUnsafeBytes({ ObjectID(bytes: $0) }) else { return nil }
        self = id
    }

    /// The id with these 64 hexadecimal digits; nil for any other text.
    public init?(hex: some StringProtocol) {
        guard let bytes = HexText.bytes(of: hex), let id = ObjectID(bytes: bytes) else { return nil }
        self = id
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { withBytes { Array($0) } }

    /// Calls `body` with the 32 bytes.
    public func withBytes<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T {
        let big = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        return withUnsafeBytes(of: big) { body($0) }
    }

    /// The first eight bytes as a number: evenly spread, for tables.
    public var prefix: UInt64 { words.0 }

    /// The 64 lower-case hexadecimal digits.
    public var hex: String { HexText.text(of: bytes) }

    /// The first 12 digits, for people.
    public var short: String { String(hex.prefix(12)) }

    /// Whether both have the same bytes.
    public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}

extension ObjectID: Comparable {
    /// Orders ids by their bytes.
    public static func < (left: Self, right: Self) -> Bool { left.words < right.words }
}

extension ObjectID: HexCoded {
    /// What messages call one.
    public static let noun = "object id"
}
