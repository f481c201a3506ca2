// How requests for records and topics fail.

extension ProduceRequest {
    func failure(_ error: KafkaError, _ message: String?) -> ProduceResponse {
        ProduceResponse(
            topics: topics.map { topic in
                ProduceResponse.Topic(
                    name: topic.name,
                    partitions: topic.partitions.map {
                        ProduceResponse.Partition(index: $0.index, errorCode: error, errorMessage: message)
                    }
                )
            }
        )
    }
}

extension FetchRequest {
    /// No records at all are an empty array: null makes some clients fail.
    func failure(_ error: KafkaError, _ message: String?) -> FetchResponse {
        FetchResponse(
            topics: topics.map { topic in
                FetchResponse.Topic(
                    name: topic.name,
                    partitions: topic.partitions.map {
                        FetchResponse.Partition(partition: $0.partition, errorCode: error, records: .memory([]))
                    }
                )
            }
        )
    }
}

extension ListOffsetsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> ListOffsetsResponse {
        ListOffsetsResponse(
            topics: topics.map { topic in
                ListOffsetsResponse.Topic(
                    name: topic.name,
                    partitions: topic.partitions.map {
                        ListOffsetsResponse.Partition(partitionIndex: $0.partitionIndex, errorCode: error)
                    }
                )
            }
        )
    }
}

extension OffsetForLeaderEpochRequest {
    func failure(_ error: KafkaError, _ message: String?) -> OffsetForLeaderEpochResponse {
        OffsetForLeaderEpochResponse(
            topics: topics.map { topic in
                OffsetForLeaderEpochResponse.Topic(
                    name: topic.name,
                    partitions: topic.partitions.map {
                        OffsetForLeaderEpochResponse.Partition(errorCode: error, partition: $0.partition)
                    }
                )
            }
        )
    }
}

extension MetadataRequest {
    func failure(_ error: KafkaError, _ message: String?) -> MetadataResponse {
        MetadataResponse(
            brokers: [],
            topics: (topics ?? []).map {
                MetadataResponse.Topic(errorCode: error, name: $0.name, topicID: $0.topicID, partitions: [])
            }
        )
    }
}

extension ApiVersionsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> ApiVersionsResponse {
        ApiVersionsResponse(errorCode: error, apiKeys: [])
    }
}

extension SaslHandshakeRequest {
    func failure(_ error: KafkaError, _ message: String?) -> SaslHandshakeResponse {
        SaslHandshakeResponse(errorCode: error, mechanisms: [])
    }
}

extension SaslAuthenticateRequest {
    func failure(_ error: KafkaError, _ message: String?) -> SaslAuthenticateResponse {
        SaslAuthenticateResponse(errorCode: error, errorMessage: message, authBytes: [])
    }
}
