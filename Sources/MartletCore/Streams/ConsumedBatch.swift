/// Records as they came from a stream, without a copy of any.
///
/// The bytes stay where the client received them and are released, all at once, with the last copy of the batch.
/// Records of one partition stand together in runs, in the order of their offsets.
///
/// `@unchecked Sendable`: the pointers lead into memory that nobody writes to and that lives as long as `memory`.
public struct ConsumedBatch: @unchecked Sendable {
    /// Neighbouring records of one partition.
    public struct Run: Hashable, Sendable {
        /// The partition.
        public var partition: TopicPartition
        /// The records' indices in the batch; never empty.
        public var range: Range<Int>

        /// A run of `partition`.
        public init(_ partition: TopicPartition, _ range: Range<Int>) {
            self.partition = partition
            self.range = range
        }
    }

    /// The runs, one after the other; together they are the whole batch.
    public let runs: [Run]
    @usableFromInline let fields: ContiguousArray<RecordFields>
    @usableFromInline let memory: any RecordMemory

    /// A batch of the records that `fields` point at, whose bytes `memory` holds.
    public init(runs: [Run], fields: ContiguousArray<RecordFields>, memory: any RecordMemory) {
        self.runs = runs
        self.fields = fields
        self.memory = memory
    }

    /// How many records there are.
    @inlinable public var count: Int { fields.count }

    /// The offset of the record at `index`, from 0.
    @inlinable public func offset(at index: Int) -> Int64 { fields[index].offset }

    /// When the record at `index` was made, or appended: milliseconds since 1970; -1 when nobody knows.
    @inlinable public func timestamp(at index: Int) -> Int64 { fields[index].timestamp }

    /// Shows the records of `range`, one after the other.
    ///
    /// - Parameters:
    ///   - range: indices of records.
    ///   - body: what to do with a record; pointers that it takes from it are valid only until it returns.
    /// - Throws: what `body` throws.
    @inlinable public func visit<Failure>(
        in range: Range<Int>,
        _ body: (_ record: borrowing ConsumedRecord) throws(Failure) -> Void
    ) throws(Failure) {
        defer { withExtendedLifetime(memory) {} }
        for index in range.clamped(to: fields.indices) {
            try body(ConsumedRecord(index: index, fields: fields[index], memory: memory))
        }
    }

    /// Shows all records, one after the other.
    ///
    /// - Parameter body: what to do with a record; pointers that it takes from it are valid only until it returns.
    /// - Throws: what `body` throws.
    @inlinable public func visit<Failure>(
        _ body: (_ record: borrowing ConsumedRecord) throws(Failure) -> Void
    ) throws(Failure) {
        try visit(in: fields.indices, body)
    }

    /// For each partition the offset after its last record.
    public var nextOffsets: [TopicPartition: Int64] {
        var next = [TopicPartition: Int64]()
        for run in runs { next[run.partition] = fields[run.range.upperBound - 1].offset + 1 }
        return next
    }
}

/// One record of a batch, for as long as it is looked at.
public struct ConsumedRecord: ~Copyable {
    /// Its index in the batch.
    public let index: Int
    @usableFromInline let fields: RecordFields
    @usableFromInline unowned(unsafe) let memory: any RecordMemory

    @inlinable init(index: Int, fields: RecordFields, memory: any RecordMemory) {
        self.index = index
        self.fields = fields
        self.memory = memory
    }

    /// The key; nil when it has none.
    @inlinable public var key: UnsafeRawBufferPointer? { fields.key }

    /// The value; nil for a tombstone.
    @inlinable public var value: UnsafeRawBufferPointer? { fields.value }

    /// Its place in the partition.
    @inlinable public var offset: Int64 { fields.offset }

    /// When it was made, or appended: milliseconds since 1970; -1 when nobody knows.
    @inlinable public var timestamp: Int64 { fields.timestamp }

    /// Its headers, copied, in their order.
    public var headers: [RecordHeader] { memory.headers(at: index) }
}

/// Where a record's parts are, and what it holds besides.
public struct RecordFields: BitwiseCopyable {
    @usableFromInline let keyStart: UnsafeRawPointer?
    @usableFromInline let valueStart: UnsafeRawPointer?
    @usableFromInline let keyCount: Int32
    @usableFromInline let valueCount: Int32
    /// Its place in the partition.
    public let offset: Int64
    /// Milliseconds since 1970; -1 when nobody knows.
    public let timestamp: Int64

    /// The parts of a record.
    ///
    /// A null start means that there is no key, or no value; an empty one needs any other start.
    @inlinable public init(
        key: UnsafeRawPointer?,
        keyCount: Int,
        value: UnsafeRawPointer?,
        valueCount: Int,
        offset: Int64,
        timestamp: Int64
    ) {
        keyStart = key
        self.keyCount = Int32(clamping: keyCount)
        valueStart = value
        self.valueCount = Int32(clamping: valueCount)
        self.offset = offset
        self.timestamp = timestamp
    }

    @inlinable var key: UnsafeRawBufferPointer? {
        keyStart.map { UnsafeRawBufferPointer(start: $0, count: Int(keyCount)) }
    }

    @inlinable var value: UnsafeRawBufferPointer? {
        valueStart.map { UnsafeRawBufferPointer(start: $0, count: Int(valueCount)) }
    }
}

/// Holds the bytes of a batch, which go when it does.
public protocol RecordMemory: AnyObject, Sendable {
    /// The headers of the record at `index` of the batch.
    func headers(at index: Int) -> [RecordHeader]
}
