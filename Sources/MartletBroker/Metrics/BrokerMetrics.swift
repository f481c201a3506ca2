/// What a log server tells of itself, as it is at one moment.
package struct BrokerMetrics: Hashable, Sendable {
    /// A topic, in the order of the names.
    package struct Topic: Hashable, Sendable {
        package var name: String
        /// By number, from 0 on.
        package var partitions: [Partition]
    }

    /// A partition.
    package struct Partition: Hashable, Sendable {
        /// The first offset that may be read.
        package var lowOffset: Int64
        /// The offset that consumers read up to, exclusive.
        package var highOffset: Int64
        /// The offset that consumers of committed records read up to, exclusive.
        package var stableOffset: Int64
        /// Bytes of its batches.
        package var bytes: Int
        /// Segments that they are in.
        package var segments: Int
        /// Whether the disk failed, so that it takes a restart to append and read again.
        package var isFailed: Bool
    }

    /// A consumer group, in the order of the names.
    package struct Group: Hashable, Sendable {
        package var name: String
        /// As Kafka writes it: Empty, Stable, ...
        package var state: String
        /// How many members it has.
        package var members: Int
        /// Its committed positions, in the order of topics and partitions.
        package var positions: [Position]
    }

    /// A committed position.
    package struct Position: Hashable, Sendable {
        package var topic: String
        package var partition: Int32
        /// The offset of the record to be read next.
        package var offset: Int64
        /// Records that it has not read; nil when the partition does not exist.
        package var lag: Int64?
    }

    package var topics: [Topic]
    package var groups: [Group]
    /// Transactions that are open or being ended.
    package var openTransactions: Int
    /// Connections that are open.
    package var connections: Int
    /// Connections since the start.
    package var acceptedConnections: Int
    /// Connections that were refused since the start.
    package var refusedConnections: Int
    /// Requests since the start, by the name of the API as Kafka writes it.
    package var requests: [String: Int]
    /// Bytes that came from clients since the start.
    package var bytesIn: Int
    /// Bytes that went to clients since the start.
    package var bytesOut: Int
    /// Partitions of requests to which nothing could be appended, since the start.
    package var appendErrors: Int
    /// Partitions of requests from which nothing could be read, since the start.
    package var fetchErrors: Int
}
