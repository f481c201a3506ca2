import MartletCore

/// What waits for the writer, in the order it came.
///
/// Every caller waits for its own entry, so there are never more entries than waiting tasks; what is bounded is how
/// many go into one transaction.
struct CommitQueue: Sendable {
    /// Work, and whom to tell of its end.
    struct Entry: Sendable {
        let work: StoreWork
        let done: CheckedContinuation<Result<Void, MartletError>, Never>
    }

    /// What a caller does after adding an entry.
    enum Admission {
        /// The writer is idle: start it.
        case startWriting
        /// The writer takes the entry with its next group.
        case wait
        /// The store is closed.
        case refuse
    }

    private(set) var isClosed = false
    private var isWriting = false
    private var pending: [Entry] = []

    mutating func add(_ entry: Entry) -> Admission {
        if isClosed { return .refuse }
        pending.append(entry)
        if isWriting { return .wait }
        isWriting = true
        return .startWriting
    }

    /// The entries of the next transaction; nil when there are none, and the writer becomes idle.
    mutating func takeGroup() -> [Entry]? {
        if pending.isEmpty {
            isWriting = false
            return nil
        }
        let group = Array(pending.prefix(StoreLimits.changesPerGroup))
        pending.removeFirst(group.count)
        return group
    }

    /// Lets nothing more in; what is pending is still written.
    mutating func close() { isClosed = true }
}
