import CRdkafka
package import MartletCore

extension KafkaProducer {
    /// Makes the producer the only one of its transactional id, and ends what others of it left open.
    ///
    /// - Throws: ``StreamError``; retriable means that the same call goes on.
    package func initTransactions() async throws(StreamError) {
        try await transact("cannot take over the transactional id") { handle in
            handle.api.init_transactions(handle.pointer, Int32(Limits.kafkaTransactionMilliseconds))
        }
    }

    package func beginTransaction() async throws(StreamError) {
        try await transact("cannot begin a transaction") { $0.api.begin_transaction($0.pointer) }
    }

    package func commitTransaction(
        offsets: [TopicPartition: CommittedOffset],
        of group: ConsumerGroupToken?
    ) async throws(StreamError) {
        if let group, !offsets.isEmpty { try await sendOffsets(offsets, of: group) }
        try await transact("cannot commit the transaction") { handle in
            handle.api.commit_transaction(handle.pointer, Int32(Limits.kafkaTransactionMilliseconds))
        }
    }

    package func abortTransaction() async throws(StreamError) {
        try await transact("cannot abort the transaction") { handle in
            handle.api.abort_transaction(handle.pointer, Int32(Limits.kafkaTransactionMilliseconds))
        }
    }

    /// Makes offsets of a group part of the transaction.
    private func sendOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: ConsumerGroupToken
    ) async throws(StreamError) {
        let what = "cannot make offsets part of the transaction"
        try check()
        try await handle.blocking { handle throws(StreamError) in
            let list = try PartitionList(offsets, handle.library)
            var metadata: OpaquePointer?
            let error = group.bytes.withUnsafeBytes {
                handle.api.consumer_group_metadata_read(&metadata, $0.baseAddress, $0.count)
            }
            try handle.library.check(error, what)
            defer { handle.api.consumer_group_metadata_destroy(metadata) }
            let wait = Int32(Limits.kafkaTransactionMilliseconds)
            let sent = handle.api.send_offsets_to_transaction(handle.pointer, list.pointer, metadata, wait)
            try handle.library.check(sent, what)
        }
    }

    private func transact(
        _ what: String,
        _ body: @escaping @Sendable (ClientHandle) -> OpaquePointer?
    ) async throws(StreamError) {
        try check()
        try await handle.blocking { handle throws(StreamError) in try handle.library.check(body(handle), what) }
    }
}
