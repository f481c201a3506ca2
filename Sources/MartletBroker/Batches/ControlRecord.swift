/// The one record of a control batch: how a transaction ended.
///
/// Key: i16 version 0, i16 type; value: i16 version 0, i32 epoch of the coordinator (KIP-98).
package struct ControlRecord: Hashable, Sendable {
    /// How a transaction ended.
    package enum Kind: Int16, Hashable, Sendable {
        /// Its records are not to be seen.
        case abort = 0
        /// Its records count.
        case commit = 1
    }

    /// How it ended.
    package var kind: Kind
    /// The epoch of the coordinator that decided, so that an older one is refused.
    package var coordinatorEpoch: Int32

    /// A control record.
    package init(_ kind: Kind, coordinatorEpoch: Int32) {
        self.kind = kind
        self.coordinatorEpoch = coordinatorEpoch
    }

    /// The record of a control batch; nil when it is of another type or version.
    package init?(of view: RecordBatchView, using decompressor: BatchDecompressor) {
        guard view.header.attributes.isControl, var records = try? view.records(using: decompressor),
            let record = try? records.next(), let key = record.key, let value = record.value,
            key.count >= 4, value.count >= 6, let kind = Kind(rawValue: key.number(at: 2))
        else { return nil }
        self.kind = kind
        coordinatorEpoch = value.number(at: 2)
    }

    /// The control batch that ends the open transaction of a producer.
    ///
    /// - Throws: ``LogError``, which cannot happen as it is not compressed.
    package func batch(producerID: Int64, epoch: Int16, timestamp: Int64) throws(LogError) -> [UInt8] {
        var key: [UInt8] = []
        key.append(number: Int16(0))
        key.append(number: kind.rawValue)
        var value: [UInt8] = []
        value.append(number: Int16(0))
        value.append(number: coordinatorEpoch)
        var builder = RecordBatchBuilder(
            attributes: BatchAttributes(codec: .none, isTransactional: true, isControl: true),
            producer: .init(id: producerID, epoch: epoch, baseSequence: -1)
        )
        builder.append(timestamp: timestamp, key: key, value: value)
        return try builder.build()
    }
}
