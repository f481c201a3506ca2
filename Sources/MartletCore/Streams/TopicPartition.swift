/// One partition of a topic.
public struct TopicPartition: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The topic's name.
    public var topic: String
    /// The partition's number, from 0.
    public var partition: Int32

    /// The partition of `topic` with this number.
    public init(_ topic: String, _ partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    /// Whether `left` comes first: by topic, then by number.
    public static func < (left: Self, right: Self) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }

    /// The partition as Kafka's logs write it, as in `flights-3`.
    public var description: String { "\(topic)-\(partition)" }
}

/// How far a group has come in a partition.
public struct CommittedOffset: Hashable, Sendable {
    /// The offset of the first record that is not done.
    public var offset: Int64
    /// A text that is kept with it.
    public var metadata: String

    /// A place, with a text to keep with it.
    public init(_ offset: Int64, metadata: String = "") {
        self.offset = offset
        self.metadata = metadata
    }
}
