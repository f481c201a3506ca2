internal import MartletCore

/// The file that keeps the producers of a partition as they were at an offset.
///
/// Version i16, CRC-32C u32 of the rest, offset i64, count i32; for each producer its id i64, epoch i16, coordinator's
/// epoch i32, time last seen i64, start of its open transaction i64 or -1, count of batches i8, and for each of them
/// first and last sequence number i32, first and last offset i64, timestamp i64.
enum ProducerSnapshot {
    private static let version: Int16 = 1
    private static let headBytes = 6

    static func encode(_ states: ProducerStates, at offset: Int64) -> [UInt8] {
        var body: [UInt8] = []
        body.append(number: offset)
        body.append(number: Int32(clamping: states.producers.count))
        // In order, so that the same states give the same bytes.
        for (id, state) in states.producers.sorted(by: { $0.key < $1.key }) {
            body.append(number: id)
            body.append(number: state.epoch)
            body.append(number: state.coordinatorEpoch)
            body.append(number: state.lastSeen)
            body.append(number: state.transactionStart ?? -1)
            body.append(number: Int8(clamping: state.batches.count))
            for batch in state.batches {
                body.append(number: batch.baseSequence)
                body.append(number: batch.lastSequence)
                body.append(number: batch.baseOffset)
                body.append(number: batch.lastOffset)
                body.append(number: batch.timestamp)
            }
        }
        var bytes: [UInt8] = []
        bytes.append(number: version)
        bytes.append(number: body.withUnsafeBytes { Checksum.crc32c($0) })
        return bytes + body
    }

    /// The states; nil when the bytes are damaged, or of another offset.
    static func decode(_ bytes: [UInt8], at offset: Int64) -> ProducerStates? {
        bytes.withUnsafeBytes { bytes -> ProducerStates? in
            guard bytes.count >= headBytes, bytes.number(Int16.self, at: 0) == version else { return nil }
            let body = bytes.slice(headBytes, bytes.count)
            guard bytes.number(UInt32.self, at: 2) == Checksum.crc32c(body) else { return nil }
            var cursor = ByteCursor(body)
            guard cursor.number(Int64.self) == offset, let count = cursor.number(Int32.self), count >= 0,
                count <= Limits.snapshotProducers
            else { return nil }
            var producers: [Int64: ProducerState] = [:]
            for _ in 0..<count {
                guard let (id, state) = producer(&cursor) else { return nil }
                producers[id] = state
            }
            return cursor.remaining == 0 ? ProducerStates(producers) : nil
        }
    }

    private static func producer(_ cursor: inout ByteCursor) -> (Int64, ProducerState)? {
        guard let id = cursor.number(Int64.self), let epoch = cursor.number(Int16.self),
            let coordinatorEpoch = cursor.number(Int32.self), let lastSeen = cursor.number(Int64.self),
            let start = cursor.number(Int64.self), let count = cursor.number(Int8.self), count >= 0,
            count <= Limits.rememberedBatches
        else { return nil }
        var state = ProducerState(epoch: epoch, lastSeen: lastSeen)
        state.coordinatorEpoch = coordinatorEpoch
        state.transactionStart = start >= 0 ? start : nil
        for _ in 0..<count {
            guard let base = cursor.number(Int32.self), let last = cursor.number(Int32.self),
                let baseOffset = cursor.number(Int64.self), let lastOffset = cursor.number(Int64.self),
                let timestamp = cursor.number(Int64.self)
            else { return nil }
            state.batches.append(
                .init(
                    baseSequence: base,
                    lastSequence: last,
                    baseOffset: baseOffset,
                    lastOffset: lastOffset,
                    timestamp: timestamp
                )
            )
        }
        return (id, state)
    }
}
