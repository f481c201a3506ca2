/// The attributes of a record batch.
package struct BatchAttributes: RawRepresentable, Hashable, Sendable {
    /// The bits as they stand in the batch.
    package var rawValue: Int16

    /// The attributes that these bits say.
    package init(rawValue: Int16) { self.rawValue = rawValue }

    /// Attributes of a batch to be built.
    package init(codec: CompressionCodec, isTransactional: Bool = false, isControl: Bool = false) {
        rawValue = codec.rawValue | (isTransactional ? Self.transactional : 0) | (isControl ? Self.control : 0)
    }

    static let codecs: Int16 = 0b111
    static let logAppendTime: Int16 = 1 << 3
    static let transactional: Int16 = 1 << 4
    static let control: Int16 = 1 << 5
    static let deleteHorizon: Int16 = 1 << 6

    /// How the records are compressed; nil for a number that means nothing.
    package var codec: CompressionCodec? { CompressionCodec(rawValue: rawValue & Self.codecs) }

    /// Whether the broker's clock gave the timestamp: all records have the batch's latest one then.
    package var isLogAppendTime: Bool { rawValue & Self.logAppendTime != 0 }

    /// Whether the batch is part of a transaction.
    package var isTransactional: Bool { rawValue & Self.transactional != 0 }

    /// Whether it is a marker that ends a transaction.
    package var isControl: Bool { rawValue & Self.control != 0 }

    /// Whether the base timestamp is the time after which compaction may drop the batch's tombstones.
    package var hasDeleteHorizon: Bool { rawValue & Self.deleteHorizon != 0 }
}
