/// A random number for each byte, for the hash of ``Chunker``.
///
/// Part of the format: other numbers would cut every file anew.
enum GearTable {
    static let numbers: [UInt64] = {
        var random = SplitMix64(seed: 0x6d61_7274_6c65_7431)
        return (0..<256).map { _ in random.next() }
    }()
}
