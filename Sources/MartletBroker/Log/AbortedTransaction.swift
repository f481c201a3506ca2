/// A transaction whose records must not be seen: an entry of Kafka's `.txnindex`, 34 bytes.
package struct AbortedTransaction: Hashable, Sendable, IndexEntry {
    static let byteCount = 34
    private static let version: Int16 = 0

    /// Whose it was.
    package var producerID: Int64
    /// Its first offset in the partition.
    package var firstOffset: Int64
    /// The offset of its marker.
    package var lastOffset: Int64
    /// The last stable offset once it had ended: what aborts later begins here or after.
    package var lastStableOffset: Int64

    init(producerID: Int64, firstOffset: Int64, lastOffset: Int64, lastStableOffset: Int64) {
        self.producerID = producerID
        self.firstOffset = firstOffset
        self.lastOffset = lastOffset
        self.lastStableOffset = lastStableOffset
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        producerID = bytes.number(at: 2)
        firstOffset = bytes.number(at: 10)
        lastOffset = bytes.number(at: 18)
        lastStableOffset = bytes.number(at: 26)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(number: Self.version)
        bytes.append(number: producerID)
        bytes.append(number: firstOffset)
        bytes.append(number: lastOffset)
        bytes.append(number: lastStableOffset)
    }

    /// The entries of a file; nil when it is not made of whole ones.
    static func entries(_ bytes: [UInt8]) -> [Self]? {
        guard bytes.count % byteCount == 0 else { return nil }
        return bytes.withUnsafeBytes { bytes in
            var entries: [Self] = []
            entries.reserveCapacity(bytes.count / byteCount)
            for start in stride(from: 0, to: bytes.count, by: byteCount) {
                let entry = bytes.slice(start, start + byteCount)
                guard entry.number(Int16.self, at: 0) == version else { return nil }
                entries.append(Self(entry))
            }
            return entries
        }
    }
}
