package import MartletCore
package import MartletStreams

/// How a stream is run.
package struct StreamRunnerOptions: Sendable {
    /// When a run ends by itself.
    package enum Until: Hashable, Sendable {
        /// When all partitions have been read to where they ended at the start.
        case end
        /// Never.
        case forever
    }

    /// The consumer group under which the stream's place is told to the brokers, for those who watch its lag.
    package var group: String
    /// Where a stream without a cut starts.
    package var start: SourceRequest.Start
    /// When the run ends.
    package var until: Until
    /// Whether all windows close at the end of a bounded run; what is in them is emitted then, and records that come in
    /// a later run for them are late.
    package var closesWindows: Bool
    /// What a number in a column of times means.
    package var timeUnit: StreamBatchBuilder.TimeUnit
    /// The time between two cuts, at least.
    package var commitInterval: Duration
    /// How many results at most wait for the next cut before it is made early.
    package var pendingResults: Int
    /// How often the engine is told the wall time while nothing arrives.
    package var tickInterval: Duration
    /// How often the brokers are asked how far the partitions reach.
    package var lagInterval: Duration
    /// Most records of one batch.
    package var batchRecords: Int
    /// How often a call that may succeed later is tried again.
    package var retries: Int
    /// The wait before the first further try; each is twice as long as the one before.
    package var firstBackoff: Duration
    /// The longest wait between two tries.
    package var longestBackoff: Duration
    /// How long the last cut may take once the run is told to end.
    package var closingTime: Duration

    /// Options of a stream that is known to the brokers as `group`.
    package init(
        group: String,
        start: SourceRequest.Start = .earliest,
        until: Until = .forever,
        closesWindows: Bool = false,
        timeUnit: StreamBatchBuilder.TimeUnit = .milliseconds,
        commitInterval: Duration = .seconds(1),
        pendingResults: Int = 100_000,
        tickInterval: Duration = .milliseconds(200),
        lagInterval: Duration = .seconds(5),
        batchRecords: Int = Limits.streamBatchRecords,
        retries: Int = 10,
        firstBackoff: Duration = .milliseconds(100),
        longestBackoff: Duration = .seconds(10),
        closingTime: Duration = .seconds(30)
    ) {
        self.group = group
        self.start = start
        self.until = until
        self.closesWindows = closesWindows
        self.timeUnit = timeUnit
        self.commitInterval = commitInterval
        self.pendingResults = pendingResults
        self.tickInterval = tickInterval
        self.lagInterval = lagInterval
        self.batchRecords = batchRecords
        self.retries = retries
        self.firstBackoff = firstBackoff
        self.longestBackoff = longestBackoff
        self.closingTime = closingTime
    }

    /// The wait before try number `attempt`, from 1.
    func backoff(_ attempt: Int) -> Duration {
        min(longestBackoff, firstBackoff * (1 << min(max(attempt - 1, 0), 20)))
    }
}
