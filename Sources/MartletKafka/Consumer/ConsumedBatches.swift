package import MartletCore

/// The batches of a source as an asynchronous sequence; rebalances go to a handler between them.
///
/// The next batch is taken when the loop asks for it and not before, so that a slow loop slows the reading.
package struct ConsumedBatches: AsyncSequence {
    /// What happens to partitions, told between batches: when one is revoked, all batches told before have been left by
    /// the loop, and the handler can flush and commit before the partition goes.
    package enum Change: Sendable {
        case assigned(Set<TopicPartition>)
        case revoked(Set<TopicPartition>, isLost: Bool)
        case reachedEnd(TopicPartition, offset: Int64)
    }

    /// Answers a change; for an assignment with the offsets to start at, if not where the group was.
    package typealias Handler = @Sendable (Change) async throws -> [TopicPartition: Int64]

    private let source: any StreamSource
    private let onChange: Handler

    init(_ source: any StreamSource, _ onChange: @escaping Handler) {
        self.source = source
        self.onChange = onChange
    }

    /// Takes batches; only one iterator of a source may be used.
    package func makeAsyncIterator() -> Iterator { Iterator(source: source, onChange: onChange) }

    /// Takes batches, one at a time.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: any StreamSource
        fileprivate let onChange: Handler

        /// The next batch; nil once the source is closed.
        ///
        /// - Throws: ``StreamError``, and what the handler throws.
        package mutating func next() async throws -> ConsumedBatch? {
            while let event = try await source.next() {
                switch event {
                case .batch(let batch): return batch
                case .assigned(let partitions):
                    let offsets = try await onChange(.assigned(partitions))
                    try await source.acceptAssignment(startingAt: offsets)
                case .revoked(let partitions, let isLost):
                    _ = try await onChange(.revoked(partitions, isLost: isLost))
                    try await source.acceptRevocation()
                case .reachedEnd(let partition, let offset):
                    _ = try await onChange(.reachedEnd(partition, offset: offset))
                }
            }
            return nil
        }
    }
}

extension StreamSource {
    /// The batches of the source as a sequence.
    ///
    /// - Parameter onChange: is told, between batches, what happens to partitions, and answered before it goes on.
    /// - Returns: the sequence.
    package func batches(
        onChange: @escaping ConsumedBatches.Handler = { _ in [:] }
    ) -> ConsumedBatches { ConsumedBatches(self, onChange) }
}
