package import MartletCore

/// Limits of the log server.
extension Limits {
    /// Bytes of answers that a client may leave unread before nothing more is read from it.
    static let unsentAnswerBytes = 64 << 20
    /// Bytes of requests of one connection that may be worked on at once.
    static let openRequestBytes = 64 << 20
    /// Requests of one connection that may be worked on at once.
    static let openRequests = 1_000
    /// Answers of a connection are put together up to this size.
    static let answerPieceBytes = 256 << 10
    /// From this size on parts of files have memory of their own on their way.
    static let ownAnswerBytes = 64 << 10
    /// Above this size parts of files are sent by the kernel, instead of by way of our memory.
    static let sentFileBytes = 2 << 20
    /// Such memory that one client may have underway; what comes then is sent by the kernel.
    static let answerBuffersUnderway = 8
    /// Such memory that a thread keeps to use it again.
    static let keptAnswerBuffers = 8
    /// Most connections at once.
    package static let brokerConnections = 4_096
    /// Most partitions of one broker.
    package static let brokerPartitions = 20_000
    /// Milliseconds after which a connection without requests is closed (`connections.max.idle.ms`): 10 minutes.
    package static let idleConnectionMilliseconds: Int64 = 600_000
    /// Files that the process needs for other things than connections and logs.
    static let otherDescriptors = 128
    /// Files that a partition has open: the segment that grows, a closed one with its indexes, and one being read.
    static let descriptorsOfPartition = 4
}

extension Limits {
    /// Most bytes of the list of topics: 64 MiB.
    static let topicListBytes = 64 << 20
    /// Most bytes of one answer to a fetch, but for a first batch that is longer: 64 MiB.
    static let fetchBytes = 64 << 20
    /// Longest that a fetch waits, in milliseconds.
    static let fetchWait: Int32 = 300_000
}
