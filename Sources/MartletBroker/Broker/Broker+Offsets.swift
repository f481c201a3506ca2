import MartletCore

// Committed positions of groups.
extension Broker {
    func commitOffsets(_ request: OffsetCommitRequest, _ reply: Reply) {
        let places = request.topics.flatMap { topic in
            topic.partitions.map { (partition: TopicPartition(topic.name, $0.partitionIndex), asked: $0) }
        }
        let known = places.filter { hasPartition($0.partition) }
        let decision = coordinators.groups.commit(
            request.groupID,
            GroupCaller(
                memberID: request.memberID,
                generation: request.generationID,
                instanceID: request.groupInstanceID
            ),
            known.map { place in
                OffsetToCommit(
                    partition: place.partition,
                    offset: place.asked.committedOffset,
                    leaderEpoch: place.asked.committedLeaderEpoch,
                    metadata: place.asked.committedMetadata
                )
            },
            retention: request.retentionTimeMs >= 0 ? request.retentionTimeMs : nil,
            now: now
        )
        let errors = Dictionary(zip(known.map(\.partition), decision.errors), uniquingKeysWith: { first, _ in first })
        keep(decision.records) { isKept in
            let topics = request.topics.map { topic in
                OffsetCommitResponse.Topic(
                    name: topic.name,
                    partitions: topic.partitions.map { partition in
                        let error = errors[TopicPartition(topic.name, partition.partitionIndex)]
                        return .init(
                            partitionIndex: partition.partitionIndex,
                            errorCode: error.map { $0 == .none && !isKept ? .coordinatorNotAvailable : $0 }
                                ?? .unknownTopicOrPartition
                        )
                    }
                )
            }
            reply.send(OffsetCommitResponse(topics: topics))
        }
        wakeForGroups()
    }

    func fetchOffsets(_ request: OffsetFetchRequest, _ reply: Reply) {
        let found = request.groups.map { group in
            let answers: [(partition: TopicPartition, answer: OffsetAnswer)]
            if let topics = group.topics {
                answers = topics.flatMap { topic in
                    topic.partitionIndexes.map { index in
                        let partition = TopicPartition(topic.name, index)
                        let answer = coordinators.groups.offset(
                            group.groupID,
                            partition,
                            isStable: request.requireStable
                        )
                        return (partition, answer)
                    }
                }
            } else {
                answers = coordinators.groups.offsets(group.groupID, isStable: request.requireStable)
            }
            return OffsetFetchResponse.Group(groupID: group.groupID, topics: Self.topics(answers))
        }
        reply.send(OffsetFetchResponse(groups: found))
    }

    private static func topics(
        _ answers: [(partition: TopicPartition, answer: OffsetAnswer)]
    ) -> [OffsetFetchResponse.Topic] {
        var topics: [OffsetFetchResponse.Topic] = []
        for (partition, answer) in answers {
            if topics.last?.name != partition.topic {
                topics.append(OffsetFetchResponse.Topic(name: partition.topic, partitions: []))
            }
            topics[topics.count - 1].partitions.append(
                OffsetFetchResponse.Partition(
                    partitionIndex: partition.partition,
                    committedOffset: answer.committed?.offset ?? -1,
                    committedLeaderEpoch: answer.committed?.leaderEpoch ?? -1,
                    metadata: answer.committed?.metadata ?? "",
                    errorCode: answer.error
                )
            )
        }
        return topics
    }

    func deleteOffsets(_ request: OffsetDeleteRequest, _ reply: Reply) {
        let places = request.topics.flatMap { topic in
            topic.partitions.map { TopicPartition(topic.name, $0.partitionIndex) }
        }
        let decision = coordinators.groups.deleteOffsets(request.groupID, places)
        keep(decision.records) { isKept in
            var errors = Dictionary(zip(places, decision.errors), uniquingKeysWith: { first, _ in first })
            if !isKept { errors = errors.mapValues { _ in .coordinatorNotAvailable } }
            let isUnknown = decision.errors.contains(.groupIDNotFound)
            let topics = request.topics.map { topic in
                OffsetDeleteResponse.Topic(
                    name: topic.name,
                    partitions: topic.partitions.map {
                        let place = TopicPartition(topic.name, $0.partitionIndex)
                        return .init(partitionIndex: $0.partitionIndex, errorCode: errors[place] ?? .none)
                    }
                )
            }
            reply.send(
                OffsetDeleteResponse(errorCode: isUnknown ? .groupIDNotFound : .none, topics: isUnknown ? [] : topics)
            )
        }
    }
}
