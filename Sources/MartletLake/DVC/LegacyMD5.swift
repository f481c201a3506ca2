internal import Crypto
public import MartletCore

/// The MD5 that DVC 2 took (`md5-dos2unix`): each part of 1 MiB that looks like text is taken with `\r\n` made `\n`.
public struct LegacyMD5 {
    /// How many bytes each part but the last must have.
    public static let partBytes = 1 << 20
    /// How many bytes at the start of a part decide whether it is text.
    private static let sampleBytes = 512

    private var hash = Insecure.MD5()

    /// A hash of nothing.
    public init() {}

    /// Takes in the next part: ``partBytes`` bytes, or what is left.
    public mutating func update(part: UnsafeRawBufferPointer) {
        guard Self.looksLikeText(part.prefix(Self.sampleBytes)), part.contains(0x0d) else {
            hash.update(bufferPointer: part)
            return
        }
        var text: [UInt8] = []
        text.reserveCapacity(part.count)
        for (index, byte) in part.enumerated() {
            if byte == 0x0d, index + 1 < part.count, part[index + 1] == 0x0a { continue }
            text.append(byte)
        }
        text.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    /// The MD5.
    public consuming func finalize() -> MD5Digest { MD5Digest(hash.finalize()) }

    private static func looksLikeText(_ sample: some Collection<UInt8>) -> Bool {
        if sample.contains(0) { return false }
        let others = sample.count { !(0x20...0x7e).contains($0) && ![0x0a, 0x0d, 0x09, 0x0c, 0x08].contains($0) }
        return others * 10 <= sample.count * 3
    }
}
