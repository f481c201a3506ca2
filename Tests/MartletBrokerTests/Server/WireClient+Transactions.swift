import MartletCore
import Testing

@testable import MartletBroker

extension WireClient {
    /// Becomes the producer of a transactional id.
    func begin(_ id: String, timeout: Int32 = 60_000) async throws -> RecordBatchBuilder.Producer {
        let answer = try await ask(
            InitProducerIDRequest(transactionalID: id, transactionTimeoutMs: timeout),
            version: 4
        )
        #expect(answer.errorCode == .none)
        return .init(id: answer.producerID, epoch: answer.producerEpoch, baseSequence: 0)
    }

    /// Adds a topic's first partition to a transaction.
    func add(_ topic: String, to id: String, _ producer: RecordBatchBuilder.Producer) async throws {
        let request = AddPartitionsToTxnRequest(
            transactionalID: id,
            producerID: producer.id,
            producerEpoch: producer.epoch,
            topics: [.init(name: topic, partitions: [0])]
        )
        let answer = try await ask(request, version: 3)
        #expect(answer.topics.first?.partitions.map(\.errorCode) == [.none])
    }

    /// Ends a transaction.
    func end(
        _ id: String,
        _ producer: RecordBatchBuilder.Producer,
        isCommitted: Bool
    ) async throws -> KafkaError {
        let request = EndTxnRequest(
            transactionalID: id,
            producerID: producer.id,
            producerEpoch: producer.epoch,
            committed: isCommitted
        )
        return try await ask(request, version: 3).errorCode
    }
}
