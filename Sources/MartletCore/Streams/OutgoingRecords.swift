/// Records to be sent, packed: adding one copies its bytes behind those of the others.
public struct OutgoingRecords: Sendable {
    /// One record's parts, as ranges of what is packed.
    @usableFromInline struct Entry: Sendable {
        @usableFromInline var topic: Int32
        @usableFromInline var partition: Int32
        @usableFromInline var start: Int
        /// -1 when there is none.
        @usableFromInline var keyCount: Int32
        /// -1 for a tombstone.
        @usableFromInline var valueCount: Int32
        @usableFromInline var headers: Range<Int32>
        @usableFromInline var timestamp: Int64

        @usableFromInline init(
            topic: Int32,
            partition: Int32,
            start: Int,
            keyCount: Int32,
            valueCount: Int32,
            headers: Range<Int32>,
            timestamp: Int64
        ) {
            self.topic = topic
            self.partition = partition
            self.start = start
            self.keyCount = keyCount
            self.valueCount = valueCount
            self.headers = headers
            self.timestamp = timestamp
        }
    }

    /// The topics that records go to, each once.
    public private(set) var topics = [String]()
    private var topicIndices = [String: Int32]()
    @usableFromInline var bytes = [UInt8]()
    @usableFromInline var entries = [Entry]()
    @usableFromInline var headers = [RecordHeader]()

    /// No records.
    public init() {}

    /// How many records there are.
    @inlinable public var count: Int { entries.count }

    /// Whether there are none.
    @inlinable public var isEmpty: Bool { entries.isEmpty }

    /// The size of all keys and values.
    @inlinable public var byteCount: Int { bytes.count }

    /// The number of a topic among those of these records, for ``append(topic:partition:key:value:timestamp:headers:)``.
    public mutating func index(of topic: String) -> Int32 {
        if let index = topicIndices[topic] { return index }
        let index = Int32(clamping: topics.count)
        topics.append(topic)
        topicIndices[topic] = index
        return index
    }

    /// Adds a record.
    ///
    /// - Parameters:
    ///   - topic: what ``index(of:)`` gives.
    ///   - partition: its number; nil lets the key choose.
    ///   - key: the key; nil for none.
    ///   - value: the value; nil for a tombstone.
    ///   - timestamp: milliseconds since 1970; nil for the time when it is sent.
    ///   - headers: its headers.
    @inlinable public mutating func append(
        topic: Int32,
        partition: Int32? = nil,
        key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?,
        timestamp: Int64? = nil,
        headers: [RecordHeader] = []
    ) {
        let firstHeader = Int32(clamping: self.headers.count)
        if !headers.isEmpty { self.headers.append(contentsOf: headers) }
        entries.append(
            Entry(
                topic: topic,
                partition: partition ?? -1,
                start: bytes.count,
                keyCount: key.map { Int32(clamping: $0.count) } ?? -1,
                valueCount: value.map { Int32(clamping: $0.count) } ?? -1,
                headers: firstHeader..<Int32(clamping: self.headers.count),
                timestamp: timestamp ?? 0
            )
        )
        if let key { bytes.append(contentsOf: key) }
        if let value { bytes.append(contentsOf: value) }
    }

    /// Adds a record to a topic by name.
    public mutating func append(
        to topic: String,
        partition: Int32? = nil,
        key: [UInt8]?,
        value: [UInt8]?,
        timestamp: Int64? = nil,
        headers: [RecordHeader] = []
    ) {
        let index = index(of: topic)
        Self.withBytes(key) { key in
            Self.withBytes(value) { value in
                append(
                    topic: index,
                    partition: partition,
                    key: key,
                    value: value,
                    timestamp: timestamp,
                    headers: headers
                )
            }
        }
    }

    private static func withBytes(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
        guard let bytes else { return body(nil) }
        bytes.withUnsafeBytes { body($0) }
    }
}

extension OutgoingRecords {
    /// One of the records, for as long as it is looked at.
    public struct Record {
        /// The number of its topic in ``OutgoingRecords/topics``.
        public var topic: Int
        /// Its partition; nil when the key chooses.
        public var partition: Int32?
        /// The key, valid only while it is looked at; nil for none.
        public var key: UnsafeRawBufferPointer?
        /// The value, valid only while it is looked at; nil for a tombstone.
        public var value: UnsafeRawBufferPointer?
        /// Milliseconds since 1970; 0 for the time when it is sent.
        public var timestamp: Int64
        /// Its headers.
        public var headers: ArraySlice<RecordHeader>
    }

    /// Shows the records of `range` until `body` says that it is enough.
    ///
    /// - Parameters:
    ///   - range: indices of records.
    ///   - body: what to do with a record and its index; false ends it. Pointers are valid only until it returns.
    /// - Throws: what `body` throws.
    public func visit<Failure>(
        _ range: Range<Int>,
        _ body: (_ index: Int, _ record: Record) throws(Failure) -> Bool
    ) throws(Failure) {
        let result = bytes.withUnsafeBytes { packed -> Result<Void, Failure> in
            for index in range.clamped(to: entries.indices) {
                let entry = entries[index]
                let keyEnd = entry.start + Int(max(entry.keyCount, 0))
                let record = Record(
                    topic: Int(entry.topic),
                    partition: entry.partition < 0 ? nil : entry.partition,
                    key: entry.keyCount < 0 ? nil : .init(rebasing: packed[entry.start..<keyEnd]),
                    value: entry.valueCount < 0
                        ? nil : .init(rebasing: packed[keyEnd..<(keyEnd + Int(entry.valueCount))]),
                    timestamp: entry.timestamp,
                    headers: headers[Int(entry.headers.lowerBound)..<Int(entry.headers.upperBound)]
                )
                do throws(Failure) {
                    if try !body(index, record) { break }
                } catch {
                    return .failure(error)
                }
            }
            return .success(())
        }
        try result.get()
    }
}
