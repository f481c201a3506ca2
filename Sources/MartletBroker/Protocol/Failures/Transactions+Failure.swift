// How requests of producers and transactions fail.

extension InitProducerIDRequest {
    func failure(_ error: KafkaError, _ message: String?) -> InitProducerIDResponse {
        InitProducerIDResponse(errorCode: error)
    }
}

extension AddPartitionsToTxnRequest {
    func failure(_ error: KafkaError, _ message: String?) -> AddPartitionsToTxnResponse {
        AddPartitionsToTxnResponse(
            topics: topics.map { topic in
                AddPartitionsToTxnResponse.Topic(
                    name: topic.name,
                    partitions: topic.partitions.map {
                        AddPartitionsToTxnResponse.Partition(partitionIndex: $0, errorCode: error)
                    }
                )
            }
        )
    }
}

extension AddOffsetsToTxnRequest {
    func failure(_ error: KafkaError, _ message: String?) -> AddOffsetsToTxnResponse {
        AddOffsetsToTxnResponse(errorCode: error)
    }
}

extension EndTxnRequest {
    func failure(_ error: KafkaError, _ message: String?) -> EndTxnResponse { EndTxnResponse(errorCode: error) }
}

extension TxnOffsetCommitRequest {
    func failure(_ error: KafkaError, _ message: String?) -> TxnOffsetCommitResponse {
        TxnOffsetCommitResponse(
            topics: topics.map { topic in
                TxnOffsetCommitResponse.Topic(
                    name: topic.name,
                    partitions: topic.partitions.map {
                        TxnOffsetCommitResponse.Partition(partitionIndex: $0.partitionIndex, errorCode: error)
                    }
                )
            }
        )
    }
}
