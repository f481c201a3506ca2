import CRdkafka
import MartletCore

/// One request to the brokers and the queue for its answer.
struct AdminCall: ~Copyable {
    let handle: ClientHandle
    /// What failed if it fails, for people.
    let what: String
    let options: OpaquePointer?
    private let queue: ClientQueue
    private let patience: Int32

    var api: rdk_api { handle.api }
    var library: KafkaLibrary { handle.library }
    var client: OpaquePointer { handle.pointer }

    init(_ handle: ClientHandle, _ what: String, _ milliseconds: Int32) throws(StreamError) {
        patience = min(max(milliseconds, 1), Int32(Limits.kafkaAdminMilliseconds))
        let api = handle.api
        guard let queue = ClientQueue(handle, api.queue_new(handle.pointer), isWatched: false) else {
            throw StreamError(.fatal, MartletError(.streamClientFailed, "out of memory"))
        }
        self.handle = handle
        self.what = what
        self.queue = queue
        options = api.AdminOptions_new(handle.pointer, RDK_ADMIN_ANY)
        var text = [CChar](repeating: 0, count: Limits.kafkaErrorTextBytes)
        _ = api.AdminOptions_set_request_timeout(options, patience, &text, text.count)
    }

    deinit { handle.api.AdminOptions_destroy(options) }

    /// Sends a request and waits for its answer.
    ///
    /// - Parameter send: sends it; the answer shall come to the queue.
    /// - Returns: the answer.
    /// - Throws: ``StreamError`` when the request failed as a whole.
    func answer(_ send: (_ queue: OpaquePointer) -> Void) throws(StreamError) -> ClientEvent {
        send(queue.pointer)
        // The library answers in time, also when the brokers do not.
        guard let event = ClientEvent(from: queue, waiting: 2 * patience) else {
            throw library.error(KafkaCode.timedOut, what)
        }
        guard event.code == RDK_CODE_NONE else { throw library.error(event.code, what, text: event.text) }
        return event
    }

    /// Throws the first error of a topic.
    func checkTopics(
        _ what: String,
        _ results: (UnsafeMutablePointer<Int>) -> UnsafeMutablePointer<OpaquePointer?>?
    ) throws(StreamError) {
        for result in Self.list(results) {
            let code = api.topic_result_error(result)
            guard code != RDK_CODE_NONE else { continue }
            let name = library.text(api.topic_result_name(result))
            throw library.error(code, "\(what) \(name)", text: library.text(api.topic_result_error_string(result)))
        }
    }

    /// Throws what is wrong with a group.
    func checkGroup(_ result: OpaquePointer) throws(StreamError) {
        guard let error = api.group_result_error(result), api.error_code(error) != RDK_CODE_NONE else { return }
        throw library.describe(error, "\(what) \(library.text(api.group_result_name(result)))")
    }

    /// The parts of a result.
    static func list(
        _ results: (UnsafeMutablePointer<Int>) -> UnsafeMutablePointer<OpaquePointer?>?
    ) -> [OpaquePointer] {
        var count = 0
        let start = results(&count)
        return UnsafeBufferPointer(start: UnsafePointer(start), count: start == nil ? 0 : count).compactMap(\.self)
    }
}
