package import MartletCore

/// Why a partition's log refuses a batch or cannot answer, with the error code that Kafka's protocol has for it.
package struct LogError: Error, Hashable, Sendable {
    /// The code as in the table of errors of Kafka's protocol.
    package var code: Int16
    /// What is wrong, for the server's log and for tests.
    package var reason: String
    /// The fault of the disk beneath, when that is the cause.
    package var cause: MartletError?

    /// An error with its code and reason.
    package init(_ code: Int16, _ reason: String, cause: MartletError? = nil) {
        self.code = code
        self.reason = reason
        self.cause = cause
    }

    /// The offset is before the log's start or after its end.
    package static func offsetOutOfRange(_ reason: String) -> Self { Self(1, reason) }
    /// The bytes are no batch: cut, or changed on the way.
    package static func corruptMessage(_ reason: String) -> Self { Self(2, reason) }
    /// The batch is longer than the topic accepts.
    package static func messageTooLarge(_ reason: String) -> Self { Self(10, reason) }
    /// A timestamp lies outside of what the topic accepts.
    package static func invalidTimestamp(_ reason: String) -> Self { Self(32, reason) }
    /// A batch is missing between this one and the last of its producer.
    package static func outOfOrderSequence(_ reason: String) -> Self { Self(45, reason) }
    /// A newer instance of the producer exists.
    package static func invalidProducerEpoch(_ reason: String) -> Self { Self(47, reason) }
    /// The producer's transaction does not allow this.
    package static func invalidTransactionState(_ reason: String) -> Self { Self(48, reason) }
    /// A newer coordinator wrote a marker already.
    package static func coordinatorFenced(_ reason: String) -> Self { Self(52, reason) }
    /// The disk cannot be read or written.
    package static func storage(_ cause: MartletError) -> Self { Self(56, cause.message, cause: cause) }
    /// The client's version of the protocol does not know the codec, or nobody does.
    package static func unsupportedCompression(_ reason: String) -> Self { Self(76, reason) }
    /// The batch is whole and says something it must not.
    package static func invalidRecord(_ reason: String) -> Self { Self(87, reason) }
}

extension LogError: CustomStringConvertible {
    /// The code and the reason.
    package var description: String { "\(code): \(reason)" }
}
