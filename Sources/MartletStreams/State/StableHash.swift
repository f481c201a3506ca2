import MartletCore

/// The hash of keys: the same on every platform and in every version, because snapshots and the division into key
/// groups depend on it.
///
/// Words of eight bytes, little-endian, are folded in by a 64 by 64 bit multiplication whose halves are combined.
/// Never change it; another hash needs another version of the snapshot format.
package enum StableHash {
    /// The hash of `bytes`.
    package static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        var state = seed ^ 0x51A7_B1E5_7EA3_1D0B ^ UInt64(bytes.count)
        var index = 0
        while index + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            state = fold(state ^ word, 0x9E37_79B9_7F4A_7C15)
            index += 8
        }
        var rest: UInt64 = 0
        while index < bytes.count {
            rest = rest << 8 | UInt64(bytes[index])
            index += 1
        }
        return fold(fold(state ^ rest, 0xD6E8_FEB8_6659_FD93), 0xA076_1D64_78BD_642F)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        // The operand itself stays in, so that a zero does not wipe out what came before.
        return product.high ^ product.low ^ (left &+ right)
    }

    /// Which of the ``Limits/keyGroups`` groups a key with this hash belongs to: its top seven bits.
    @inline(__always)
    package static func group(of hash: UInt64) -> Int { Int(hash >> 57) }
}
