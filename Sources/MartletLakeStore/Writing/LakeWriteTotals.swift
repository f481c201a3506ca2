/// What a writer has added.
public struct LakeWriteTotals: Hashable, Codable, Sendable {
    /// Objects that were not there before.
    public var objects = 0
    /// Their bytes.
    public var bytes = 0
    /// The bytes they take in packs, without the index.
    public var storedBytes = 0

    mutating func count(rawBytes: Int, storedBytes stored: Int) {
        objects += 1
        bytes += rawBytes
        storedBytes += stored
    }
}
