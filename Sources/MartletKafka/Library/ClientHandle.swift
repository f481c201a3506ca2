import CRdkafka
import Dispatch
import MartletCore

/// Owns a client of librdkafka.
///
/// It goes with its last user: the client itself, a call that still runs, or a batch whose bytes are the client's.
///
/// `@unchecked Sendable`: the library lets any thread use a client; nothing else here changes.
final class ClientHandle: @unchecked Sendable {
    let library: KafkaLibrary
    let pointer: OpaquePointer
    /// Wakes the client's thread.
    ///
    /// The library may raise it until the client is gone.
    let signal = ClientSignal()
    private let onDestroyed: (@Sendable () -> Void)?

    /// The client's functions.
    var api: rdk_api { library.api }

    /// Runs something on a thread that it may block: a serial queue always gets one, whatever others do.
    private static func aside(_ body: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "martlet.kafka.call").async(execute: body)
    }

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - library: the library to use.
    ///   - role: `RDK_CONSUMER` or `RDK_PRODUCER`.
    ///   - configuration: its properties.
    ///   - events: the kinds of events to put into queues instead of calling back.
    ///   - onDestroyed: called when nothing is left of it.
    /// - Throws: ``StreamError`` for a property that the library does not take.
    init(
        _ library: KafkaLibrary,
        role: Int32,
        _ configuration: KafkaConfiguration,
        events: Int32,
        onDestroyed: (@Sendable () -> Void)? = nil
    ) throws(StreamError) {
        guard let conf = library.api.conf_new() else { throw Self.failed("out of memory") }
        var isTaken = false
        defer { if !isTaken { library.api.conf_destroy(conf) } }
        // Logs come as events; otherwise the library writes them to standard error.
        for (name, value) in [("log.queue", "true")] + configuration.resolved(for: library) {
            var text = [CChar](repeating: 0, count: Limits.kafkaErrorTextBytes)
            guard library.api.conf_set(conf, name, value, &text, text.count) == 0 else {
                throw configuration.refusal(of: name, text.withUnsafeBufferPointer { Self.text($0) })
            }
        }
        library.api.conf_set_events(conf, events | RDK_EVENT_LOG | RDK_EVENT_ERROR | RDK_EVENT_STATS)
        var text = [CChar](repeating: 0, count: Limits.kafkaErrorTextBytes)
        guard let made = library.api.new(role, conf, &text, text.count) else {
            throw Self.failed(configuration.masked(text.withUnsafeBufferPointer { Self.text($0) }))
        }
        isTaken = true
        self.library = library
        self.onDestroyed = onDestroyed
        pointer = made
        _ = library.api.set_log_queue(made, nil)
    }

    deinit {
        let (library, signal, onDestroyed) = (library, signal, onDestroyed)
        let address = UInt(bitPattern: pointer)
        // Destroying waits for the library's threads, and whoever has the last reference must not wait for that.
        Self.aside {
            // The member leaves its group before, or is meant not to: waiting for the group here could last for ever.
            library.api.destroy_flags(OpaquePointer(bitPattern: address), RDK_DESTROY_NO_CONSUMER_CLOSE)
            withExtendedLifetime(signal) {}
            onDestroyed?()
        }
    }

    /// Runs a call that blocks on a thread that no task shares.
    func blocking<Value: Sendable>(
        _ body: @escaping @Sendable (ClientHandle) throws(StreamError) -> Value
    ) async throws(StreamError) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, StreamError>, Never>) in
            Self.aside {
                continuation.resume(returning: Result { () throws(StreamError) in try body(self) })
            }
        }
        return try result.get()
    }

    private static func text(_ characters: UnsafeBufferPointer<CChar>) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func failed(_ reason: String) -> StreamError {
        StreamError(
            .refused,
            MartletError(
                .streamPropertyInvalid,
                "librdkafka does not take the configuration",
                reason: reason,
                remedy: "correct the properties of the connection"
            )
        )
    }
}

/// Owns a queue of a client, and keeps the client.
///
/// `@unchecked Sendable`: the library lets any thread use a queue.
final class ClientQueue: @unchecked Sendable {
    let handle: ClientHandle
    let pointer: OpaquePointer

    /// Takes a queue over; its arrivals raise the client's signal.
    init?(_ handle: ClientHandle, _ queue: OpaquePointer?, isWatched: Bool = true) {
        guard let queue else { return nil }
        self.handle = handle
        pointer = queue
        if isWatched { handle.signal.watch(queue, handle.library) }
    }

    deinit {
        handle.api.queue_cb_event_enable(pointer, nil, nil)
        handle.api.queue_destroy(pointer)
    }
}
