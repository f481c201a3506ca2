internal import MartletCore

extension LogSegment {
    /// A batch's place.
    struct Place: Hashable {
        var position: Int
        var header: RecordBatchHeader
    }

    /// The first batch that has the offset or a later one; nil after the last.
    func place(of offset: Int64) throws(LogError) -> Place? {
        guard offset < nextOffset else { return nil }
        let relative = Int32(clamping: offset - baseOffset)
        let entry = try offsets.last { $0.relativeOffset <= relative }
        return try first(from: Int(entry?.position ?? 0)) { $0.lastOffset >= offset }
    }

    /// The first batch from a position on, where one begins, for which the condition holds.
    func first(from position: Int, where condition: (RecordBatchHeader) -> Bool) throws(LogError) -> Place? {
        var walk = BatchScanner(file, from: position, to: size, .headers, memory: memory)
        while case .batch(let header, let place) = try walk.next() {
            if condition(header) { return Place(position: place, header: header) }
        }
        return nil
    }

    /// The batches from `start` that end at or before `limit`: where they end, and the offset after them.
    ///
    /// Nil when the first ends after it.
    func boundary(from start: Int, limit: Int) throws(LogError) -> (position: Int, nextOffset: Int64)? {
        let entry = try offsets.last { Int($0.position) <= limit }
        var walk = BatchScanner(
            file,
            from: max(start, Int(entry?.position ?? 0)),
            to: size,
            .headers,
            memory: memory
        )
        var found: (position: Int, nextOffset: Int64)?
        while case .batch(let header, let place) = try walk.next() {
            if place + header.totalBytes > limit {
                // The index led to the very end: what is before this batch is wanted, and its offset follows it.
                if found == nil, place > start { found = (place, header.baseOffset) }
                break
            }
            found = (place + header.totalBytes, header.lastOffset + 1)
        }
        return found
    }

    /// Where to begin to look for a timestamp: everything before has an earlier one.
    func start(ofTimestamp timestamp: Int64) throws(LogError) -> Int {
        guard let entry = try times.last(where: { $0.timestamp < timestamp }) else { return 0 }
        let offset = try offsets.last { $0.relativeOffset <= entry.relativeOffset }
        return Int(offset?.position ?? 0)
    }

    /// Goes through its batches from a position on.
    func scanner(from position: Int = 0, _ depth: BatchScanner.Depth) -> BatchScanner {
        BatchScanner(file, from: position, to: size, depth)
    }
}
