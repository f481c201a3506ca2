import MartletCore

/// What was emitted of one window before it is closed.
final class EmittedPanes {
    /// Whether the watermark has passed the window's end.
    var hasFired = false
    /// The keys that panes were emitted of.
    private(set) var keys = KeyTable()
    /// How many panes of each key.
    private(set) var counts: [Int32] = []
    /// The values of the last pane of each key; only kept for retractions.
    private(set) var values: [[StreamValue]] = []

    /// Notes a pane, and gives its index and the values of the one before.
    func note(_ key: Int, of table: KeyTable, _ new: [StreamValue]?) -> (index: Int32, before: [StreamValue]?) {
        let row = keys.insert(key, of: table)
        if row == counts.count {
            counts.append(1)
            if let new { values.append(new) }
            return (0, nil)
        }
        counts[row] &+= 1
        guard let new, row < values.count else { return (counts[row] &- 1, nil) }
        let before = values[row]
        values[row] = new
        return (counts[row] &- 1, before)
    }

    /// Puts back what a snapshot has of a key.
    func restore(_ key: ArraySlice<UInt8>, count: Int32, values restored: [StreamValue]?) {
        let row = keys.insert(key)
        guard row == counts.count else { return }
        counts.append(count)
        if let restored { values.append(restored) }
    }
}
