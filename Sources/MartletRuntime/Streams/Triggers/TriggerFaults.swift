import MartletCore

/// The errors that a trigger ends with, or that it writes into dead letters.
enum TriggerFaults {
    /// The wait after so many errors of the stream in a row.
    static func wait(_ errors: Int) -> Duration {
        let milliseconds = Limits.triggerRetryMilliseconds << min(max(errors - 1, 0), 16)
        return .milliseconds(min(milliseconds, Limits.triggerRetryCeilingMilliseconds))
    }

    /// Numbers of errors that mean that another of the same name is at work: FENCED_INSTANCE_ID, PRODUCER_FENCED,
    /// INVALID_PRODUCER_EPOCH, and librdkafka's own.
    private static let fencing: Set<Int> = [82, 90, 47, -144]

    /// Nothing more can be read.
    static func input(_ error: StreamError, _ options: EventTriggerOptions) -> MartletError {
        if let number = error.number, fencing.contains(number) { return fenced(error, options) }
        return MartletError(
            .triggerInputFailed,
            "the trigger on topic \(options.topic) cannot read its events",
            reason: error.failure.message + (error.failure.reason.map { ": \($0)" } ?? ""),
            remedy: error.failure.remedy ?? "see the reason; it goes on where it stopped once it is started again",
            cause: error.failure.cause
        )
    }

    /// Nothing more can be written.
    static func output(_ error: StreamError, _ options: EventTriggerOptions) -> MartletError {
        if let number = error.number, fencing.contains(number) { return fenced(error, options) }
        return MartletError(
            .triggerOutputFailed,
            "the trigger on topic \(options.topic) cannot write its answers",
            reason: error.failure.message + (error.failure.reason.map { ": \($0)" } ?? ""),
            remedy: "see that topics \(options.output) and \(options.deadLetters) are there and take such records, "
                + "and start it again: nothing is lost or written twice",
            cause: error.failure.cause
        )
    }

    private static func fenced(_ error: StreamError, _ options: EventTriggerOptions) -> MartletError {
        MartletError(
            .triggerFenced,
            "another trigger has taken over from this one on topic \(options.topic)",
            reason: "it has the same transactional id (\(options.transactionalID)) or instance name, and is newer",
            remedy: "give each member of group \(options.group) names of its own, or let only one run",
            cause: error.failure.cause
        )
    }

    /// The scorer has been down for too long.
    static func down(_ reason: MartletError, _ options: EventTriggerOptions) -> MartletError {
        MartletError(
            .scorerDown,
            "what scores the events of topic \(options.topic) has been down for \(options.downLimit)",
            reason: reason.message + (reason.reason.map { ": \($0)" } ?? ""),
            remedy: "see that it runs by itself; the trigger goes on where it stopped once it is started again",
            cause: reason.cause
        )
    }

    /// An event has no answer.
    static func event(_ reason: String) -> MartletError {
        MartletError(.eventUnscored, "the event cannot be scored", reason: reason)
    }

    /// A batch has no answers.
    static func batch(_ what: String, reason: String? = nil) -> ScorerFailure {
        ScorerFailure(.batch, MartletError(.scorerFailed, what, reason: reason))
    }
}
