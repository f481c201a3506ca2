import MartletCore

extension Limits {
    /// Most micro-batches that are scored at once.
    static let triggerBatchesInFlight = 256
    /// Most records of one transaction of a trigger; what is more comes with the next.
    static let triggerTransactionRecords = 10_000
    /// Most bytes of keys and values of one transaction of a trigger, unless a single record has more.
    static let triggerTransactionBytes = 16 << 20
    /// Most tries to write one transaction before a trigger ends with an error.
    static let triggerWriteAttempts = 12
    /// Most errors of a source in a row before a trigger ends with an error.
    static let triggerReadErrors = 20
    /// First wait after an error of the stream; each further one is twice as long.
    static let triggerRetryMilliseconds = 100
    /// Longest wait after an error of the stream.
    static let triggerRetryCeilingMilliseconds = 5_000
    /// Most events in a row that are given up because their batch failed, with no answer in between: after that the
    /// scorer counts as down, and no more are given up until it answers.
    static let triggerGivenUpInARow = 10
    /// How long input is just not asked for before its partitions are paused, which throws away what was fetched.
    static let triggerHoldMilliseconds = 2_000
    /// Between two looks at how far other members of the group have come, while the end is waited for.
    static let triggerOthersMilliseconds = 500
    /// Between two looks at the ends of the partitions, for the lag.
    static let triggerLagMilliseconds = 10_000

    /// Longest line that a scoring program may answer with; also the longest answer to an event.
    static let scorerLineBytes = 1 << 20
    /// Longest line of a scoring program's standard error that is passed on in one piece.
    static let scorerErrorLineBytes = 8 << 10
    /// Most scoring programs that run at once.
    static let scorerProcesses = 64
}
