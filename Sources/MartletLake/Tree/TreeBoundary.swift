internal import MartletCore

/// Where one node of a tree ends and the next begins.
///
/// A key decides by its own hash whether a node ends after it, so that equal entries make equal nodes whatever came
/// before. Keys that never say so are cut off after ``most``, counted from the last end: still nothing but the keys decides.
enum TreeBoundary {
    /// A node has 64 entries on average: one key in 2^6 ends it.
    static let bits: UInt64 = 6
    /// Fewest entries of a node that another follows: each level is at most half as long as the one below.
    static let least = 2
    /// Most entries of a node.
    static let most = 1_024
    /// Most levels: with nodes of two, as many as 2^63 entries need.
    static let levels = 64

    /// Whether a node of `level` ends after its `count`th entry, whose key is `key`; leaves have level 0.
    static func follows(_ key: LakePath, level: Int, count: Int) -> Bool {
        if count < least { return false }
        return count >= most || hash(key.bytes, level: level) >> (64 - bits) == 0
    }

    /// FNV-1a over the key, then mixed with the level: the keys that end leaves must not all end the nodes above as well.
    static func hash(_ key: [UInt8], level: Int) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return SplitMix64.mix(hash &+ UInt64(truncatingIfNeeded: level) &* 0x9e37_79b9_7f4a_7c15)
    }
}
