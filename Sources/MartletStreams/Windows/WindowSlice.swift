import MartletCore

/// The partial results of the keys that have records in one slice of event time.
final class WindowSlice {
    /// Where it starts.
    let start: Int64
    /// The first window that its records count for.
    ///
    /// Usually that is the first with this slice; records that came too late for some of their windows are kept in a
    /// slice of their own.
    let firstWindow: Int64
    /// The keys; the number of a key is its row in the states.
    var keys = KeyTable()
    let states: [AggregateState]
    /// The rows that changed since results were last emitted; only kept when changes are emitted.
    var changed: [Int32] = []
    private var isChanged: [Bool] = []

    init(start: Int64, firstWindow: Int64, states: [AggregateState]) {
        self.start = start
        self.firstWindow = firstWindow
        self.states = states
    }

    /// The rows of these records' keys, new ones added.
    func rows(of records: [Int32], _ batch: KeyBatch, into targets: inout [Int32]) {
        targets.removeAll(keepingCapacity: true)
        targets.reserveCapacity(records.count)
        batch.bytes.withUnsafeBytes { bytes in
            for record in records {
                let key = UnsafeRawBufferPointer(rebasing: bytes[batch.range(Int(record))])
                targets.append(Int32(truncatingIfNeeded: keys.insert(key, hash: batch.hashes[Int(record)])))
            }
        }
        grow()
    }

    func grow() {
        for state in states { state.grow(to: keys.count) }
    }

    /// Adds records whose keys are at `targets`.
    func add(_ records: [Int32], at targets: [Int32], _ inputs: [AggregateInput]) {
        for (state, input) in zip(states, inputs) { state.update(targets, records, input) }
    }

    func noteChanges(_ targets: [Int32]) {
        if isChanged.count < keys.count {
            isChanged.append(contentsOf: repeatElement(false, count: keys.count - isChanged.count))
        }
        for row in targets where !isChanged[Int(row)] {
            isChanged[Int(row)] = true
            changed.append(row)
        }
    }

    func forgetChanges() {
        for row in changed { isChanged[Int(row)] = false }
        changed.removeAll(keepingCapacity: true)
    }

    /// Adds row `from` of another slice to the row of the same key here.
    func merge(_ other: WindowSlice, _ from: Int) {
        let row = keys.insert(from, of: other.keys)
        grow()
        for (state, more) in zip(states, other.states) { state.merge(more, from, into: row) }
    }

    /// Adds all rows of another slice.
    func merge(_ other: WindowSlice) {
        var targets = [Int]()
        targets.reserveCapacity(other.keys.count)
        for index in 0..<other.keys.count {
            targets.append(keys.insert(index, of: other.keys))
        }
        grow()
        for (state, more) in zip(states, other.states) {
            for (from, row) in targets.enumerated() { state.merge(more, from, into: row) }
        }
    }
}
