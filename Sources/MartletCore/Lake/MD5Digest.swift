/// The MD5 of a file (RFC 1321): what DVC names files by and S3 tags small objects with; never evidence that a file was
/// not tampered with.
public struct MD5Digest: Hashable, Sendable {
    /// How many bytes one has.
    public static let byteCount = 16

    private let high: UInt64
    private let low: UInt64

    /// 16 zero bytes: the digest of nothing that anyone has.
    public static let zero = MD5Digest(high: 0, low: 0)

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The digest with these 16 bytes; nil when there are more or fewer.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    /// The digest with these 16 bytes; nil when there are more or fewer.
    public init?(bytes: some Sequence<UInt8>) {
        guard let digest = Array(bytes).withUnsafeBytes({ MD5Digest(bytes: $0) }) else { return nil }
        self = digest
    }

    /// The digest with these 32 hexadecimal digits; nil for any other text.
    public init?(hex: some StringProtocol) {
        guard let bytes = HexText.bytes(of: hex), let digest = MD5Digest(bytes: bytes) else { return nil }
        self = digest
    }

    /// The 16 bytes.
    public var bytes: [UInt8] { withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) } }

    /// The 32 lower-case hexadecimal digits.
    public var hex: String { HexText.text(of: bytes) }
}

extension MD5Digest: HexCoded {
    /// What messages call one.
    public static let noun = "MD5"
}
