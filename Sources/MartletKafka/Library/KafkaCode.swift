import CRdkafka
import MartletCore

/// Numbers of errors, the library's (negative) and the protocol's, that something is decided by.
enum KafkaCode {
    static let badMessage: Int32 = -199
    static let transport: Int32 = -195
    static let resolve: Int32 = -193
    static let messageTimedOut: Int32 = -192
    static let unknownPartition: Int32 = -190
    static let unknownTopic: Int32 = -188
    static let allBrokersDown: Int32 = -187
    static let timedOut: Int32 = -185
    static let waitingForCoordinator: Int32 = -180
    static let timedOutInQueue: Int32 = -166
    static let retry: Int32 = -153
    static let fatal: Int32 = -150
    static let fenced: Int32 = -144
    static let assignmentLost: Int32 = -142
    static let maxPollExceeded: Int32 = -147

    /// Kafka's error codes for conditions that pass (RetriableException in its clients).
    private static let passing: Set<Int32> = [
        2, 3, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 41, 51, 56, 70, 71, 72, 74, 75, 78, 84, 88, 103,
    ]

    /// The library's numbers for conditions that pass.
    private static let passingHere: Set<Int32> = [
        transport, resolve, allBrokersDown, timedOut, timedOutInQueue, waitingForCoordinator, retry, unknownTopic,
        unknownPartition, messageTimedOut, RDK_CODE_QUEUE_FULL,
    ]

    /// The numbers after which nobody answered, so that it is not known whether something was done.
    static let silent: Set<Int32> = [transport, resolve, allBrokersDown, timedOut, timedOutInQueue, messageTimedOut]

    /// Whether the same call may succeed later.
    static func isRetriable(_ code: Int32) -> Bool { passing.contains(code) || passingHere.contains(code) }

    /// Whether nothing works any more after it: fatal errors, and fencing by another of the same name.
    static func isFatal(_ code: Int32) -> Bool {
        [fatal, fenced, 82, 90].contains(code)
    }
}

extension KafkaLibrary {
    /// The error that a number stands for.
    ///
    /// - Parameters:
    ///   - code: the number.
    ///   - what: what failed, for people.
    ///   - text: what the library says about it; nil for its general words about the number.
    /// - Returns: the error.
    func error(_ code: Int32, _ what: String, text: String? = nil) -> StreamError {
        let disposition: StreamError.Disposition =
            KafkaCode.isFatal(code) ? .fatal : KafkaCode.isRetriable(code) ? .retriable : .refused
        return error(code, what, text: text, disposition)
    }

    /// The error that a number stands for, when it is known what can be done.
    func error(
        _ code: Int32,
        _ what: String,
        text: String? = nil,
        _ disposition: StreamError.Disposition
    ) -> StreamError {
        let general = self.text(api.err2str(code))
        let number: ErrorCode =
            switch disposition {
            case .fatal: .streamClientFailed
            case .abortable: .streamTransactionBroken
            case .retriable, .refused, .cancelled:
                KafkaCode.silent.contains(code) ? .streamUnreachable : .streamRequestRefused
            }
        let remedy: String? =
            switch disposition {
            case .fatal: "start again: the client cannot go on"
            case .abortable: "abort the transaction and try it again"
            case .retriable: KafkaCode.silent.contains(code) ? "see that the brokers can be reached" : "try again"
            case .refused, .cancelled: nil
            }
        return StreamError(
            disposition,
            number: Int(code),
            MartletError(
                number,
                what,
                reason: text.flatMap { $0.isEmpty ? nil : $0 } ?? general,
                remedy: remedy,
                cause: "\(self.text(api.err2name(code))) (\(code))"
            )
        )
    }

    /// Throws what an error object tells, and releases it.
    func check(_ error: OpaquePointer?, _ what: String) throws(StreamError) {
        guard let error else { return }
        defer { api.error_destroy(error) }
        throw describe(error, what)
    }

    /// What an error object tells.
    func describe(_ error: OpaquePointer, _ what: String) -> StreamError {
        let code = api.error_code(error)
        let text = self.text(api.error_string(error))
        if api.error_is_fatal(error) != 0 { return self.error(code, what, text: text, .fatal) }
        if api.error_txn_requires_abort(error) != 0 { return self.error(code, what, text: text, .abortable) }
        if api.error_is_retriable(error) != 0 { return self.error(code, what, text: text, .retriable) }
        return self.error(code, what, text: text)
    }

    /// Throws what a number stands for unless it is none.
    func check(_ code: Int32, _ what: String) throws(StreamError) {
        if code != RDK_CODE_NONE { throw error(code, what) }
    }
}
