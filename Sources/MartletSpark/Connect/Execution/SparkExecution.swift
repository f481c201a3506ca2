import MartletCore

/// A plan that Spark executes, as the sequence of what happens: schema, batches, progress and counts.
///
/// The server is not read further than a few messages ahead. When the reading task is cancelled, or this value and its
/// iterators are let go before the end, the operation is interrupted on the server; `next()` of a cancelled task throws
/// `CancellationError` after the server was told. There is one result: iterators share it.
package final class SparkExecution: AsyncSequence, Sendable {
    /// What happens.
    package typealias Element = SparkEvent

    private let channel: EventChannel<SparkEvent>
    private let task: Task<Void, Never>
    // The connection lives as long as its client, and the client as long as its results.
    private let client: SparkClient

    init(_ channel: EventChannel<SparkEvent>, _ task: Task<Void, Never>, _ client: SparkClient) {
        self.channel = channel
        self.task = task
        self.client = client
    }

    deinit {
        task.cancel()
        // This may be the last to hold the client, which closes the connection when it goes: it has to stay until the
        // server was told to stop.
        Task { [task, client] in
            await task.value
            withExtendedLifetime(client) {}
        }
    }

    /// Reads on from where the result was read to.
    package func makeAsyncIterator() -> Iterator { Iterator(execution: self) }

    /// Stops the operation on the server, and returns when that was told.
    package func cancel() async {
        task.cancel()
        await task.value
    }

    /// How many events were received and not read yet.
    var waitingEvents: Int { channel.waiting }

    /// Reads the result.
    package struct Iterator: AsyncIteratorProtocol {
        let execution: SparkExecution

        /// What happens next, or nil at the end.
        ///
        /// - Throws: ``SparkError``; `CancellationError` when the task was cancelled.
        package mutating func next() async throws -> SparkEvent? {
            let execution = self.execution
            return try await withTaskCancellationHandler {
                try await execution.channel.next()
            } onCancel: {
                execution.task.cancel()
            }
        }

        /// What happens next, or nil at the end.
        ///
        /// - Throws: ``SparkError``; `CancellationError` when the task was cancelled.
        package mutating func next(isolation: isolated (any Actor)?) async throws -> SparkEvent? { try await next() }
    }
}

extension SparkExecution {
    /// The batches alone, in order; everything else is skipped.
    package var batches: some AsyncSequence<SparkArrowData, any Error> & Sendable {
        compactMap { event in
            if case .batch(let data) = event { return data }
            return nil
        }
    }

    /// Reads to the end and keeps nothing, for commands.
    ///
    /// - Returns: how many rows there were.
    /// - Throws: ``SparkError``; `CancellationError`.
    @discardableResult
    package func finish() async throws -> Int {
        var rows = 0
        for try await data in batches { rows += data.rowCount }
        return rows
    }
}
