import MartletCore
import Synchronization

/// What a running stream has to deal with next: one reader, and several who put in.
///
/// Events of the source keep their order and are few; ticks and ends that nobody has taken yet merge into one.
final class StreamInbox: Sendable {
    /// What comes next.
    enum Item: Sendable {
        case event(SourceEvent)
        /// The source has nothing more to tell, by an error or because it is closed.
        case sourceEnded(StreamError?)
        case ends([TopicPartition: Int64])
        case tick
        case stop
    }

    private struct State {
        var events = [Item]()
        var ends = [TopicPartition: Int64]()
        var isTicked = false
        var isStopped = false
        var reader: CheckedContinuation<Item, Never>?
        var writer: CheckedContinuation<Void, Never>?

        /// What comes next, stopping before all else.
        mutating func take() -> Item? {
            if isStopped { return .stop }
            if !ends.isEmpty {
                defer { ends = [:] }
                return .ends(ends)
            }
            if isTicked {
                isTicked = false
                return .tick
            }
            return events.isEmpty ? nil : events.removeFirst()
        }
    }

    private let state = Mutex(State())

    /// Whether the run was told to stop.
    var isStopped: Bool { state.withLock(\.isStopped) }

    /// The next item, when there is one.
    func next() async -> Item {
        await withCheckedContinuation { continuation in
            change { state in
                if let item = state.take() { return continuation.resume(returning: item) }
                state.reader = continuation
            }
        }
    }

    /// Puts in an event of the source; waits while there are many.
    func put(_ item: Item) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            change { state in
                state.events.append(item)
                if state.events.count < Limits.streamInboxEvents || state.isStopped {
                    continuation.resume()
                } else {
                    state.writer = continuation
                }
            }
        }
    }

    /// Tells where partitions end.
    func put(ends: [TopicPartition: Int64]) { change { $0.ends.merge(ends) { max($0, $1) } } }

    /// Tells that time has passed.
    func tick() { change { $0.isTicked = true } }

    /// Tells the run to stop, and lets nobody wait.
    func stop() { change { $0.isStopped = true } }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            if let reader = state.reader, let item = state.take() {
                state.reader = nil
                reader.resume(returning: item)
            }
            if let writer = state.writer, state.events.count < Limits.streamInboxEvents || state.isStopped {
                state.writer = nil
                writer.resume()
            }
        }
    }
}
