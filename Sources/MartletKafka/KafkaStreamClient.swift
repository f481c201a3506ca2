import CRdkafka
package import MartletCore

/// Streams of a Kafka cluster, for those who know only the port.
package struct KafkaStreamClient: StreamClient {
    private let library: KafkaLibrary
    private let configuration: KafkaConfiguration
    private let onNotice: NoticeHandler
    // Questions that belong to no source: made once, and connected only when something is asked.
    private let questions: ClientHandle

    /// Streams of the cluster that `configuration` names.
    ///
    /// - Throws: ``StreamError`` for a property that the library does not take.
    package init(
        _ library: KafkaLibrary,
        _ configuration: KafkaConfiguration,
        onNotice: @escaping NoticeHandler = { _ in }
    ) throws(StreamError) {
        self.library = library
        self.configuration = configuration
        self.onNotice = onNotice
        questions = try ClientHandle(library, role: RDK_PRODUCER, configuration, events: 0)
    }

    package func open(_ request: SourceRequest) async throws(StreamError) -> any StreamSource {
        let consumer = try KafkaConsumer(
            library,
            configuration.consumer(
                group: request.group,
                instance: request.instance,
                start: request.start,
                readsUncommitted: request.readsUncommitted
            ),
            batchRecords: request.batchRecords,
            onNotice: onNotice
        )
        switch request.assignment {
        case .group(let topics): try await consumer.subscribe(to: topics)
        case .partitions(let offsets): try await consumer.assign(offsets)
        }
        return consumer
    }

    package func open(_ request: SinkRequest) async throws(StreamError) -> any StreamSink {
        let producer = try KafkaProducer(
            library,
            configuration.producer(transactionalID: request.transactionalID),
            onNotice: onNotice
        )
        if request.transactionalID != nil { try await producer.initTransactions() }
        return producer
    }

    package func partitions(of topic: String) async throws(StreamError) -> [TopicPartition] {
        try await questions.blocking { handle throws(StreamError) in try handle.partitions(of: topic) }
    }

    package func offsets(of partition: TopicPartition) async throws(StreamError) -> OffsetRange {
        try await questions.blocking { handle throws(StreamError) in try handle.offsets(of: partition) }
    }

    package func offsets(
        atTimes times: [TopicPartition: Int64]
    ) async throws(StreamError) -> [TopicPartition: Int64?] {
        try await questions.blocking { handle throws(StreamError) in try handle.offsets(atTimes: times) }
    }
}
