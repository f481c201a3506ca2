// What clients ask before all else: versions, brokers, topics.
extension Broker {
    func apiVersions(_ request: ApiVersionsRequest, _ reply: Reply) { reply.send(ApiVersionsResponse.served) }

    func describeCluster(_ request: DescribeClusterRequest, _ reply: Reply) {
        let broker = DescribeClusterResponse.Broker(
            brokerID: BrokerSettings.nodeID,
            host: settings.advertisedHost,
            port: settings.advertisedPort
        )
        reply.send(
            DescribeClusterResponse(clusterID: cluster, controllerID: BrokerSettings.nodeID, brokers: [broker])
        )
    }

    func metadata(_ request: MetadataRequest, _ reply: Reply) {
        let broker = MetadataResponse.Broker(
            nodeID: BrokerSettings.nodeID,
            host: settings.advertisedHost,
            port: settings.advertisedPort
        )
        let told: [MetadataResponse.Topic]
        if let asked = request.topics {
            told = asked.map { describe($0, mayMake: request.allowAutoTopicCreation && settings.makesTopics) }
        } else {
            told = topics.keys.sorted().compactMap { topics[$0].map(describe) }
        }
        reply.send(
            MetadataResponse(
                brokers: [broker],
                clusterID: cluster,
                controllerID: BrokerSettings.nodeID,
                topics: told
            )
        )
    }

    private func describe(_ asked: MetadataRequest.Topic, mayMake: Bool) -> MetadataResponse.Topic {
        guard let name = asked.name else {
            if let topic = topics.values.first(where: { $0.id == asked.topicID }) { return describe(topic) }
            return MetadataResponse.Topic(errorCode: .unknownTopicID, topicID: asked.topicID, partitions: [])
        }
        if let topic = topics[name] { return describe(topic) }
        guard TopicName.problem(name) == nil else {
            return MetadataResponse.Topic(errorCode: .invalidTopic, name: name, partitions: [])
        }
        guard mayMake else {
            return MetadataResponse.Topic(errorCode: .unknownTopicOrPartition, name: name, partitions: [])
        }
        do throws(LogError) {
            return describe(try makeTopic(name, partitions: settings.defaultPartitions, settings: TopicSettings()))
        } catch {
            return MetadataResponse.Topic(errorCode: KafkaError(error), name: name, partitions: [])
        }
    }

    private func describe(_ topic: Topic) -> MetadataResponse.Topic {
        MetadataResponse.Topic(
            name: topic.record.name,
            topicID: topic.id,
            partitions: topic.partitions.enumerated().map { index, partition in
                MetadataResponse.Partition(
                    partitionIndex: Int32(index),
                    leaderID: BrokerSettings.nodeID,
                    leaderEpoch: partition.log.leaderEpoch,
                    replicaNodes: [BrokerSettings.nodeID],
                    isrNodes: [BrokerSettings.nodeID]
                )
            }
        )
    }
}

extension KafkaError {
    /// The protocol's error for one of the log.
    init(_ error: LogError) { self = KafkaError(rawValue: error.code) ?? .unknownServerError }
}

extension ApiVersionsResponse {
    /// All that is served.
    static let served = ApiVersionsResponse(
        apiKeys: APIKey.allCases.sorted { $0.rawValue < $1.rawValue }.map {
            Versions(apiKey: $0.rawValue, minVersion: $0.versions.lowerBound, maxVersion: $0.versions.upperBound)
        }
    )
}
