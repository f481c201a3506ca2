internal import MartletCore

/// The log of one partition: record batches in segments on disk, with what consumers, producers and transactions need.
///
/// One thread at a time may use it; calls block on the disk. Appending never waits for the disk to make anything last:
/// ``prepareFlush()``, ``PendingFlush/perform()`` and ``finishFlush(_:)`` do that, so that one fsync serves all appends
/// before it while others go on.
package final class PartitionLog {
    /// Which records a reader may see.
    package enum Isolation: Hashable, Sendable {
        /// All up to the high watermark.
        case readUncommitted
        /// Those of transactions that have ended, with a list of the aborted ones.
        case readCommitted
    }

    /// Where its files are.
    package let folder: String
    /// Settings; a change counts from the next call on.
    package var configuration: LogConfiguration
    /// The first offset that may be read.
    package internal(set) var logStartOffset: Int64
    /// Everything before it lasts.
    package internal(set) var recoveryPoint: Int64
    /// Consumers see what is before it.
    package internal(set) var highWatermark: Int64

    let files: any LogFiles
    let decompressor = BatchDecompressor()
    /// In the order of their offsets; the last one grows.
    ///
    /// Never empty.
    var segments: [LogSegment]
    var producers: ProducerStates
    var epochs: LeaderEpochs
    /// Transactions whose marker consumers cannot see yet: the last stable offset has to wait for it.
    var hiddenEnds: [(firstOffset: Int64, markerOffset: Int64)] = []
    var readers = ReaderPositions()
    /// Compaction has gone through what is before it.
    var compactedUpTo: Int64 = 0
    /// Whether a round of compaction is being carried out: no segment is removed meanwhile.
    var isCompacting = false
    /// Files with bytes that may not last yet, apart from the batches of the growing segment.
    var unsynced: [any LogFile] = []
    var isFolderUnsynced = false
    /// What made the log unusable: it takes a restart, with recovery, to know what is on disk.
    var failure: LogError?

    init(
        folder: String,
        files: any LogFiles,
        configuration: LogConfiguration,
        segments: [LogSegment],
        producers: ProducerStates,
        epochs: LeaderEpochs,
        logStartOffset: Int64
    ) {
        self.folder = folder
        self.files = files
        self.configuration = configuration
        self.segments = segments
        self.producers = producers
        self.epochs = epochs
        self.logStartOffset = logStartOffset
        recoveryPoint = 0
        highWatermark = 0
        recoveryPoint = endOffset
        highWatermark = endOffset
    }

    /// The offset that the next record gets.
    package var endOffset: Int64 { segments.last?.nextOffset ?? 0 }

    /// Consumers of committed records see what is before it: the first offset of an open transaction, else the high
    /// watermark.
    package var lastStableOffset: Int64 {
        var offset = highWatermark
        if let open = producers.firstOpenOffset { offset = min(offset, open) }
        for end in hiddenEnds { offset = min(offset, end.firstOffset) }
        // Of a transaction whose beginning was deleted.
        return max(offset, min(logStartOffset, highWatermark))
    }

    /// The leader's epoch, which rises with each start after a crash.
    package var leaderEpoch: Int32 { epochs.current }

    /// Bytes of all batches.
    package var size: Int { segments.reduce(0) { $0 + $1.size } }

    /// How many segments it has.
    package var segmentCount: Int { segments.count }

    /// How many producers it knows.
    package var producerCount: Int { producers.producers.count }

    /// Producers with an open transaction here and where it begins, oldest first.
    package var openTransactions: [(producerID: Int64, firstOffset: Int64)] { producers.openTransactions }

    /// Whether a producer has an open transaction here, so that the coordinator need not be asked whether the partition is
    /// in it.
    package func isInTransaction(_ producerID: Int64) -> Bool {
        producers.producers[producerID]?.transactionStart != nil
    }

    /// The latest epoch up to `epoch` that the log knows, and the offset where it ended, for OffsetForLeaderEpoch; nil
    /// when it has none.
    package func endOffset(ofEpoch epoch: Int32) -> (epoch: Int32, endOffset: Int64)? {
        epochs.end(of: epoch, logEnd: endOffset)
    }

    /// The segment that has an offset or would have it: the last one that begins at or before it.
    func segmentIndex(of offset: Int64) -> Int {
        // Most readers are at the end.
        if let last = segments.last, last.baseOffset <= offset { return segments.count - 1 }
        var low = 0
        var high = segments.count
        while low < high {
            let middle = low + (high - low) / 2
            if segments[middle].baseOffset <= offset { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    func checkUsable() throws(LogError) {
        if let failure { throw failure }
    }
}
