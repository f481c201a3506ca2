import MartletCore

/// What stands about a transactional id.
struct TransactionRecord: Hashable, Sendable {
    /// The id that the application chose.
    var transactionalID: String
    /// Its producer id.
    var producerID: Int64
    /// Which of the producers of this id is the current one; -1 before the first.
    var producerEpoch: Int16
    /// The producer id before the last change of it; -1 if there was none.
    var lastProducerID: Int64 = -1
    /// The epoch that the current producer had before, so that it may repeat its request (KIP-360); -1 if another
    /// producer had it.
    var lastProducerEpoch: Int16 = -1
    /// Milliseconds after which an open transaction is aborted.
    var timeout: Int64
    /// Where it stands.
    var phase: TransactionPhase = .empty
    /// The partitions that the transaction writes to.
    var partitions: Set<TopicPartition> = []
    /// The groups whose offsets it commits.
    var groups: Set<String> = []
    /// When the transaction began, in milliseconds since 1970; -1 when none is open.
    var startTime: Int64 = -1
    /// When this was last changed, in milliseconds since 1970.
    var updateTime: Int64
}

/// Where a transactional id stands.
enum TransactionPhase: UInt8, CaseIterable, Sendable {
    /// It has a producer and no transaction.
    case empty = 0
    /// A transaction is open.
    case ongoing = 1
    /// It is decided that the transaction is committed; markers are being written.
    case prepareCommit = 2
    /// It is decided that the transaction is aborted; markers are being written.
    case prepareAbort = 3
    /// The last transaction is committed, to the last marker and offset.
    case completeCommit = 4
    /// The last transaction is aborted, to the last marker and offset.
    case completeAbort = 5

    /// Where it may go from here; itself where a change of other things is possible.
    var successors: Set<TransactionPhase> {
        switch self {
        case .empty, .completeCommit, .completeAbort: [.empty, .ongoing]
        case .ongoing: [.ongoing, .prepareCommit, .prepareAbort]
        case .prepareCommit: [.completeCommit]
        case .prepareAbort: [.completeAbort]
        }
    }

    /// Whether a decision is taken and not carried out.
    var isPrepared: Bool { self == .prepareCommit || self == .prepareAbort }

    /// The name in Kafka's DescribeTransactions.
    var name: String {
        switch self {
        case .empty: "Empty"
        case .ongoing: "Ongoing"
        case .prepareCommit: "PrepareCommit"
        case .prepareAbort: "PrepareAbort"
        case .completeCommit: "CompleteCommit"
        case .completeAbort: "CompleteAbort"
        }
    }
}
