/// What went wrong with a stream, and what can be done about it.
public struct StreamError: Error, Hashable, Sendable {
    /// What whoever meets the error can do.
    public enum Disposition: String, Hashable, Sendable {
        /// Nothing more with this client: close it and make another.
        case fatal
        /// Abort the transaction, go back to what was committed, and try the whole again.
        case abortable
        /// The same call again, later.
        case retriable
        /// Nothing: the same call fails again.
        case refused
        /// The calling task was cancelled; what was asked for may happen all the same.
        case cancelled
    }

    /// What can be done.
    public var disposition: Disposition
    /// The number of Kafka's protocol, or that of the library when negative.
    public var number: Int?
    /// The error to show.
    public var failure: MartletError

    /// An error of a stream.
    public init(_ disposition: Disposition, number: Int? = nil, _ failure: MartletError) {
        self.disposition = disposition
        self.number = number
        self.failure = failure
    }

    /// The call was cancelled.
    public static var cancelled: Self {
        Self(.cancelled, MartletError(.streamClientMisused, "the call was cancelled"))
    }

    /// The client is closed.
    public static var closed: Self {
        Self(.fatal, MartletError(.streamClientMisused, "the client is closed", remedy: "make a new one"))
    }
}

extension StreamError: CustomStringConvertible {
    /// The error as people see it.
    public var description: String { failure.description }
}
