import MartletCore
import Synchronization

/// A reader of ``InMemoryStreams``; dropping it leaves its group.
final class InMemorySource: StreamSource {
    private let streams: InMemoryStreams
    private let number: Int

    init(_ streams: InMemoryStreams, _ number: Int) {
        self.streams = streams
        self.number = number
    }

    deinit { streams.state.withLock { $0.close(number) } }

    func next() async throws(StreamError) -> SourceEvent? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: StreamsState.Waiter) in
                streams.state.withLock { state in
                    // Whoever asks for what comes next is done with the rebalance told last.
                    state.accept(number, startingAt: [:])
                    if state.sources[number]?.waiter != nil {
                        let error = InMemoryStreams.refused(-1, "two tasks ask one source for events")
                        return continuation.resume(returning: .failure(error))
                    }
                    if Task.isCancelled { return continuation.resume(returning: .failure(.cancelled)) }
                    if let event = state.event(for: number) { return continuation.resume(returning: event) }
                    state.sources[number]?.waiter = continuation
                }
            }
        } onCancel: {
            streams.state.withLock { state in
                state.sources[number]?.waiter?.resume(returning: .failure(.cancelled))
                state.sources[number]?.waiter = nil
            }
        }
        return try result.get()
    }

    func acceptAssignment(startingAt offsets: [TopicPartition: Int64]) async throws(StreamError) {
        try answer(isRelease: false, offsets)
    }

    func acceptRevocation() async throws(StreamError) { try answer(isRelease: true, [:]) }

    private func answer(isRelease: Bool, _ offsets: [TopicPartition: Int64]) throws(StreamError) {
        let isRight = streams.state.withLock { state in
            guard let source = state.sources[number], source.isTold, source.mustRelease == isRelease else {
                return false
            }
            state.accept(number, startingAt: offsets)
            return true
        }
        if !isRight { throw InMemoryStreams.refused(-1, "there is no such rebalance to answer") }
    }

    func pause(_ partitions: Set<TopicPartition>) async throws(StreamError) {
        try change(partitions) { $0.paused.formUnion(partitions) }
    }

    func resume(_ partitions: Set<TopicPartition>) async throws(StreamError) {
        try change(partitions) { $0.paused.subtract(partitions) }
    }

    func seek(to offsets: [TopicPartition: Int64]) async throws(StreamError) {
        try change(Set(offsets.keys)) { source in
            for (partition, offset) in offsets {
                source.positions[partition] = offset
                source.toldEnds[partition] = nil
            }
        }
    }

    private func change(
        _ partitions: Set<TopicPartition>,
        _ body: (inout StreamsState.Source) -> Void
    ) throws(StreamError) {
        let refusal = streams.state.withLock { state -> StreamError? in
            guard var source = state.sources[number], !source.isClosed else { return .closed }
            if let other = partitions.subtracting(source.assigned).min() { return InMemoryStreams.unknown(other) }
            body(&source)
            state.sources[number] = source
            state.wake()
            return nil
        }
        if let refusal { throw refusal }
    }

    func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(StreamError) {
        let refusal = streams.state.withLock { state -> StreamError? in
            if let failure = state.takeFailure(.commit) ?? state.refusal(number, offsets.keys) { return failure }
            guard let group = state.sources[number]?.request.group else { return .closed }
            state.groups[group, default: .init()].committed.merge(offsets) { $1 }
            return nil
        }
        if let refusal { throw refusal }
    }

    func committed(
        _ partitions: Set<TopicPartition>
    ) async throws(StreamError) -> [TopicPartition: CommittedOffset] {
        streams.state.withLock { state in
            let group = state.sources[number].map(\.request.group) ?? ""
            return (state.groups[group]?.committed ?? [:]).filter { partitions.contains($0.key) }
        }
    }

    func groupToken() async throws(StreamError) -> ConsumerGroupToken {
        streams.state.withLock { state in
            let generation = (state.sources[number]?.request.group).flatMap { state.groups[$0]?.generation } ?? 0
            return ConsumerGroupToken(bytes: Array("\(number) \(generation)".utf8))
        }
    }

    func close() async { streams.state.withLock { $0.close(number) } }
}
