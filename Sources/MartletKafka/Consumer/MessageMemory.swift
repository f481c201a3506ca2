import CRdkafka
import MartletCore
import Synchronization

/// The messages of one batch, which are released together.
///
/// `@unchecked Sendable`: nobody writes to the messages but the library's lazy reading of headers, which a lock guards.
final class MessageMemory: RecordMemory, @unchecked Sendable {
    private let handle: ClientHandle
    private let messages: UnsafeMutablePointer<UnsafeMutablePointer<rdk_message>?>
    private let count: Int
    private let reading = Mutex(())

    /// Takes over `count` messages and the memory that holds their pointers.
    init(_ handle: ClientHandle, _ messages: UnsafeMutablePointer<UnsafeMutablePointer<rdk_message>?>, count: Int) {
        self.handle = handle
        self.messages = messages
        self.count = count
    }

    deinit {
        for index in 0..<count { handle.api.message_destroy(messages[index]) }
        messages.deallocate()
    }

    func headers(at index: Int) -> [RecordHeader] {
        guard index >= 0, index < count, let message = messages[index] else { return [] }
        let api = handle.api
        return reading.withLock { _ in
            var headers: OpaquePointer?
            guard api.message_headers(message, &headers) == RDK_CODE_NONE, let headers else { return [] }
            var found = [RecordHeader]()
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var size = 0
            while api.header_get_all(headers, found.count, &name, &value, &size) == RDK_CODE_NONE {
                let bytes = value.map { Array(UnsafeRawBufferPointer(start: $0, count: size)) }
                found.append(RecordHeader(handle.library.text(name), bytes))
            }
            return found
        }
    }
}

/// Takes messages from a queue and sorts out what is in them.
struct MessageDrain {
    let handle: ClientHandle
    let queue: ClientQueue

    /// What came besides records.
    enum Extra {
        case reachedEnd(TopicPartition, offset: Int64)
        case failure(StreamError)
    }

    /// Takes what is there, without waiting.
    ///
    /// - Parameters:
    ///   - limit: most messages.
    ///   - next: by partition the offset after the last record; moves on.
    ///   - floors: by partition the offset before which records are dropped, until the first that is not. Offsets may go
    ///     back for good reasons too, as when a topic was made anew, so that a floor holds only where one is needed.
    /// - Returns: the records, if there are any, and what came besides.
    func take(
        _ limit: Int,
        _ next: inout [TopicPartition: Int64],
        floors: inout [TopicPartition: Int64]
    ) -> (batch: ConsumedBatch?, extras: [Extra]) {
        let api = handle.api
        let messages = UnsafeMutablePointer<UnsafeMutablePointer<rdk_message>?>.allocate(capacity: limit)
        let taken = api.consume_batch_queue(queue.pointer, 0, messages, limit)
        guard taken > 0 else {
            messages.deallocate()
            return (nil, [])
        }
        var runs = [ConsumedBatch.Run]()
        var fields = ContiguousArray<RecordFields>()
        fields.reserveCapacity(taken)
        var extras = [Extra]()
        // The run that messages are being added to: pointers compare faster than names.
        var topic: OpaquePointer?
        var partition = TopicPartition("", -1)
        var floor: Int64?
        var start = 0

        func endRun() {
            guard fields.count > start, let last = fields.last else { return }
            next[partition] = last.offset + 1
            floors[partition] = nil
            runs.append(ConsumedBatch.Run(partition, start..<fields.count))
        }
        for index in 0..<taken {
            guard let message = messages[index] else { continue }
            if message.pointee.err != RDK_CODE_NONE {
                extras.append(extra(of: message))
                api.message_destroy(message)
                continue
            }
            if message.pointee.topic != topic || message.pointee.partition != partition.partition {
                endRun()
                topic = message.pointee.topic
                partition = TopicPartition(handle.library.text(api.topic_name(topic)), message.pointee.partition)
                floor = floors[partition]
                start = fields.count
            }
            if let lowest = floor, message.pointee.offset < lowest {
                api.message_destroy(message)
                continue
            }
            floor = nil
            messages[fields.count] = message
            fields.append(
                RecordFields(
                    key: UnsafeRawPointer(message.pointee.key),
                    keyCount: message.pointee.key_size,
                    value: UnsafeRawPointer(message.pointee.payload),
                    valueCount: message.pointee.payload_size,
                    offset: message.pointee.offset,
                    timestamp: api.message_timestamp(message, nil)
                )
            )
        }
        endRun()
        let memory = MessageMemory(handle, messages, count: fields.count)
        return (fields.isEmpty ? nil : ConsumedBatch(runs: runs, fields: fields, memory: memory), extras)
    }

    private func extra(of message: UnsafeMutablePointer<rdk_message>) -> Extra {
        let name = message.pointee.topic.map { handle.library.text(handle.api.topic_name($0)) } ?? ""
        let partition = TopicPartition(name, message.pointee.partition)
        if message.pointee.err == RDK_CODE_PARTITION_EOF {
            return .reachedEnd(partition, offset: message.pointee.offset)
        }
        let text = message.pointee.payload.map {
            String(decoding: UnsafeRawBufferPointer(start: $0, count: message.pointee.payload_size), as: UTF8.self)
        }
        return .failure(handle.library.error(message.pointee.err, "cannot read \(partition)", text: text))
    }
}
