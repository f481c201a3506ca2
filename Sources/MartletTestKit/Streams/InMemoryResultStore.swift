public import MartletCore
import Synchronization

/// Results in memory, as they would stand in a table; several stores can share one ``Contents``, as processes share a
/// file.
public final class InMemoryResultStore: StreamResultStore {
    /// What is kept.
    public final class Contents: Sendable {
        struct State {
            var epoch = 0
            var cut: StreamCut?
            var panes = [PaneIdentity: Pane]()
            var rows = [RecordIdentity: StreamRow]()
            var rejected = [RecordIdentity: RejectedEvent]()
            var commits = 0
        }
        let state = Mutex(State())

        /// Nothing.
        public init() {}

        /// The last pane of each key and window, ordered by window and key.
        public var panes: [Pane] {
            state.withLock { state in
                state.panes.values.sorted { left, right in
                    if left.window.end != right.window.end { return left.window.end < right.window.end }
                    if left.window.start != right.window.start { return left.window.start < right.window.start }
                    return "\(left.key)" < "\(right.key)"
                }
            }
        }

        /// The records that passed, by place.
        public var rows: [StreamRow] {
            state.withLock { $0.rows.values.sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) } }
        }

        /// The records put aside, by place.
        public var rejected: [RejectedEvent] {
            state.withLock { $0.rejected.values.sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) } }
        }

        /// The last cut.
        public var cut: StreamCut? { state.withLock(\.cut) }

        /// How many cuts were committed.
        public var commits: Int { state.withLock(\.commits) }
    }

    struct PaneIdentity: Hashable {
        var key: [StreamValue]
        var window: StreamWindow
    }

    struct RecordIdentity: Hashable {
        var partition: TopicPartition
        var offset: Int64
    }

    private let contents: Contents
    private let epoch = Mutex<Int?>(nil)

    /// A store with contents that others may have too.
    public init(_ contents: Contents = Contents()) { self.contents = contents }

    /// Takes over from all stores of the same contents.
    public func open() async throws(MartletError) -> StreamCut? {
        let (mine, cut) = contents.state.withLock { state in
            state.epoch += 1
            return (state.epoch, state.cut)
        }
        epoch.withLock { $0 = mine }
        return cut
    }

    /// Keeps all or nothing.
    ///
    /// - Throws: ``MartletError`` MT6062 when another store was opened since.
    public func commit(_ results: StreamResults, _ cut: StreamCut) async throws(MartletError) {
        let mine = epoch.withLock(\.self)
        let failure = contents.state.withLock { state -> MartletError? in
            guard state.epoch == mine else {
                return MartletError(.streamTakenOver, "another store was opened", remedy: "stop one of them")
            }
            guard cut.number == (state.cut?.number ?? 0) + 1 else {
                return MartletError(.internalFault, "cut \(cut.number) does not follow", remedy: "please report this")
            }
            for pane in results.panes {
                state.panes[PaneIdentity(key: pane.key, window: pane.window)] = pane.isRetraction ? nil : pane
            }
            for row in results.rows {
                state.rows[RecordIdentity(partition: row.partition, offset: row.offset)] = row
            }
            for event in results.rejected {
                state.rejected[RecordIdentity(partition: event.partition, offset: event.offset)] = event
            }
            state.cut = cut
            state.commits += 1
            return nil
        }
        if let failure { throw failure }
    }

    /// Does nothing more.
    public func close() async { epoch.withLock { $0 = nil } }
}
