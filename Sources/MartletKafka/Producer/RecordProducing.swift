import CRdkafka
import MartletCore

/// Hands single records to the library, which copies them.
struct RecordProducing {
    private let handle: ClientHandle
    private var arguments: [rdk_argument]

    /// Which argument is where.
    private enum Place {
        static let topic = 0
        static let partition = 1
        static let flags = 2
        static let key = 3
        static let value = 4
        static let timestamp = 5
        static let opaque = 6
        static let headers = 7
    }

    init(_ handle: ClientHandle) {
        self.handle = handle
        let kinds = [
            RDK_ARGUMENT_TOPIC, RDK_ARGUMENT_PARTITION, RDK_ARGUMENT_FLAGS, RDK_ARGUMENT_KEY, RDK_ARGUMENT_VALUE,
            RDK_ARGUMENT_TIMESTAMP, RDK_ARGUMENT_OPAQUE, RDK_ARGUMENT_HEADERS,
        ]
        arguments = kinds.map { kind in
            var argument = rdk_argument()
            argument.kind = kind
            return argument
        }
        arguments[Place.flags].value.flags = RDK_FLAG_COPY
    }

    /// Hands over one record.
    ///
    /// - Parameters:
    ///   - record: the record.
    ///   - topic: the handle of its topic.
    ///   - mark: comes back with the report on its delivery.
    /// - Returns: the number of an error, or 0.
    mutating func produce(_ record: OutgoingRecords.Record, to topic: OpaquePointer, mark: UInt64) -> Int32 {
        arguments[Place.topic].value.topic = topic
        arguments[Place.partition].value.partition = record.partition ?? -1
        set(Place.key, record.key)
        set(Place.value, record.value)
        arguments[Place.timestamp].value.timestamp = record.timestamp
        arguments[Place.opaque].value.pointer = UnsafeMutableRawPointer(bitPattern: UInt(mark))
        var headers: OpaquePointer?
        if !record.headers.isEmpty {
            headers = Self.make(record.headers, handle)
            guard headers != nil else { return KafkaCode.badMessage }
            arguments[Place.headers].value.pointer = headers.map { UnsafeMutableRawPointer($0) }
        }
        let count = headers == nil ? Place.headers : arguments.count
        let error = arguments.withUnsafeBufferPointer {
            handle.api.produceva(handle.pointer, $0.baseAddress, count)
        }
        guard let error else { return RDK_CODE_NONE }
        defer { handle.api.error_destroy(error) }
        // The library takes headers only with their record.
        if let headers { handle.api.headers_destroy(headers) }
        return handle.api.error_code(error)
    }

    private mutating func set(_ place: Int, _ bytes: UnsafeRawBufferPointer?) {
        // An empty key or value is something else than none, and its start must not be null.
        let start = bytes.map { UnsafeMutableRawPointer(mutating: $0.baseAddress ?? Self.empty) }
        arguments[place].value.bytes.start = start
        arguments[place].value.bytes.size = bytes?.count ?? 0
    }

    // Nothing is ever read from it or written to it.
    private nonisolated(unsafe) static let empty = UnsafeRawPointer(
        UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
    )

    private static func make(_ list: ArraySlice<RecordHeader>, _ handle: ClientHandle) -> OpaquePointer? {
        guard let headers = handle.api.headers_new(list.count) else { return nil }
        for header in list {
            let code =
                if let value = header.value {
                    value.withUnsafeBytes {
                        handle.api.header_add(headers, header.name, -1, $0.baseAddress ?? empty, $0.count)
                    }
                } else {
                    handle.api.header_add(headers, header.name, -1, nil, 0)
                }
            guard code == RDK_CODE_NONE else {
                handle.api.headers_destroy(headers)
                return nil
            }
        }
        return headers
    }
}
