/// A partition while the broker runs: its log, and who waits for it.
final class Partition {
    let name: PartitionName
    let log: PartitionLog
    /// Fetches that wait for records here, by number.
    var waiting: [Int: FetchWait] = [:]
    /// Whether those fetches will be looked at again soon.
    var isWakePlanned = false
    /// What is to be done when everything before an offset lasts.
    var unflushed: [(offset: Int64, done: (Bool) -> Void)] = []
    /// Whether the disk is being waited for.
    var isFlushing = false
    /// Whether the topic was deleted: nothing is appended any more.
    var isGone = false

    init(name: PartitionName, log: PartitionLog) {
        self.name = name
        self.log = log
    }
}

/// A partition on its way through another thread or a later turn, which does not touch it before.
struct HeldPartition: @unchecked Sendable {
    let partition: Partition

    init(_ partition: Partition) { self.partition = partition }
}

/// A topic while the broker runs.
final class Topic {
    var record: TopicRecord
    let id: TopicID
    var settings: TopicSettings { didSet { note(settings) } }
    /// Largest batch, in bytes.
    private(set) var maxMessageBytes = 0
    /// Whether only the last record of each key is kept, and so each needs one.
    private(set) var isCompacted = false
    var partitions: [Partition]

    init(record: TopicRecord, id: TopicID, settings: TopicSettings, partitions: [Partition]) {
        self.record = record
        self.id = id
        self.settings = settings
        self.partitions = partitions
        note(settings)
    }

    /// Settings are texts; what each append asks for is kept ready.
    private func note(_ settings: TopicSettings) {
        maxMessageBytes = settings.maxMessageBytes
        isCompacted = settings.isCompacted
    }
}
