// How requests of administrators fail.

extension CreateTopicsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> CreateTopicsResponse {
        CreateTopicsResponse(
            topics: topics.map {
                CreateTopicsResponse.Topic(name: $0.name, errorCode: error, errorMessage: message)
            }
        )
    }
}

extension DeleteTopicsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> DeleteTopicsResponse {
        DeleteTopicsResponse(
            responses: topics.map {
                DeleteTopicsResponse.Topic(
                    name: $0.name,
                    topicID: $0.topicID,
                    errorCode: error,
                    errorMessage: message
                )
            }
        )
    }
}

extension CreatePartitionsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> CreatePartitionsResponse {
        CreatePartitionsResponse(
            results: topics.map {
                CreatePartitionsResponse.Result(name: $0.name, errorCode: error, errorMessage: message)
            }
        )
    }
}

extension DeleteRecordsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> DeleteRecordsResponse {
        DeleteRecordsResponse(
            topics: topics.map { topic in
                DeleteRecordsResponse.Topic(
                    name: topic.name,
                    partitions: topic.partitions.map {
                        DeleteRecordsResponse.Partition(partitionIndex: $0.partitionIndex, errorCode: error)
                    }
                )
            }
        )
    }
}

extension DescribeConfigsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> DescribeConfigsResponse {
        DescribeConfigsResponse(
            results: resources.map {
                DescribeConfigsResponse.Result(
                    errorCode: error,
                    errorMessage: message,
                    resourceType: $0.resourceType,
                    resourceName: $0.resourceName,
                    configs: []
                )
            }
        )
    }
}

extension AlterConfigsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> AlterConfigsResponse {
        AlterConfigsResponse(
            responses: resources.map {
                AlterConfigsResponse.ResourceResponse(
                    errorCode: error,
                    errorMessage: message,
                    resourceType: $0.resourceType,
                    resourceName: $0.resourceName
                )
            }
        )
    }
}

extension IncrementalAlterConfigsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> IncrementalAlterConfigsResponse {
        IncrementalAlterConfigsResponse(
            responses: resources.map {
                IncrementalAlterConfigsResponse.ResourceResponse(
                    errorCode: error,
                    errorMessage: message,
                    resourceType: $0.resourceType,
                    resourceName: $0.resourceName
                )
            }
        )
    }
}

extension DescribeClusterRequest {
    func failure(_ error: KafkaError, _ message: String?) -> DescribeClusterResponse {
        DescribeClusterResponse(
            errorCode: error,
            errorMessage: message,
            endpointType: endpointType,
            clusterID: "",
            brokers: []
        )
    }
}
