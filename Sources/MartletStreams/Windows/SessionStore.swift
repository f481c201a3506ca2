import MartletCore

/// The state of sessions: for each key, runs of records without a pause of the gap.
///
/// A session is `[first record, last record + gap)`; two that overlap are one.
final class SessionStore {
    let plan: StreamPlan
    let gap: Int64
    var keys = KeyTable()
    /// The sessions of each key, the earliest first.
    var lists: [[Int32]] = []
    var sessions: [Session] = []
    let states: [AggregateState]
    /// The panes emitted of a session that still stand.
    var emitted: [Int32: [Pane]] = [:]
    var free: [Int32] = []
    /// The watermark of the last advance.
    var watermark = EventTime.beginning
    var timers = TimeHeap<Timer>()
    var changed: [Int32] = []
    var liveKeys = 0
    /// Records whose sessions are known and that the aggregates do not have yet.
    private var pendingRows: [Int32] = []
    private var pendingRecords: [Int32] = []
    let emitsChanges: Bool

    struct Session: Hashable, Sendable {
        var start: Int64
        var end: Int64
        var key: Int32
        /// Raised when the row is given up or its timers are void.
        var generation: UInt32
        var isLive = true
        /// Whether the watermark has passed its end.
        var hasFired = false
        var isChanged = false
        /// How many panes were emitted.
        var panes: Int32 = 0
    }

    struct Timer: Hashable, Sendable {
        var row: Int32
        var generation: UInt32
    }

    init(_ plan: StreamPlan, gap: Int64) {
        self.plan = plan
        self.gap = gap
        states = plan.makeStates()
        emitsChanges = plan.emit != .final
    }

    /// How many sessions there are.
    var rowCount: Int { sessions.count - free.count }

    /// Adds records, each judged by its watermark, and gives those that are late.
    func add(
        _ records: [Int32],
        times: [Int64],
        watermarks: [Int64],
        _ batch: KeyBatch,
        _ inputs: [AggregateInput]
    ) -> [Int32] {
        var late = [Int32]()
        for (index, record) in records.enumerated() {
            let time = times[Int(record)]
            let key = batch.bytes.withUnsafeBytes { bytes in
                let key = UnsafeRawBufferPointer(rebasing: bytes[batch.range(Int(record))])
                return keys.insert(key, hash: batch.hashes[Int(record)])
            }
            if key == lists.count { lists.append([]) }
            if let row = session(of: key, at: time, watermark: watermarks[index], inputs) {
                pendingRows.append(row)
                pendingRecords.append(record)
                if emitsChanges { noteChange(row) }
            } else {
                late.append(record)
            }
        }
        flush(inputs)
        return late
    }

    private func noteChange(_ row: Int32) {
        guard !sessions[Int(row)].isChanged else { return }
        sessions[Int(row)].isChanged = true
        changed.append(row)
    }

    /// Gives the aggregates what is pending: needed before rows are merged, as a merged row may be used again.
    private func flush(_ inputs: [AggregateInput]) {
        for (state, input) in zip(states, inputs) { state.update(pendingRows, pendingRecords, input) }
        pendingRows.removeAll(keepingCapacity: true)
        pendingRecords.removeAll(keepingCapacity: true)
    }

    /// The session that a record belongs to, with those that it joins made one; nil when the record is late.
    private func session(of key: Int, at time: Int64, watermark: Int64, _ inputs: [AggregateInput]) -> Int32? {
        // The last session of the key that starts before this record's would end.
        let place = firstSession(of: key, from: time + gap) - 1
        let row: Int32 = place >= 0 ? lists[key][place] : -1
        let joins = row >= 0 && sessions[Int(row)].end > time
        switch plan.lateBy {
        case .partition:
            if EventTime.adding(time, plan.lateness) < watermark { return nil }
        case .task:
            let end = joins ? max(sessions[Int(row)].end, time + gap) : time + gap
            if EventTime.adding(end, plan.lateness) <= watermark { return nil }
        }
        guard joins else { return makeSession(key, StreamWindow(start: time, end: time + gap), at: place + 1) }
        extend(row, StreamWindow(start: time, end: time + gap), watermark)
        if place > 0, sessions[Int(lists[key][place - 1])].end > time {
            flush(inputs)
            let earlier = lists[key].remove(at: place - 1)
            merge(earlier, into: row, watermark)
        }
        return row
    }

    /// The place in a key's list of the first session that starts at `time` or later.
    func firstSession(of key: Int, from time: Int64) -> Int {
        let list = lists[key]
        // Most records belong to the last session.
        guard let last = list.last, sessions[Int(last)].start >= time else { return list.count }
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if sessions[Int(list[middle])].start < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func makeSession(_ key: Int, _ window: StreamWindow, at place: Int) -> Int32 {
        if lists[key].isEmpty { liveKeys += 1 }
        let row: Int32
        if let reused = free.popLast() {
            row = reused
            let generation = sessions[Int(row)].generation
            sessions[Int(row)] = Session(
                start: window.start,
                end: window.end,
                key: Int32(key),
                generation: generation
            )
            for state in states { state.reset(Int(row)) }
        } else {
            row = Int32(sessions.count)
            sessions.append(Session(start: window.start, end: window.end, key: Int32(key), generation: 0))
            for state in states { state.grow(to: sessions.count) }
        }
        // One that only a late record opens has no result on time.
        sessions[Int(row)].hasFired = emitsChanges && window.end <= watermark
        lists[key].insert(row, at: place)
        setTimer(row)
        return row
    }

    /// When something is to be done about a session next.
    func due(_ session: Session) -> Int64 {
        emitsChanges && !session.hasFired ? session.end : EventTime.adding(session.end, plan.lateness)
    }

    func setTimer(_ row: Int32) {
        let session = sessions[Int(row)]
        timers.insert(Timer(row: row, generation: session.generation), at: due(session))
    }

    private func extend(_ row: Int32, _ window: StreamWindow, _ watermark: Int64) {
        let index = Int(row)
        sessions[index].start = min(sessions[index].start, window.start)
        guard window.end > sessions[index].end else { return }
        sessions[index].end = window.end
        if sessions[index].hasFired, window.end > watermark {
            // Open again; it fires anew at its new end. The timer that is set is for closing, and void.
            sessions[index].hasFired = false
            sessions[index].generation &+= 1
            setTimer(row)
        }
    }

    private func merge(_ row: Int32, into target: Int32, _ watermark: Int64) {
        let other = sessions[Int(row)]
        for state in states { state.merge(state, Int(row), into: Int(target)) }
        sessions[Int(target)].panes &+= other.panes
        if let panes = emitted.removeValue(forKey: row) { emitted[target, default: []] += panes }
        extend(target, StreamWindow(start: other.start, end: other.end), watermark)
        release(row)
    }

    func release(_ row: Int32) {
        sessions[Int(row)].isLive = false
        sessions[Int(row)].generation &+= 1
        sessions[Int(row)].hasFired = false
        emitted[row] = nil
        free.append(row)
    }
}
