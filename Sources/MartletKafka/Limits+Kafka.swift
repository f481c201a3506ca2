import MartletCore

extension Limits {
    /// Longest text that librdkafka writes about an error.
    static let kafkaErrorTextBytes = 512
    /// Longest time between two looks of a client's thread at its queues.
    ///
    /// The group's patience (`max.poll.interval.ms`) is measured from such looks. What arrives wakes the thread at once.
    static let kafkaPollMilliseconds = 1_000
    /// Records that the library may hold for a consumer, besides the limit on their size (64 MiB).
    static let kafkaQueuedMessages = 1_000_000
    /// Longest wait for an answer of the brokers to one request.
    static let kafkaRequestMilliseconds = 30_000
    /// Longest wait for an administrative request that can be asked for.
    static let kafkaAdminMilliseconds = 3_600_000
    /// Longest wait for a step of a transaction.
    static let kafkaTransactionMilliseconds = 60_000
    /// Longest wait for a seek, which the client answers itself.
    static let kafkaSeekMilliseconds = 5_000
    /// Longest wait for a consumer to leave its group, and for a producer to send what it has, when they are closed.
    static let kafkaCloseMilliseconds = 10_000
    /// Most records that are handed to the library before other tasks get their turn.
    static let kafkaProduceRecords = 2_000
    /// Most reports on deliveries that are taken from one event at a time.
    static let kafkaDeliveryReports = 4_096
    /// Most calls of a client's commands that wait for its thread.
    static let kafkaWaitingCommands = 10_000
    /// Most properties of one client.
    static let kafkaProperties = 500
}
