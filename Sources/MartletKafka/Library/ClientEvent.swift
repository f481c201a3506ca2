import CRdkafka
import MartletCore

/// An event of the library, taken from a queue; it goes when this does.
struct ClientEvent: ~Copyable {
    let library: KafkaLibrary
    let pointer: OpaquePointer

    /// The next event of a queue, if it comes in time.
    init?(from queue: ClientQueue, waiting milliseconds: Int32 = 0) {
        library = queue.handle.library
        guard let event = library.api.queue_poll(queue.pointer, milliseconds) else { return nil }
        pointer = event
    }

    deinit { library.api.event_destroy(pointer) }

    /// Its kind, as in `RDK_EVENT_LOG`.
    var kind: Int32 { library.api.event_type(pointer) }

    /// Its error's number.
    var code: Int32 { library.api.event_error(pointer) }

    /// Its error's text.
    var text: String { library.text(library.api.event_error_string(pointer)) }

    /// The notice in it, if it is of such a kind.
    var notice: ClientNotice? {
        switch kind {
        case RDK_EVENT_LOG:
            var facility: UnsafePointer<CChar>?
            var text: UnsafePointer<CChar>?
            var level: Int32 = 0
            guard library.api.event_log(pointer, &facility, &text, &level) == 0 else { return nil }
            return .log(level: Int(level), facility: library.text(facility), text: library.text(text))
        case RDK_EVENT_STATS:
            return KafkaStatistics(json: library.text(library.api.event_stats(pointer))).map { .statistics($0) }
        default: return nil
        }
    }

    /// The error of an error event; a fatal one tells what is behind it.
    func failure(of client: OpaquePointer, _ what: String) -> StreamError {
        guard code == KafkaCode.fatal || library.api.event_error_is_fatal(pointer) != 0 else {
            return library.error(code, what, text: text)
        }
        var buffer = [CChar](repeating: 0, count: Limits.kafkaErrorTextBytes)
        let cause = library.api.fatal_error(client, &buffer, buffer.count)
        let words = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return library.error(cause == RDK_CODE_NONE ? code : cause, what, text: words, .fatal)
    }
}
