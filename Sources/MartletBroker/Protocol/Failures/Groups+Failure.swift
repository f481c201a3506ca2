// How requests of consumer groups fail.

extension FindCoordinatorRequest {
    func failure(_ error: KafkaError, _ message: String?) -> FindCoordinatorResponse {
        FindCoordinatorResponse(
            coordinators: keys.map {
                FindCoordinatorResponse.Coordinator(key: $0, errorCode: error, errorMessage: message)
            }
        )
    }
}

extension JoinGroupRequest {
    func failure(_ error: KafkaError, _ message: String?) -> JoinGroupResponse {
        JoinGroupResponse(errorCode: error, leader: "", memberID: memberID, members: [])
    }
}

extension SyncGroupRequest {
    func failure(_ error: KafkaError, _ message: String?) -> SyncGroupResponse {
        SyncGroupResponse(errorCode: error, assignment: [])
    }
}

extension HeartbeatRequest {
    func failure(_ error: KafkaError, _ message: String?) -> HeartbeatResponse {
        HeartbeatResponse(errorCode: error)
    }
}

extension LeaveGroupRequest {
    func failure(_ error: KafkaError, _ message: String?) -> LeaveGroupResponse {
        LeaveGroupResponse(errorCode: error)
    }
}

extension OffsetCommitRequest {
    func failure(_ error: KafkaError, _ message: String?) -> OffsetCommitResponse {
        OffsetCommitResponse(
            topics: topics.map { topic in
                OffsetCommitResponse.Topic(
                    name: topic.name,
                    partitions: topic.partitions.map {
                        OffsetCommitResponse.Partition(partitionIndex: $0.partitionIndex, errorCode: error)
                    }
                )
            }
        )
    }
}

extension OffsetFetchRequest {
    /// Groups fail as a whole; version 1 has no place to say so but the partitions.
    func failure(_ error: KafkaError, _ message: String?) -> OffsetFetchResponse {
        OffsetFetchResponse(
            groups: groups.map { group in
                let topics = (group.topics ?? []).map { topic in
                    OffsetFetchResponse.Topic(
                        name: topic.name,
                        partitions: topic.partitionIndexes.map {
                            OffsetFetchResponse.Partition(partitionIndex: $0, metadata: "", errorCode: error)
                        }
                    )
                }
                return OffsetFetchResponse.Group(groupID: group.groupID, topics: topics, errorCode: error)
            }
        )
    }
}

extension OffsetDeleteRequest {
    func failure(_ error: KafkaError, _ message: String?) -> OffsetDeleteResponse {
        OffsetDeleteResponse(errorCode: error, topics: [])
    }
}

extension DescribeGroupsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> DescribeGroupsResponse {
        DescribeGroupsResponse(
            groups: groups.map {
                DescribeGroupsResponse.Group(
                    errorCode: error,
                    groupID: $0,
                    groupState: "",
                    protocolType: "",
                    protocolData: "",
                    members: []
                )
            }
        )
    }
}

extension ListGroupsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> ListGroupsResponse {
        ListGroupsResponse(errorCode: error, groups: [])
    }
}

extension DeleteGroupsRequest {
    func failure(_ error: KafkaError, _ message: String?) -> DeleteGroupsResponse {
        DeleteGroupsResponse(results: groupsNames.map { DeleteGroupsResponse.Result(groupID: $0, errorCode: error) })
    }
}
