import CRdkafka
import MartletCore
import Synchronization

/// What the thread of a producer does: it takes in reports on deliveries, errors and statistics.
final class ProducerLoop {
    /// What tasks tell the thread.
    struct Desk {
        var isCloseWanted = false
        var hasEnded = false
        var closers = [CheckedContinuation<Void, Never>]()
        /// Why nothing works any more.
        var failure: StreamError?
    }

    private let handle: ClientHandle
    private let events: ClientQueue
    private let book: DeliveryBook
    private let state: ProducerState
    private let onNotice: NoticeHandler
    private var messages = [UnsafePointer<rdk_message>?](repeating: nil, count: Limits.kafkaDeliveryReports)
    private var outcomes = [DeliveryBook.Outcome]()

    init(
        _ handle: ClientHandle,
        events: ClientQueue,
        _ book: DeliveryBook,
        _ state: ProducerState,
        onNotice: @escaping NoticeHandler
    ) {
        self.handle = handle
        self.events = events
        self.book = book
        self.state = state
        self.onNotice = onNotice
    }

    /// Serves the producer until it is closed, and then until nothing is under way, or for too long.
    func run() {
        var closesBy: ContinuousClock.Instant?
        var isPurged = false
        while true {
            handle.signal.wait(milliseconds: Limits.kafkaPollMilliseconds)
            // Records make room in the library's queue when the event that reports on them goes, and not before.
            while takeEvent() { book.makeRoom() }
            guard state.desk.withLock(\.isCloseWanted) else { continue }
            if closesBy == nil { closesBy = .now + .milliseconds(Limits.kafkaCloseMilliseconds) }
            if book.open == 0 { break }
            guard let limit = closesBy, .now > limit else { continue }
            // What was not sent in time is given up; the library reports on each record once more.
            if isPurged { break }
            isPurged = true
            closesBy = .now + .milliseconds(Limits.kafkaPollMilliseconds)
            _ = handle.api.purge(handle.pointer, RDK_PURGE_QUEUE | RDK_PURGE_IN_FLIGHT)
        }
        book.abandon(.closed)
        let closers = state.desk.withLock { desk in
            desk.hasEnded = true
            defer { desk.closers = [] }
            return desk.closers
        }
        for closer in closers { closer.resume() }
    }

    private func takeEvent() -> Bool {
        guard let event = ClientEvent(from: events) else { return false }
        serve(event)
        return true
    }

    private func serve(_ event: borrowing ClientEvent) {
        switch event.kind {
        case RDK_EVENT_DELIVERY: takeReports(event)
        case RDK_EVENT_ERROR:
            let error = event.failure(of: handle.pointer, "the producer has trouble")
            if error.disposition == .fatal { state.desk.withLock { $0.failure = error } }
            onNotice(.trouble(error))
        default: if let notice = event.notice { onNotice(notice) }
        }
    }

    /// Reads reports in long runs of one call, so that the book is locked once for each.
    private func takeReports(_ event: borrowing ClientEvent) {
        var call: UInt32 = 0
        while true {
            let count = messages.withUnsafeMutableBufferPointer {
                handle.api.event_message_array(event.pointer, $0.baseAddress, $0.count)
            }
            if count == 0 { break }
            for index in 0..<min(count, messages.count) {
                guard let message = messages[index] else { continue }
                let mark = UInt64(UInt(bitPattern: message.pointee.opaque))
                let number = UInt32(truncatingIfNeeded: mark >> 32)
                if number != call {
                    settle(call)
                    call = number
                }
                outcomes.append(outcome(of: message, UInt32(truncatingIfNeeded: mark)))
            }
        }
        settle(call)
    }

    private func settle(_ call: UInt32) {
        if outcomes.isEmpty { return }
        book.settle(call, outcomes)
        outcomes.removeAll(keepingCapacity: true)
    }

    // The name of the topic is made once for a run of its records.
    private var lastTopic: (pointer: OpaquePointer?, partition: TopicPartition) = (nil, TopicPartition("", -1))

    private func outcome(of message: UnsafePointer<rdk_message>, _ index: UInt32) -> DeliveryBook.Outcome {
        if message.pointee.topic != lastTopic.pointer || lastTopic.partition.partition != message.pointee.partition {
            let name = message.pointee.topic.map { handle.library.text(handle.api.topic_name($0)) } ?? ""
            lastTopic = (message.pointee.topic, TopicPartition(name, message.pointee.partition))
        }
        let code = message.pointee.err
        return DeliveryBook.Outcome(
            index: Int(index),
            partition: lastTopic.partition,
            offset: message.pointee.offset,
            failure: code == RDK_CODE_NONE ? nil : Self.undelivered(code, lastTopic.partition.topic, handle.library)
        )
    }

    /// The failure of a record that was not delivered.
    static func undelivered(_ code: Int32, _ topic: String, _ library: KafkaLibrary) -> StreamError {
        var error = library.error(code, "a record for \(topic) was not delivered")
        if error.disposition != .fatal { error.failure.code = .streamRecordUndelivered }
        return error
    }
}

/// What the tasks and the thread of a producer share.
final class ProducerState: Sendable {
    let desk = Mutex(ProducerLoop.Desk())
}
