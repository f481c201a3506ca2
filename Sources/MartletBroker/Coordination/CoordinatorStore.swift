internal import MartletCore

/// The coordinators with their journal: what a server runs on one serial executor that may block.
///
/// For each request: decide with ``state``; ``hand(_:_:)`` the records that this left, with a ticket that says whom to
/// answer; later ``flush()``, and answer those whose tickets come back. A decision without records may be answered at once.
/// Requests that arrive while a flush waits for the disk share the next one.
struct CoordinatorStore<File: JournalFile, Ticket: Sendable>: Sendable {
    /// The coordinators: they decide when they are asked, and records are applied to them only by ``flush()``.
    var state: CoordinatorState
    /// Nil until it is opened: nothing can be handed over then.
    private var journal: CoordinatorJournal<File>?
    private var waiting: [(records: [CoordinatorRecord], ticket: Ticket)] = []

    /// What was found at the start.
    struct Recovery: Sendable {
        /// Transactions to be carried out before clients are let in.
        var endings: [TransactionEnding]
        /// Bytes that a crash had torn at the end of the journal, and that were cut off.
        var tornBytes: Int
    }

    /// What became of the records that were handed over.
    struct Flush: Sendable {
        /// The tickets, in the order of their coming.
        var tickets: [Ticket]
        /// Why the disk does not have them; then nothing of them has happened, and the server has to be started again.
        var error: MartletError?
    }

    /// Opens the journal and takes over what is in it; `state` has the settings and nothing else.
    ///
    /// - Throws: ``MartletError`` MT6015 or MT6016, and what the file throws.
    static func open(
        _ file: File,
        state: CoordinatorState,
        now: Int64
    ) throws(MartletError) -> (store: Self, recovery: Recovery) {
        var (journal, content) = try CoordinatorJournal.open(file)
        var store = Self(state)
        let endings = store.state.replay(content.records, now: now)
        if journal.length > Limits.journalCompactionBytes {
            // Without room for both, the old one does as well.
            do throws(MartletError) { try journal.compact(store.state.records) } catch {}
        }
        if let reservation = store.state.producerIDs.reservation {
            try journal.append([reservation])
            try journal.sync()
            store.state.apply([reservation])
        }
        store.journal = journal
        return (store, Recovery(endings: endings, tornBytes: content.tornBytes))
    }

    /// Coordinators whose journal is not open yet.
    init(_ state: CoordinatorState = CoordinatorState()) { self.state = state }

    /// Whether something waits for a flush.
    var needsFlush: Bool { !waiting.isEmpty }

    /// Hands over what a decision left.
    ///
    /// - Throws: ``MartletError`` when it cannot be written: the decision has not happened, and the client is told 15.
    mutating func hand(_ records: [CoordinatorRecord], _ ticket: Ticket) throws(MartletError) {
        do throws(MartletError) {
            if !records.isEmpty {
                guard journal != nil else { throw CoordinatorJournal<File>.broken() }
                try journal?.append(records)
            }
            waiting.append((records, ticket))
        } catch {
            state.abandon(records)
            throw error
        }
    }

    /// Makes durable what servers that leave that to the system have written.
    ///
    /// - Throws: ``MartletError`` when the disk fails; nothing can be handed over any more.
    mutating func sync() throws(MartletError) { try journal?.sync() }

    /// Makes durable and applies what was handed over; `isSynced` false leaves when it lasts to the system, for servers that
    /// are to survive the end of their process only.
    mutating func flush(isSynced: Bool = true) -> Flush {
        guard isSynced, waiting.contains(where: { !$0.records.isEmpty }) else { return finish(waiting.count, nil) }
        guard let pending = prepareFlush() else { return Flush(tickets: []) }
        return finishFlush(pending, failure: pending.perform())
    }

    /// The part of a flush that waits for the disk: may be done on any thread, while more is handed over.
    struct PendingFlush: Sendable {
        fileprivate let sync: Result<CoordinatorJournal<File>.PendingSync, MartletError>
        fileprivate let count: Int

        /// Waits for the disk; what is wrong if it fails.
        func perform() -> MartletError? {
            do throws(MartletError) {
                try sync.get().perform()
                return nil
            } catch {
                return error
            }
        }
    }

    /// Begins a flush of all that was handed over so far; nil when nothing was.
    ///
    /// It is performed, and then told to ``finishFlush(_:failure:)``, before the next one begins.
    func prepareFlush() -> PendingFlush? {
        guard needsFlush else { return nil }
        do throws(MartletError) {
            guard let journal else { throw CoordinatorJournal<File>.broken() }
            return PendingFlush(sync: .success(try journal.prepareSync()), count: waiting.count)
        } catch {
            return PendingFlush(sync: .failure(error), count: waiting.count)
        }
    }

    /// Applies what a flush made durable, or gives it up.
    mutating func finishFlush(_ pending: PendingFlush, failure: MartletError?) -> Flush {
        if case .success(let sync) = pending.sync { journal?.finishSync(sync, failure: failure) }
        return finish(pending.count, failure)
    }

    private mutating func finish(_ count: Int, _ failure: MartletError?) -> Flush {
        let ended = waiting.prefix(count)
        waiting.removeFirst(ended.count)
        for entry in ended {
            if failure == nil { state.apply(entry.records) } else { state.abandon(entry.records) }
        }
        return Flush(tickets: ended.map(\.ticket), error: failure)
    }

    /// Writes the journal anew when much of it is of no use any more; does nothing while something waits for a flush.
    ///
    /// - Throws: ``MartletError`` when that fails; the journal goes on as it was, or says so with the next records.
    mutating func compactIfWorth(always: Bool = false) throws(MartletError) {
        guard waiting.isEmpty, always || journal?.isWorthCompacting == true else { return }
        try journal?.compact(state.records)
    }
}
