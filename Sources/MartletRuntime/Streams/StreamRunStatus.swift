package import MartletCore
package import MartletStreams

/// How a running stream stands.
package struct StreamRunStatus: Hashable, Sendable {
    /// One partition of the input.
    package struct Partition: Hashable, Sendable {
        /// The offset of the record to read next.
        package var offset: Int64
        /// Where the partition ended when the brokers told it last; nil before that.
        package var end: Int64?
        /// Whether it is idle, and so holds event time no longer back.
        package var isIdle = false

        /// How many offsets there are to read; nil while the end is unknown.
        package var lag: Int64? { end.map { max(0, $0 - offset) } }
    }

    /// The engine's counts, over restarts.
    package var counters = StreamCounters()
    /// Records that could not be read, of this run.
    package var unreadable: Int64 = 0
    /// Records without a value, which streams skip, of this run.
    package var tombstones: Int64 = 0
    /// Results written, of this run: panes and rows.
    package var written: Int64 = 0
    /// Records put aside and written, by reason, of this run.
    package var rejected: [String: Int64] = [:]
    /// Cuts committed, of this run.
    package var commits: Int64 = 0
    /// Offsets that could not be told to the brokers, of this run.
    package var failedOffsetCommits: Int64 = 0
    /// The number of the last cut.
    package var cut: Int64 = 0
    /// When it was committed; nil before the first of this run.
    package var committedAt: Timestamp?
    /// How long its commit took, its snapshot among it, in seconds.
    package var commitSeconds = 0.0
    /// How long its snapshot took, in seconds.
    package var snapshotSeconds = 0.0
    /// How large its snapshot was.
    package var snapshotBytes = 0
    /// The watermark, in microseconds since 1970; nil before the first record and after the end.
    package var watermark: Int64?
    /// Keys in all windows together.
    package var stateRows = 0
    /// The partitions.
    package var partitions: [TopicPartition: Partition] = [:]

    /// A stream that has done nothing.
    package init() {}
}

/// Something about a running stream that people may want to know; it goes on.
package enum StreamRunNotice: Sendable {
    /// The run has begun; nil when there was no cut to go on from.
    case started(cut: Int64?, partitions: Int, restoreSeconds: Double)
    /// Reading has failed, and is tried again.
    case readFailed(StreamError, attempt: Int)
    /// The brokers could not be told how far the stream is.
    case offsetsNotTold(StreamError)
    /// The topic has more partitions than are read; they are from the next start on.
    case partitionsAdded(Int)
}

/// Watches a running stream.
package protocol StreamRunObserver: Sendable {
    /// Is told how the stream stands, after each cut and from time to time between.
    func stands(_ status: StreamRunStatus)
    /// Is told what happens.
    func notices(_ notice: StreamRunNotice)
}

/// Watches nothing.
package struct NoStreamRunObserver: StreamRunObserver {
    /// An observer that forgets everything.
    package init() {}
    package func stands(_ status: StreamRunStatus) {}
    package func notices(_ notice: StreamRunNotice) {}
}

/// What a run has done.
package struct StreamRunSummary: Hashable, Sendable {
    /// Why a run is over.
    package enum Ending: String, Hashable, Sendable {
        /// The input was read to its end.
        case finished
        /// The run was stopped, or its task cancelled.
        case stopped
    }

    /// Why it is over.
    package var ending: Ending
    /// How the stream stood then; all of it is committed.
    package var status: StreamRunStatus
}
