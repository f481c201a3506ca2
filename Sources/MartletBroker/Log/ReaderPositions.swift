internal import MartletCore

/// Where readers left off, so that their next read needs no search.
struct ReaderPositions {
    private struct Entry {
        var offset: Int64
        var segment: Int64
        var position: Int
    }

    private var entries: [Entry] = []
    private var next = 0

    /// The position of an offset within the segment of that base, if a reader stopped there.
    func position(of offset: Int64, in segment: Int64) -> Int? {
        for entry in entries where entry.offset == offset && entry.segment == segment { return entry.position }
        return nil
    }

    mutating func remember(_ offset: Int64, in segment: Int64, at position: Int) {
        let entry = Entry(offset: offset, segment: segment, position: position)
        for index in entries.indices where entries[index].offset == offset && entries[index].segment == segment {
            entries[index] = entry
            return
        }
        if entries.count < Limits.readerPositions {
            entries.append(entry)
        } else {
            entries[next] = entry
            next = (next + 1) % entries.count
        }
    }

    /// Forgets all, when positions have moved.
    mutating func forget() { entries.removeAll() }
}
