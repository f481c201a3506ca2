import CRdkafka
package import MartletCore

/// Administers a cluster: topics, their configuration and records, groups and their offsets.
package final class KafkaAdmin: Sendable {
    let handle: ClientHandle
    private let patience: Duration

    /// Makes a client; it connects when it is first asked for something.
    ///
    /// - Parameters:
    ///   - library: the library to use.
    ///   - configuration: its properties.
    ///   - patience: the longest wait for the answer to a request.
    /// - Throws: ``StreamError`` for a property that the library does not take.
    package init(
        _ library: KafkaLibrary,
        _ configuration: KafkaConfiguration,
        patience: Duration = .milliseconds(Limits.kafkaRequestMilliseconds)
    ) throws(StreamError) {
        self.patience = patience
        handle = try ClientHandle(library, role: RDK_PRODUCER, configuration, events: 0)
    }

    /// A topic to be made.
    package struct NewTopic: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// How many partitions; nil for the brokers' default.
        package var partitions: Int?
        /// How many copies of each; nil for the brokers' default.
        package var replicas: Int?
        /// Its configuration, as far as it differs from the brokers' defaults.
        package var configuration: [String: String]

        /// A topic of this name.
        package init(
            _ name: String,
            partitions: Int? = nil,
            replicas: Int? = nil,
            configuration: [String: String] = [:]
        ) {
            self.name = name
            self.partitions = partitions
            self.replicas = replicas
            self.configuration = configuration
        }
    }

    /// Makes topics; one that exists is an error (36).
    ///
    /// - Throws: ``StreamError``, the first of all topics.
    package func createTopics(_ topics: [NewTopic]) async throws(StreamError) {
        try await request("cannot make topics") { call throws(StreamError) in
            let api = call.api
            var made = [OpaquePointer?]()
            defer { for topic in made { api.NewTopic_destroy(topic) } }
            for topic in topics {
                var text = [CChar](repeating: 0, count: Limits.kafkaErrorTextBytes)
                let partitions = Int32(clamping: topic.partitions ?? -1)
                let replicas = Int32(clamping: topic.replicas ?? -1)
                let new = api.NewTopic_new(topic.name, partitions, replicas, &text, text.count)
                guard let new else { throw call.library.error(17, "cannot make topic \(topic.name)") }
                made.append(new)
                for (name, value) in topic.configuration { _ = api.NewTopic_set_config(new, name, value) }
            }
            let event = try call.answer { api.CreateTopics(call.client, &made, made.count, call.options, $0) }
            try call.checkTopics("cannot make topic") { api.CreateTopics_result_topics(event.pointer, $0) }
        }
    }

    /// Removes topics; one that does not exist is an error (3).
    ///
    /// - Throws: ``StreamError``, the first of all topics.
    package func deleteTopics(_ names: [String]) async throws(StreamError) {
        try await request("cannot remove topics") { call throws(StreamError) in
            let api = call.api
            var topics = names.map { api.DeleteTopic_new($0) }
            defer { for topic in topics { api.DeleteTopic_destroy(topic) } }
            let event = try call.answer { api.DeleteTopics(call.client, &topics, topics.count, call.options, $0) }
            try call.checkTopics("cannot remove topic") { api.DeleteTopics_result_topics(event.pointer, $0) }
        }
    }

    /// Gives a topic more partitions, up to `total`.
    ///
    /// - Throws: ``StreamError``.
    package func createPartitions(of topic: String, total: Int) async throws(StreamError) {
        try await request("cannot add partitions to \(topic)") { call throws(StreamError) in
            let api = call.api
            var text = [CChar](repeating: 0, count: Limits.kafkaErrorTextBytes)
            guard let new = api.NewPartitions_new(topic, max(total, 0), &text, text.count) else {
                throw call.library.error(37, call.what)
            }
            var requests: [OpaquePointer?] = [new]
            defer { api.NewPartitions_destroy(new) }
            let event = try call.answer { api.CreatePartitions(call.client, &requests, 1, call.options, $0) }
            try call.checkTopics("cannot add partitions to") {
                api.CreatePartitions_result_topics(event.pointer, $0)
            }
        }
    }

    /// Drops records before an offset; `high watermark` when it is -1.
    ///
    /// - Returns: by partition the first offset that is left.
    /// - Throws: ``StreamError``, the first of all partitions.
    package func deleteRecords(
        before offsets: [TopicPartition: Int64]
    ) async throws(StreamError) -> [TopicPartition: Int64] {
        try await request("cannot drop records") { call throws(StreamError) in
            let api = call.api
            let list = try PartitionList(offsets, call.library)
            var requests: [OpaquePointer?] = [api.DeleteRecords_new(list.pointer)]
            defer { for request in requests { api.DeleteRecords_destroy(request) } }
            let event = try call.answer { api.DeleteRecords(call.client, &requests, 1, call.options, $0) }
            var left = [TopicPartition: Int64]()
            for element in PartitionList.elements(of: api.DeleteRecords_result_offsets(event.pointer)) {
                let partition = PartitionList.partition(element)
                try call.library.check(element.err, "cannot drop records of \(partition)")
                left[partition] = element.offset
            }
            return left
        }
    }

    /// The partitions of a topic, ordered; empty when there is no such topic.
    ///
    /// - Throws: ``StreamError``.
    package func partitions(of topic: String) async throws(StreamError) -> [TopicPartition] {
        try await handle.blocking { handle throws(StreamError) in try handle.partitions(of: topic) }
    }

    /// The names of all topics, ordered, those of the cluster itself included.
    ///
    /// - Throws: ``StreamError``.
    package func topics() async throws(StreamError) -> [String] {
        try await handle.blocking { handle throws(StreamError) in
            try handle.withTopics("cannot list topics") { topics in
                topics.compactMap { $0.name.map { String(cString: $0) } }.sorted()
            }
        }
    }

    /// Runs a request on a thread that may wait.
    func request<Value: Sendable>(
        _ what: String,
        _ body: @escaping @Sendable (borrowing AdminCall) throws(StreamError) -> Value
    ) async throws(StreamError) -> Value {
        let wait = Int32(clamping: Int((patience / .milliseconds(1)).rounded(.up)))
        return try await handle.blocking { handle throws(StreamError) in try body(try AdminCall(handle, what, wait)) }
    }
}
