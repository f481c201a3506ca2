import MartletCore
@testable import MartletBroker

/// Records of every kind, with random parts.
enum RecordSamples {
    static func record(_ random: inout some RandomNumberGenerator) -> CoordinatorRecord {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .group(group(&random))
        case 1: .groupDeleted(name(&random))
        case 2:
            .offsetsCommitted(
                OffsetsRecord(
                    groupID: name(&random),
                    producerID: Bool.random(using: &random) ? nil : number(&random),
                    offsets: (0..<Int.random(in: 0..<5, using: &random)).map { _ in
                        OffsetsRecord.Entry(
                            partition: partition(&random),
                            committed: CommittedOffset(
                                offset: number(&random),
                                leaderEpoch: Int32(truncatingIfNeeded: number(&random)),
                                metadata: name(&random),
                                commitTime: number(&random),
                                expiresAt: Bool.random(using: &random) ? nil : number(&random)
                            )
                        )
                    }
                )
            )
        case 3:
            .offsetsDeleted(
                groupID: name(&random),
                (0..<Int.random(in: 0..<5, using: &random)).map { _ in partition(&random) }
            )
        case 4:
            .offsetsEnded(
                groupID: name(&random),
                producerID: number(&random),
                isCommitted: Bool.random(using: &random)
            )
        case 5: .transaction(transaction(&random))
        case 6: .transactionDeleted(name(&random))
        default: .producerIDs(below: number(&random))
        }
    }

    private static func group(_ random: inout some RandomNumberGenerator) -> GroupRecord {
        GroupRecord(
            id: name(&random),
            protocolType: Bool.random(using: &random) ? nil : name(&random),
            generation: Int32(truncatingIfNeeded: number(&random)),
            protocolName: Bool.random(using: &random) ? nil : name(&random),
            leader: Bool.random(using: &random) ? nil : name(&random),
            emptySince: Bool.random(using: &random) ? nil : number(&random),
            members: (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                GroupMemberRecord(
                    id: name(&random),
                    instanceID: Bool.random(using: &random) ? nil : name(&random),
                    clientID: name(&random),
                    clientHost: name(&random),
                    sessionTimeout: number(&random),
                    rebalanceTimeout: number(&random),
                    protocols: (0..<Int.random(in: 0..<3, using: &random)).map { _ in
                        GroupProtocol(name: name(&random), metadata: Array(name(&random).utf8))
                    },
                    assignment: Array(name(&random).utf8)
                )
            }
        )
    }

    private static func transaction(_ random: inout some RandomNumberGenerator) -> TransactionRecord {
        TransactionRecord(
            transactionalID: name(&random),
            producerID: number(&random),
            producerEpoch: Int16(truncatingIfNeeded: number(&random)),
            lastProducerID: number(&random),
            lastProducerEpoch: Int16(truncatingIfNeeded: number(&random)),
            timeout: number(&random),
            phase: TransactionPhase.allCases.randomElement(using: &random) ?? .empty,
            partitions: Set((0..<Int.random(in: 0..<5, using: &random)).map { _ in partition(&random) }),
            groups: Set((0..<Int.random(in: 0..<3, using: &random)).map { _ in name(&random) }),
            startTime: number(&random),
            updateTime: number(&random)
        )
    }

    private static func partition(_ random: inout some RandomNumberGenerator) -> TopicPartition {
        TopicPartition(name(&random), Int32(truncatingIfNeeded: number(&random)))
    }

    private static func name(_ random: inout some RandomNumberGenerator) -> String {
        let letters: [Character] = ["a", "ß", "\0", "🐦", "-", "日"]
        let count = Bool.random(using: &random) ? Int.random(in: 0..<6, using: &random) : 200
        return String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
    }

    /// A number of any size, and the extremes.
    private static func number(_ random: inout some RandomNumberGenerator) -> Int64 {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .min
        case 1: .max
        case 2: 0
        default:
            Int64(bitPattern: UInt64.random(in: .min ... .max, using: &random))
                >> Int64.random(in: 0..<64, using: &random)
        }
    }
}
