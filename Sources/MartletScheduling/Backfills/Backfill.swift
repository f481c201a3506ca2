public import MartletCore

/// A backfill at work: which of its dates start next, and what has become of the others.
///
/// Dates begin in order, each once. Nothing is made in advance: a date has a run of this backfill from when it begins.
public struct Backfill: Hashable, Sendable {
    /// The backfill with its dates, as the store keeps it.
    public private(set) var record: BackfillRecord
    /// Where the runs of the dates that have begun stand, by ordinal.
    public private(set) var states: [Int: RunState]
    /// The dates that have not begun start here, or later.
    private var next = 0
    private var activeCount: Int
    private var ordinals: [RunID: Int] = [:]

    /// A backfill as it stands.
    ///
    /// - Parameters:
    ///   - record: the backfill with its dates.
    ///   - states: where the runs that it has begun stand, by ordinal; a run of before, which is to run again, is none.
    public init(_ record: BackfillRecord, states: [Int: RunState] = [:]) {
        self.record = record
        self.states = states
        activeCount = states.values.count { !$0.isTerminal }
        for date in record.dates where states[date.ordinal] != nil {
            if let run = date.run { ordinals[run] = date.ordinal }
        }
        settle()
    }

    /// The dates that start now, in order: as many as its own limit of active runs allows, none unless it is running.
    public var starts: [BackfillDate] {
        guard record.state == .running else { return [] }
        let free = max(0, record.request.maxActiveRuns - activeCount)
        return Array(record.dates[next...].lazy.filter { isWaiting($0) }.prefix(free))
    }

    /// The runs that are to fail because the backfill was cancelled: those that wait to start; others go on to the end.
    public var runsToFail: [RunID] {
        guard record.state == .cancelled else { return [] }
        return record.dates.filter { states[$0.ordinal] == .queued }.compactMap(\.run)
    }

    /// Notes that a date begins with `run`, which is queued.
    public mutating func begin(_ ordinal: Int, as run: RunID) {
        guard let date = record.dates.firstIndex(ordinal: ordinal), isWaiting(record.dates[date]) else { return }
        record.dates[date].run = run
        ordinals[run] = ordinal
        states[ordinal] = .queued
        activeCount += 1
        settle()
    }

    /// Notes that nothing is done for a date after all, as when a run of that date has been made in the meantime.
    public mutating func skip(_ ordinal: Int, because reason: BackfillPlan.SkipReason, of run: RunID? = nil) {
        guard let date = record.dates.firstIndex(ordinal: ordinal), isWaiting(record.dates[date]) else { return }
        record.dates[date].decision = .skip
        record.dates[date].reason = reason.rawValue
        if let run { record.dates[date].run = run }
        settle()
    }

    /// Notes where a run stands; false when it is none of this backfill.
    @discardableResult public mutating func fold(_ run: RunID, _ state: RunState) -> Bool {
        guard let ordinal = ordinals[run], let before = states[ordinal] else { return false }
        activeCount += (state.isTerminal ? 0 : 1) - (before.isTerminal ? 0 : 1)
        states[ordinal] = state
        settle()
        return true
    }

    /// Pauses, resumes or cancels it; false when it cannot change so, and nothing has changed then.
    ///
    /// A pause stops starts. A cancelled one starts nothing more; see ``runsToFail``.
    @discardableResult public mutating func change(to state: BackfillState) -> Bool {
        guard state != .done, Self.transitions[record.state]?.contains(state) == true else { return false }
        record.state = state
        return true
    }

    /// The states each state may change to; to `done` it changes by itself.
    public static let transitions: [BackfillState: Set<BackfillState>] = [
        .running: [.paused, .cancelled, .done],
        .paused: [.running, .cancelled, .done],
        .cancelled: [],
        .done: [],
    ]

    /// How many of its dates stand where.
    public struct Progress: Hashable, Sendable {
        /// Those that have not begun.
        public var waiting = 0
        /// Those whose runs are queued or running.
        public var active = 0
        /// Those whose runs succeeded.
        public var succeeded = 0
        /// Those whose runs failed or were cancelled.
        public var failed = 0
        /// Those for which nothing is done.
        public var skipped = 0
        /// Those that will not begin, as the backfill was cancelled.
        public var dropped = 0
    }

    /// How many of its dates stand where.
    public var progress: Progress {
        var progress = Progress()
        for date in record.dates {
            switch states[date.ordinal] {
            case .queued, .running: progress.active += 1
            case .success: progress.succeeded += 1
            case .failed, .cancelled: progress.failed += 1
            case nil where date.decision == .skip: progress.skipped += 1
            case nil where record.state == .cancelled: progress.dropped += 1
            case nil: progress.waiting += 1
            }
        }
        return progress
    }

    private func isWaiting(_ date: BackfillDate) -> Bool { date.decision != .skip && states[date.ordinal] == nil }

    /// Moves on past dates that have begun or need nothing, and ends the backfill with the last.
    private mutating func settle() {
        while next < record.dates.count, !isWaiting(record.dates[next]) { next += 1 }
        if next == record.dates.count, activeCount == 0, Self.transitions[record.state]?.contains(.done) == true {
            record.state = .done
        }
    }
}

extension [BackfillDate] {
    /// The place of the date with this ordinal: its own, in a record that is whole.
    fileprivate func firstIndex(ordinal: Int) -> Int? {
        if indices.contains(ordinal), self[ordinal].ordinal == ordinal { return ordinal }
        return firstIndex { $0.ordinal == ordinal }
    }
}
