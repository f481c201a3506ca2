package import MartletCore

// Limits of the coordinators of groups and transactions, and of what they keep on disk.
extension Limits {
    /// Most bytes of the name of a group, member, static member, transaction or topic.
    package static let coordinatorNameBytes = 32_767
    /// Most groups of a server.
    package static let consumerGroups = 100_000
    /// Most members of a group, those included that were only given an id.
    package static let groupMembers = 10_000
    /// Most ways to divide work that one member offers.
    package static let memberProtocols = 64
    /// Most bytes that a member tells its leader, over all protocols.
    package static let memberMetadataBytes = 4 << 20
    /// Milliseconds after which a member that waits to be let in for the first time is taken for gone, as in Kafka.
    package static let newMemberJoinMilliseconds: Int64 = 300_000
    /// Most committed positions of a group.
    package static let groupOffsets = 1_000_000
    /// Most bytes of the text beside a committed position, as in Kafka.
    package static let offsetMetadataBytes = 4_096
    /// Most transactional ids of a server.
    package static let transactionalIDs = 100_000
    /// Most partitions and groups of one transaction.
    package static let transactionPartitions = 100_000
    /// Producer ids that are reserved with one record.
    package static let producerIDBlock: Int64 = 1_000
    /// Most bytes of one record of the coordinators' journal.
    package static let coordinatorRecordBytes = 256 << 20
    /// Most bytes of the coordinators' journal that are read.
    package static let coordinatorJournalBytes = 2 << 30
    /// Bytes below which the journal is not written anew, however little of it is live.
    package static let journalCompactionBytes = 4 << 20
}
