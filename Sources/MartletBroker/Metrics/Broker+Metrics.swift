import MartletCore
import OrderedCollections
import Synchronization

extension Broker {
    /// What is to be told of it now.
    func metrics() -> BrokerMetrics {
        BrokerMetrics(
            topics: topics.keys.sorted().compactMap { topics[$0].map(Self.metrics) },
            groups: coordinators.groups.groups.keys.sorted().compactMap(groupMetrics),
            openTransactions: coordinators.transactions.transactions.values.count {
                $0.phase == .ongoing || $0.phase.isPrepared
            },
            connections: connections.count,
            acceptedConnections: connections.accepted.load(ordering: .relaxed),
            refusedConnections: connections.refused.load(ordering: .relaxed),
            requests: Dictionary(uniqueKeysWithValues: requests.map { ($0.key.name, $0.value) }),
            bytesIn: connections.bytesIn.load(ordering: .relaxed),
            bytesOut: connections.bytesOut.load(ordering: .relaxed),
            appendErrors: errors.appends.load(ordering: .relaxed),
            fetchErrors: errors.fetches.load(ordering: .relaxed)
        )
    }

    private static func metrics(_ topic: Topic) -> BrokerMetrics.Topic {
        BrokerMetrics.Topic(
            name: topic.record.name,
            partitions: topic.partitions.map {
                BrokerMetrics.Partition(
                    lowOffset: $0.log.logStartOffset,
                    highOffset: $0.log.highWatermark,
                    stableOffset: $0.log.lastStableOffset,
                    bytes: $0.log.size,
                    segments: $0.log.segmentCount,
                    isFailed: $0.log.failure != nil
                )
            }
        )
    }

    private func groupMetrics(_ name: String) -> BrokerMetrics.Group? {
        guard let group = coordinators.groups.groups[name] else { return nil }
        return BrokerMetrics.Group(
            name: name,
            state: group.state.rawValue,
            members: group.members.count,
            positions: coordinators.groups.offsets(name, isStable: false).compactMap { place, answer in
                answer.committed.map { committed in
                    BrokerMetrics.Position(
                        topic: place.topic,
                        partition: place.partition,
                        offset: committed.offset,
                        lag: partition(place).map { partition in
                            // What retention took away cannot be read any more, and is no lag.
                            let log = partition.log
                            return max(0, log.highWatermark - max(committed.offset, log.logStartOffset))
                        }
                    )
                }
            }
        )
    }
}

extension LogServer {
    /// What the server tells of itself, as it is now.
    package func metrics() async -> BrokerMetrics { await broker.metrics() }
}
