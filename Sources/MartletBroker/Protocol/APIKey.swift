/// The APIs that are served: the first field of every request.
enum APIKey: Int16, CaseIterable, Sendable {
    /// Appends record batches.
    case produce = 0
    /// Reads record batches.
    case fetch = 1
    /// Finds offsets by time.
    case listOffsets = 2
    /// Tells brokers and topics.
    case metadata = 3
    /// Stores the positions of a group.
    case offsetCommit = 8
    /// Reads the positions of groups.
    case offsetFetch = 9
    /// Tells which broker looks after groups or transactions.
    case findCoordinator = 10
    /// Enters a group and waits for its generation.
    case joinGroup = 11
    /// Shows that a member lives.
    case heartbeat = 12
    /// Takes members out of a group.
    case leaveGroup = 13
    /// Hands out the assignment of a generation.
    case syncGroup = 14
    /// Tells state and members of groups.
    case describeGroups = 15
    /// Tells which groups there are.
    case listGroups = 16
    /// Chooses how to log in.
    case saslHandshake = 17
    /// Tells which APIs and versions are served.
    case apiVersions = 18
    /// Makes topics.
    case createTopics = 19
    /// Deletes topics.
    case deleteTopics = 20
    /// Moves the start of logs.
    case deleteRecords = 21
    /// Gives a producer its id and epoch.
    case initProducerID = 22
    /// Tells where the log of a leader epoch ends.
    case offsetForLeaderEpoch = 23
    /// Adds partitions to a transaction.
    case addPartitionsToTxn = 24
    /// Adds a group's positions to a transaction.
    case addOffsetsToTxn = 25
    /// Commits or aborts a transaction.
    case endTxn = 26
    /// Stores positions within a transaction.
    case txnOffsetCommit = 28
    /// Tells the settings of topics and brokers.
    case describeConfigs = 32
    /// Replaces the settings of topics and brokers.
    case alterConfigs = 33
    /// Carries the steps of a login.
    case saslAuthenticate = 36
    /// Adds partitions to topics.
    case createPartitions = 37
    /// Deletes groups.
    case deleteGroups = 42
    /// Changes single settings of topics and brokers.
    case incrementalAlterConfigs = 44
    /// Deletes positions of a group.
    case offsetDelete = 47
    /// Tells the brokers of the cluster.
    case describeCluster = 60
}

extension APIKey {
    /// The versions told to clients.
    ///
    /// Old ones are among them because librdkafka before 2.11.1 turns features on by them: it compresses nothing
    /// unless Produce 0 is in the list. Those from which topics are addressed by id alone (Produce 13, Fetch 13), and
    /// those between brokers (AddPartitionsToTxn 4), are left out.
    var versions: ClosedRange<Int16> {
        switch self {
        case .produce: 0...9
        case .fetch: 4...12
        case .listOffsets: 1...7
        case .metadata: 0...12
        case .offsetCommit: 2...8
        case .offsetFetch: 1...8
        case .findCoordinator: 0...4
        case .joinGroup: 0...9
        case .heartbeat: 0...4
        case .leaveGroup: 0...5
        case .syncGroup: 0...5
        case .describeGroups: 0...5
        case .listGroups: 0...5
        case .saslHandshake: 0...1
        case .apiVersions: 0...4
        case .createTopics: 2...7
        case .deleteTopics: 1...6
        case .deleteRecords: 0...2
        case .initProducerID: 0...4
        case .offsetForLeaderEpoch: 2...4
        case .addPartitionsToTxn: 0...3
        case .addOffsetsToTxn: 0...3
        case .endTxn: 0...3
        case .txnOffsetCommit: 0...3
        case .describeConfigs: 1...4
        case .alterConfigs: 0...2
        case .saslAuthenticate: 0...2
        case .createPartitions: 0...3
        case .deleteGroups: 0...2
        case .incrementalAlterConfigs: 0...1
        case .offsetDelete: 0...0
        case .describeCluster: 0...1
        }
    }

    /// The versions that are answered: those told, without Produce 0 to 2, whose record format is gone (KIP-724).
    var accepted: ClosedRange<Int16> { self == .produce ? 3...9 : versions }

    /// The first version with variable lengths and tagged fields (KIP-482); nil when none has them.
    var flexibleFrom: Int16? {
        switch self {
        case .describeCluster: 0
        case .incrementalAlterConfigs: 1
        case .deleteRecords, .initProducerID, .alterConfigs, .saslAuthenticate, .createPartitions, .deleteGroups: 2
        case .findCoordinator, .listGroups, .apiVersions, .addPartitionsToTxn, .addOffsetsToTxn, .endTxn,
            .txnOffsetCommit:
            3
        case .heartbeat, .leaveGroup, .syncGroup, .deleteTopics, .offsetForLeaderEpoch, .describeConfigs: 4
        case .describeGroups, .createTopics: 5
        case .listOffsets, .offsetFetch, .joinGroup: 6
        case .offsetCommit: 8
        case .produce, .metadata: 9
        case .fetch: 12
        case .saslHandshake, .offsetDelete: nil
        }
    }

    /// Whether `version` has variable lengths and tagged fields.
    func isFlexible(_ version: Int16) -> Bool { flexibleFrom.map { version >= $0 } ?? false }

    /// The name as Kafka writes it.
    var name: String { Self.names[self] ?? "\(rawValue)" }

    private static let names = Dictionary(
        uniqueKeysWithValues: allCases.map { api in
            let words = api == .initProducerID ? "initProducerId" : String(describing: api)
            return (api, words.prefix(1).uppercased() + words.dropFirst())
        }
    )
}
