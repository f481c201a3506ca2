import MartletCore

/// How far a group has read a partition.
struct CommittedOffset: Hashable, Sendable {
    /// The offset of the record to be read next.
    var offset: Int64
    /// The leader epoch of the last record that was read; -1 when the client did not say.
    var leaderEpoch: Int32 = -1
    /// What the client wrote beside it.
    var metadata: String = ""
    /// When it was committed, in milliseconds since 1970.
    var commitTime: Int64
    /// When it ends, in milliseconds since 1970; nil when the server's retention decides (OffsetCommit from version 5).
    var expiresAt: Int64?
}
