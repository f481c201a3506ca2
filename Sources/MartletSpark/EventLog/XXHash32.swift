/// The checksum xxHash32 (xxHash specification 0.1.1), which lz4 blocks carry.
enum XXHash32 {
    private static let primes: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
        0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D, 0x27D4_EB2F, 0x1656_67B1
    )

    static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt32) -> UInt32 {
        let (one, two, three, four, five) = primes
        var at = 0
        var hash: UInt32
        if bytes.count >= 16 {
            var lanes = SIMD4<UInt32>(seed &+ one &+ two, seed &+ two, seed, seed &- one)
            while bytes.count - at >= 16 {
                let words = SIMD4<UInt32>(
                    word(bytes, at),
                    word(bytes, at + 4),
                    word(bytes, at + 8),
                    word(bytes, at + 12)
                )
                lanes = lanes &+ words &* two
                lanes = (lanes &<< 13 | lanes &>> 19) &* one
                at += 16
            }
            hash = rotated(lanes[0], 1) &+ rotated(lanes[1], 7) &+ rotated(lanes[2], 12) &+ rotated(lanes[3], 18)
        } else {
            hash = seed &+ five
        }
        hash &+= UInt32(truncatingIfNeeded: bytes.count)
        while bytes.count - at >= 4 {
            hash = rotated(hash &+ word(bytes, at) &* three, 17) &* four
            at += 4
        }
        while at < bytes.count {
            hash = rotated(hash &+ UInt32(bytes[at]) &* five, 11) &* one
            at += 1
        }
        hash = (hash ^ hash >> 15) &* two
        hash = (hash ^ hash >> 13) &* three
        return hash ^ hash >> 16
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
    }

    private static func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value &<< count | value &>> (32 - count) }
}
