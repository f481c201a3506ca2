import MartletCore

/// The bytes of a batch made from stored records.
///
/// `@unchecked Sendable`: nothing changes once it is made.
final class StoredMemory: RecordMemory, @unchecked Sendable {
    private let bytes: UnsafeMutableRawBufferPointer
    private let headers: [[RecordHeader]]

    private init(bytes: UnsafeMutableRawBufferPointer, headers: [[RecordHeader]]) {
        self.bytes = bytes
        self.headers = headers
    }

    deinit { bytes.deallocate() }

    func headers(at index: Int) -> [RecordHeader] { headers.indices.contains(index) ? headers[index] : [] }

    /// A batch of these records.
    static func batch(_ parts: [(TopicPartition, [InMemoryStreams.Stored])]) -> ConsumedBatch {
        let records = parts.flatMap(\.1)
        // One byte more, so that an empty value has an address too.
        let size = records.reduce(1) { $0 + ($1.key?.count ?? 0) + ($1.value?.count ?? 0) }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
        var end = 0
        func keep(_ part: [UInt8]?) -> UnsafeRawPointer? {
            guard let part else { return nil }
            let place = UnsafeMutableRawBufferPointer(rebasing: bytes[end..<(end + part.count)])
            place.copyBytes(from: part)
            defer { end += part.count }
            return bytes.baseAddress.map { UnsafeRawPointer($0 + end) }
        }
        let fields = records.map { record in
            RecordFields(
                key: keep(record.key),
                keyCount: record.key?.count ?? 0,
                value: keep(record.value),
                valueCount: record.value?.count ?? 0,
                offset: record.offset,
                timestamp: record.timestamp
            )
        }
        var runs = [ConsumedBatch.Run]()
        var start = 0
        for (partition, records) in parts {
            runs.append(ConsumedBatch.Run(partition, start..<(start + records.count)))
            start += records.count
        }
        let memory = StoredMemory(bytes: bytes, headers: records.map(\.headers))
        return ConsumedBatch(runs: runs, fields: ContiguousArray(fields), memory: memory)
    }
}
