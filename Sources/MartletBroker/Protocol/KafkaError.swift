/// The error codes of Kafka's protocol that a broker of one node may send, and 0 for success.
///
/// The numbers and their meaning are those of Kafka's protocol page, section "Error codes".
enum KafkaError: Int16, CaseIterable, Error, Sendable {
    /// The broker met an error that it has no code for.
    case unknownServerError = -1
    /// No error.
    case none = 0
    /// The offset is not in the log.
    case offsetOutOfRange = 1
    /// A batch fails its checksum or is malformed.
    case corruptMessage = 2
    /// There is no such topic or partition here.
    case unknownTopicOrPartition = 3
    /// The partition is being made or has no leader; try again.
    case leaderNotAvailable = 5
    /// This broker does not hold the partition.
    case notLeaderOrFollower = 6
    /// The time that the request allowed has passed.
    case requestTimedOut = 7
    /// A batch is larger than the topic allows.
    case messageTooLarge = 10
    /// The text stored beside a position is too long.
    case offsetMetadataTooLarge = 12
    /// The coordinator reads its journal; try again.
    case coordinatorLoadInProgress = 14
    /// There is no coordinator yet; try again.
    case coordinatorNotAvailable = 15
    /// Another broker looks after this group or transaction.
    case notCoordinator = 16
    /// The name cannot be one of a topic.
    case invalidTopic = 17
    /// A batch is larger than a segment.
    case recordListTooLarge = 18
    /// Only -1, 0 and 1 can be asked for.
    case invalidRequiredAcks = 21
    /// The group has gone on to another generation.
    case illegalGeneration = 22
    /// The member shares no protocol with the group.
    case inconsistentGroupProtocol = 23
    /// The group's id is empty or not allowed.
    case invalidGroupID = 24
    /// The group has no such member.
    case unknownMemberID = 25
    /// The session timeout is outside the broker's limits.
    case invalidSessionTimeout = 26
    /// The group rebalances; join again.
    case rebalanceInProgress = 27
    /// A position is too large to be stored.
    case invalidCommitOffsetSize = 28
    /// The client may not use the topic.
    case topicAuthorizationFailed = 29
    /// The client may not use the group.
    case groupAuthorizationFailed = 30
    /// The client may not do this to the cluster.
    case clusterAuthorizationFailed = 31
    /// A record's time is outside the topic's limits.
    case invalidTimestamp = 32
    /// There is no such way to log in.
    case unsupportedSaslMechanism = 33
    /// The request does not fit the state of the login.
    case illegalSaslState = 34
    /// The API is not served in this version.
    case unsupportedVersion = 35
    /// There is a topic of this name.
    case topicAlreadyExists = 36
    /// The number of partitions is not possible.
    case invalidPartitions = 37
    /// There are not so many brokers.
    case invalidReplicationFactor = 38
    /// The assignment of replicas is not possible.
    case invalidReplicaAssignment = 39
    /// A setting is unknown or its value not allowed.
    case invalidConfig = 40
    /// Another broker is the controller.
    case notController = 41
    /// The request contradicts itself or the protocol.
    case invalidRequest = 42
    /// The record format of the log does not have this.
    case unsupportedForMessageFormat = 43
    /// A rule of the broker forbids it.
    case policyViolation = 44
    /// Batches of the producer are missing before this one.
    case outOfOrderSequenceNumber = 45
    /// The batch was appended before.
    case duplicateSequenceNumber = 46
    /// The producer has an old epoch.
    case invalidProducerEpoch = 47
    /// The transaction is in no state that allows it.
    case invalidTxnState = 48
    /// The producer id is not that of the transactional id.
    case invalidProducerIDMapping = 49
    /// The transaction's timeout is above the broker's limit.
    case invalidTransactionTimeout = 50
    /// The last transaction of this id still ends; try again.
    case concurrentTransactions = 51
    /// The client may not use the transactional id.
    case transactionalIDAuthorizationFailed = 53
    /// The broker has no access rules.
    case securityDisabled = 54
    /// The broker gave up before this part of the request.
    case operationNotAttempted = 55
    /// The log cannot be read or written.
    case kafkaStorageError = 56
    /// The login was refused.
    case saslAuthenticationFailed = 58
    /// Nothing is known of this producer id.
    case unknownProducerID = 59
    /// The partition moves to another broker.
    case reassignmentInProgress = 60
    /// The group has members.
    case nonEmptyGroup = 68
    /// There is no such group.
    case groupIDNotFound = 69
    /// There is no such fetch session.
    case fetchSessionIDNotFound = 70
    /// The fetch session is at another epoch.
    case invalidFetchSessionEpoch = 71
    /// The client knows an older leader epoch.
    case fencedLeaderEpoch = 74
    /// The client knows a newer leader epoch.
    case unknownLeaderEpoch = 75
    /// The client's version does not know the compression.
    case unsupportedCompressionType = 76
    /// The member joins again with the id it is given (KIP-394).
    case memberIDRequired = 79
    /// The preferred leader is not available.
    case preferredLeaderNotAvailable = 80
    /// The group has as many members as it may have.
    case groupMaxSizeReached = 81
    /// Another member has taken over the instance id.
    case fencedInstanceID = 82
    /// The group still reads the topic.
    case groupSubscribedToTopic = 86
    /// A record breaks a rule of its topic.
    case invalidRecord = 87
    /// A transaction that is not over holds a newer position.
    case unstableOffsetCommit = 88
    /// The client asks too much in this time.
    case throttlingQuotaExceeded = 89
    /// A newer producer has taken over the transactional id.
    case producerFenced = 90
    /// There is no such resource.
    case resourceNotFound = 91
    /// There is such a resource.
    case duplicateResource = 92
    /// The credential does not meet the requirements.
    case unacceptableCredential = 93
    /// The request names another cluster.
    case inconsistentClusterID = 97
    /// There is no such transactional id.
    case transactionalIDNotFound = 98
    /// The fetch session mixes topics with and without ids.
    case fetchSessionTopicIDError = 99
    /// There is no topic with this id.
    case unknownTopicID = 100
    /// The id is that of another life of the topic.
    case inconsistentTopicID = 103
    /// The instance id is still held.
    case unreleasedInstanceID = 110
    /// The member is at an old epoch.
    case staleMemberEpoch = 113
}
