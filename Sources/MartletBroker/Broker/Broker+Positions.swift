import MartletCore

// Where offsets are.
extension Broker {
    func listOffsets(_ request: ListOffsetsRequest, _ reply: Reply) {
        let isolation: PartitionLog.Isolation = request.isolationLevel == 1 ? .readCommitted : .readUncommitted
        let topics = request.topics.map { topic in
            ListOffsetsResponse.Topic(
                name: topic.name,
                partitions: topic.partitions.map { find($0, of: topic.name, isolation) }
            )
        }
        reply.send(ListOffsetsResponse(topics: topics))
    }

    private func find(
        _ asked: ListOffsetsRequest.Partition,
        of topic: String,
        _ isolation: PartitionLog.Isolation
    ) -> ListOffsetsResponse.Partition {
        var answer = ListOffsetsResponse.Partition(partitionIndex: asked.partitionIndex)
        guard let log = partition(TopicPartition(topic, asked.partitionIndex))?.log else {
            answer.errorCode = .unknownTopicOrPartition
            return answer
        }
        do throws(LogError) {
            switch asked.timestamp {
            case -1:
                answer.offset = log.latestOffset(isolation)
                answer.leaderEpoch = log.leaderEpoch
            case -2:
                answer.offset = log.logStartOffset
                answer.leaderEpoch = log.leaderEpoch
            default:
                let found =
                    asked.timestamp == -3
                    ? try log.offsetOfMaxTimestamp(isolation)
                    : try log.offset(forTimestamp: asked.timestamp, isolation)
                if let found {
                    answer.offset = found.offset
                    answer.timestamp = found.timestamp
                    answer.leaderEpoch = found.leaderEpoch
                }
            }
        } catch {
            answer.errorCode = KafkaError(error)
        }
        return answer
    }

    func leaderEpochs(_ request: OffsetForLeaderEpochRequest, _ reply: Reply) {
        let topics = request.topics.map { topic in
            OffsetForLeaderEpochResponse.Topic(
                name: topic.name,
                partitions: topic.partitions.map { asked in
                    var answer = OffsetForLeaderEpochResponse.Partition(partition: asked.partition)
                    guard let log = partition(TopicPartition(topic.name, asked.partition))?.log else {
                        answer.errorCode = .unknownTopicOrPartition
                        return answer
                    }
                    if let end = log.endOffset(ofEpoch: asked.leaderEpoch) {
                        answer.leaderEpoch = end.epoch
                        answer.endOffset = end.endOffset
                    }
                    return answer
                }
            )
        }
        reply.send(OffsetForLeaderEpochResponse(topics: topics))
    }
}
