import CRdkafka
package import MartletCore

extension KafkaAdmin {
    /// A group as a listing shows it.
    package struct GroupListing: Hashable, Sendable {
        package var group: String
        /// `Stable`, `Empty` and so on.
        package var state: String
    }

    /// A group and its members.
    package struct GroupDescription: Hashable, Sendable {
        /// One member.
        package struct Member: Hashable, Sendable {
            package var memberID: String
            package var clientID: String
            /// Its name over restarts; nil for a member that is new each time.
            package var instance: String?
            package var host: String
            package var partitions: Set<TopicPartition>
        }

        package var group: String
        package var state: String
        package var assignor: String
        package var members: [Member]
    }

    /// All groups, ordered by name.
    ///
    /// - Throws: ``StreamError``.
    package func groups() async throws(StreamError) -> [GroupListing] {
        try await request("cannot list groups") { call throws(StreamError) in
            let api = call.api
            let event = try call.answer { api.ListConsumerGroups(call.client, call.options, $0) }
            if let error = AdminCall.list({ api.ListConsumerGroups_result_errors(event.pointer, $0) }).first {
                throw call.library.describe(error, call.what)
            }
            return AdminCall.list { api.ListConsumerGroups_result_valid(event.pointer, $0) }.map { listing in
                GroupListing(
                    group: call.library.text(api.ConsumerGroupListing_group_id(listing)),
                    state: call.library.text(
                        api.consumer_group_state_name(api.ConsumerGroupListing_state(listing))
                    )
                )
            }.sorted { $0.group < $1.group }
        }
    }

    /// A group and its members; the state is `Dead` when there is none of that name.
    ///
    /// - Throws: ``StreamError``.
    package func describe(group: String) async throws(StreamError) -> GroupDescription {
        try await request("cannot read about group \(group)") { call throws(StreamError) in
            let api = call.api
            let event = try call.answer { queue in
                group.withCString { name in
                    var names: [UnsafePointer<CChar>?] = [name]
                    api.DescribeConsumerGroups(call.client, &names, 1, call.options, queue)
                }
            }
            let found = AdminCall.list { api.DescribeConsumerGroups_result_groups(event.pointer, $0) }.first
            guard let found else { throw call.library.error(69, call.what) }
            if let error = api.ConsumerGroupDescription_error(found), api.error_code(error) != RDK_CODE_NONE {
                throw call.library.describe(error, call.what)
            }
            let count = api.ConsumerGroupDescription_member_count(found)
            return GroupDescription(
                group: group,
                state: call.library.text(
                    api.consumer_group_state_name(api.ConsumerGroupDescription_state(found))
                ),
                assignor: call.library.text(api.ConsumerGroupDescription_partition_assignor(found)),
                members: (0..<count).compactMap { index in
                    api.ConsumerGroupDescription_member(found, index).map { call.member($0) }
                }
            )
        }
    }

    /// Removes a group; one that has members is an error (68).
    ///
    /// - Throws: ``StreamError``.
    package func deleteGroup(_ group: String) async throws(StreamError) {
        try await request("cannot remove group") { call throws(StreamError) in
            let api = call.api
            var requests = [api.DeleteGroup_new(group)]
            defer { for request in requests { api.DeleteGroup_destroy(request) } }
            let event = try call.answer { api.DeleteGroups(call.client, &requests, 1, call.options, $0) }
            for result in AdminCall.list({ api.DeleteGroups_result_groups(event.pointer, $0) }) {
                try call.checkGroup(result)
            }
        }
    }

    /// What a group has committed; of all partitions when `partitions` is nil.
    ///
    /// - Throws: ``StreamError``.
    package func offsets(
        of group: String,
        _ partitions: Set<TopicPartition>? = nil
    ) async throws(StreamError) -> [TopicPartition: CommittedOffset] {
        try await request("cannot read the offsets of group") { call throws(StreamError) in
            let api = call.api
            let list = try PartitionList(partitions ?? [], call.library)
            var requests = [api.ListConsumerGroupOffsets_new(group, partitions == nil ? nil : list.pointer)]
            defer { for request in requests { api.ListConsumerGroupOffsets_destroy(request) } }
            let event = try call.answer { api.ListConsumerGroupOffsets(call.client, &requests, 1, call.options, $0) }
            var offsets = [TopicPartition: CommittedOffset]()
            for result in AdminCall.list({ api.ListConsumerGroupOffsets_result_groups(event.pointer, $0) }) {
                for element in try call.partitions(of: result) {
                    offsets[PartitionList.partition(element)] = PartitionList.committed(element)
                }
            }
            return offsets
        }
    }

    /// Sets what a group has committed; the group must have no members.
    ///
    /// - Throws: ``StreamError``, the first of all partitions.
    package func setOffsets(
        of group: String,
        to offsets: [TopicPartition: CommittedOffset]
    ) async throws(StreamError) {
        try await request("cannot set the offsets of group") { call throws(StreamError) in
            let api = call.api
            let list = try PartitionList(offsets, call.library)
            var requests = [api.AlterConsumerGroupOffsets_new(group, list.pointer)]
            defer { for request in requests { api.AlterConsumerGroupOffsets_destroy(request) } }
            let event = try call.answer { api.AlterConsumerGroupOffsets(call.client, &requests, 1, call.options, $0) }
            for result in AdminCall.list({ api.AlterConsumerGroupOffsets_result_groups(event.pointer, $0) }) {
                _ = try call.partitions(of: result)
            }
        }
    }

    /// Forgets what a group has committed for partitions that no member reads.
    ///
    /// - Throws: ``StreamError``, the first of all partitions.
    package func deleteOffsets(of group: String, _ partitions: Set<TopicPartition>) async throws(StreamError) {
        try await request("cannot forget the offsets of group") { call throws(StreamError) in
            let api = call.api
            let list = try PartitionList(partitions, call.library)
            var requests = [api.DeleteConsumerGroupOffsets_new(group, list.pointer)]
            defer { for request in requests { api.DeleteConsumerGroupOffsets_destroy(request) } }
            let event = try call.answer {
                api.DeleteConsumerGroupOffsets(call.client, &requests, 1, call.options, $0)
            }
            for result in AdminCall.list({ api.DeleteConsumerGroupOffsets_result_groups(event.pointer, $0) }) {
                _ = try call.partitions(of: result)
            }
        }
    }
}

extension AdminCall {
    /// The partitions of a group's result.
    ///
    /// - Throws: the group's error, or the first of a partition.
    fileprivate func partitions(
        of result: OpaquePointer
    ) throws(StreamError) -> UnsafeMutableBufferPointer<rdk_partition> {
        try checkGroup(result)
        let found = PartitionList.elements(of: api.group_result_partitions(result))
        for element in found where element.err != RDK_CODE_NONE {
            throw library.error(element.err, "\(what), partition \(PartitionList.partition(element))")
        }
        return found
    }

    fileprivate func member(_ member: OpaquePointer) -> KafkaAdmin.GroupDescription.Member {
        let assignment = api.MemberDescription_assignment(member)
        let partitions = PartitionList.elements(of: assignment.flatMap { api.MemberAssignment_partitions($0) })
        return KafkaAdmin.GroupDescription.Member(
            memberID: library.text(api.MemberDescription_consumer_id(member)),
            clientID: library.text(api.MemberDescription_client_id(member)),
            instance: api.MemberDescription_group_instance_id(member).map { library.text($0) },
            host: library.text(api.MemberDescription_host(member)),
            partitions: Set(partitions.map { PartitionList.partition($0) })
        )
    }
}
