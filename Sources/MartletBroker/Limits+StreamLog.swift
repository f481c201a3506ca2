package import MartletCore

// Limits of record batches and of the log on disk.
extension Limits {
    /// Most bytes that the records of one batch take when they are decompressed.
    package static let decompressedBatchBytes = 256 << 20
    /// Bytes of a batch that a topic accepts unless it says otherwise, as in Kafka.
    package static let defaultBatchBytes = 1_048_588
    /// Bytes that a decompressor keeps from one batch to the next.
    package static let keptDecompressionBytes = 4 << 20
    /// Batches of a producer that are remembered on a partition: clients have at most so many requests in flight.
    package static let rememberedBatches = 5
    /// Most bytes of one segment: positions in its index are 32 bits wide.
    package static let segmentBytes = Int(Int32.max)
    /// Most bytes of an offset index, after which a segment is closed.
    package static let indexBytes = 10 << 20
    /// Bytes of log for which an index has one entry.
    package static let indexIntervalBytes = 4_096
    /// Bytes that are read at once to go from one batch to the next.
    package static let hopBytes = 16 << 10
    /// Bytes that are read at once when whole segments are gone through.
    package static let scanBytes = 1 << 20
    /// Positions of readers that a partition remembers, so that the next read needs no search.
    package static let readerPositions = 16
    /// Most regions of files that one read answers with.
    package static let regionsPerRead = 16
    /// Most producers in a snapshot; more make it damaged.
    package static let snapshotProducers = 1 << 24
    /// Most bytes of a checkpoint or other small file of a data folder.
    package static let checkpointBytes = 64 << 20
    /// Most aborted transactions that the index of one segment holds.
    package static let abortedTransactions = 1 << 24
    /// Most keys that one round of compaction remembers; older segments wait for the next one.
    package static let compactionKeys = 4 << 20
    /// Most bytes of those keys.
    package static let compactionKeyBytes = 256 << 20
}
