internal import MartletCore

/// What a read answers with.
package struct LogRead: Sendable {
    /// Whole batches, in order.
    ///
    /// The first may begin before the offset that was asked for.
    package var regions: [LogRegion] = []
    /// Bytes of all regions.
    package var byteCount = 0
    /// Consumers see what is before it.
    package var highWatermark: Int64
    /// Consumers of committed records see what is before it.
    package var lastStableOffset: Int64
    /// The first offset of the log.
    package var logStartOffset: Int64
    /// Transactions whose records in the regions must not be seen; nil for readers who see all.
    package var aborted: [AbortedTransaction]?
}

extension PartitionLog {
    /// Batches from an offset on.
    ///
    /// `maxBytes`: no more than these. `minOneBatch`: whether the first batch is given although it is longer (KIP-74).
    ///
    /// - Throws: ``LogError`` 1 for an offset before the start or after the end, 56 when the disk fails.
    package func read(
        from offset: Int64,
        maxBytes: Int,
        isolation: Isolation,
        minOneBatch: Bool = true
    ) throws(LogError) -> LogRead {
        try checkUsable()
        guard offset >= logStartOffset, offset <= endOffset else {
            throw .offsetOutOfRange("offset \(offset) is not within \(logStartOffset) to \(endOffset)")
        }
        let stable = lastStableOffset
        var result = LogRead(
            highWatermark: highWatermark,
            lastStableOffset: stable,
            logStartOffset: logStartOffset,
            aborted: isolation == .readCommitted ? [] : nil
        )
        let upper = isolation == .readCommitted ? stable : highWatermark
        var next = offset
        var index = segmentIndex(of: offset)
        while next < upper, index < segments.count, result.regions.count < Limits.regionsPerRead {
            let segment = segments[index]
            let isFirst = result.regions.isEmpty
            let left = max(0, maxBytes) - result.byteCount
            let end = try append(segment, from: next, below: upper, left, isFirst && minOneBatch, to: &result)
            guard let end else { break }
            next = max(next, end)
            // There may be more in this segment, and then the limit is reached.
            guard next >= segment.nextOffset else { break }
            index += 1
        }
        if isolation == .readCommitted, next > offset { result.aborted = aborted(from: offset, below: next) }
        return result
    }

    /// Appends what a segment has; the offset after it, nil when there is no room for more.
    private func append(
        _ segment: LogSegment,
        from offset: Int64,
        below upper: Int64,
        _ maxBytes: Int,
        _ minOneBatch: Bool,
        to result: inout LogRead
    ) throws(LogError) -> Int64? {
        // Nothing of it is left after compaction, or after the offset.
        guard let start = try position(of: offset, in: segment) else { return segment.nextOffset }
        var end = segment.size
        var next = segment.nextOffset
        if upper < segment.nextOffset {
            end = try position(of: upper, in: segment) ?? segment.size
            next = upper
        }
        guard start < end else { return next }
        if end - start > maxBytes {
            if let boundary = try segment.boundary(from: start, limit: min(end, start + max(0, maxBytes))) {
                (end, next) = boundary
            } else {
                guard minOneBatch, let first = try segment.first(from: start, where: { _ in true }) else { return nil }
                end = start + first.header.totalBytes
                next = first.header.lastOffset + 1
            }
        }
        guard start < end else { return nil }
        result.regions.append(LogRegion(file: segment.file, position: start, count: end - start))
        result.byteCount += end - start
        readers.remember(next, in: segment.baseOffset, at: end)
        return next
    }

    /// Where the first batch begins that has an offset or a later one; nil when the segment has none.
    func position(of offset: Int64, in segment: LogSegment) throws(LogError) -> Int? {
        if offset >= segment.nextOffset { return nil }
        if offset <= segment.baseOffset { return 0 }
        if let known = readers.position(of: offset, in: segment.baseOffset) { return known }
        return try segment.place(of: offset)?.position
    }

    /// Aborted transactions with records in a range of offsets.
    private func aborted(from offset: Int64, below upper: Int64) -> [AbortedTransaction] {
        var found: [AbortedTransaction] = []
        for segment in segments[segmentIndex(of: offset)...] {
            // Markers are in the order of their offsets, so that those before the range can be jumped over.
            var index = segment.aborted.partitioningIndex { $0.lastOffset >= offset }
            while index < segment.aborted.count {
                let transaction = segment.aborted[index]
                if transaction.firstOffset < upper { found.append(transaction) }
                // What ended later began after this.
                if transaction.lastStableOffset >= upper { return found }
                index += 1
            }
        }
        return found
    }
}

extension Array {
    /// The first index from which on the condition holds; it has to hold for all after one for which it does.
    func partitioningIndex(where condition: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
