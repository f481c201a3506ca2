extension PartitionLog {
    /// A record's place and time, as ListOffsets answers.
    package struct TimedOffset: Hashable, Sendable {
        /// The record's offset.
        package var offset: Int64
        /// Its timestamp, in milliseconds since 1970.
        package var timestamp: Int64
        /// The leader's epoch when it was appended.
        package var leaderEpoch: Int32
    }

    /// The offset after the last record that a reader may see: ListOffsets -1.
    package func latestOffset(_ isolation: Isolation) -> Int64 {
        isolation == .readCommitted ? lastStableOffset : highWatermark
    }

    /// The first record with this timestamp or a later one, of those that a reader may see; nil when there is none.
    ///
    /// - Throws: ``LogError`` 56.
    package func offset(
        forTimestamp timestamp: Int64,
        _ isolation: Isolation = .readUncommitted
    ) throws(LogError) -> TimedOffset? {
        try checkUsable()
        let upper = latestOffset(isolation)
        for segment in segments[segmentIndex(of: logStartOffset)...] {
            guard segment.baseOffset < upper else { return nil }
            guard let latest = segment.latest, latest.timestamp >= timestamp else { continue }
            var scanner = segment.scanner(from: try segment.start(ofTimestamp: timestamp), .headers)
            while case .batch(let header, _) = try scanner.next() {
                guard header.baseOffset < upper else { return nil }
                guard header.maxTimestamp >= timestamp, header.lastOffset >= logStartOffset,
                    !header.attributes.isControl, let view = try scanner.batch()
                else { continue }
                if let found = record(of: view, where: { $0 >= timestamp }) {
                    return found.offset < upper ? found : nil
                }
            }
        }
        return nil
    }

    /// The first record with the latest timestamp of all, of those that a reader may see: ListOffsets -3.
    ///
    /// Nil when there is none.
    ///
    /// - Throws: ``LogError`` 56.
    package func offsetOfMaxTimestamp(
        _ isolation: Isolation = .readUncommitted
    ) throws(LogError) -> TimedOffset? {
        try checkUsable()
        let upper = latestOffset(isolation)
        var best: LogSegment?
        for segment in segments where segment.nextOffset > logStartOffset && segment.baseOffset < upper {
            guard let latest = segment.latest else { continue }
            if latest.timestamp > best?.latest?.timestamp ?? Int64.min { best = segment }
        }
        guard let timestamp = best?.latest?.timestamp else { return nil }
        if let found = try offset(forTimestamp: timestamp, isolation) { return found }
        // The latest one cannot be seen yet, or is deleted: look at all that can.
        return try latestVisible(below: upper)
    }

    private func latestVisible(below upper: Int64) throws(LogError) -> TimedOffset? {
        var latest = Int64.min
        for segment in segments[segmentIndex(of: logStartOffset)...] where segment.baseOffset < upper {
            var scanner = segment.scanner(.headers)
            while case .batch(let header, _) = try scanner.next(), header.baseOffset < upper {
                guard header.maxTimestamp > latest, header.lastOffset >= logStartOffset,
                    !header.attributes.isControl, let view = try scanner.batch()
                else { continue }
                latest = max(latest, latestTimestamp(of: view, below: upper))
            }
        }
        return latest == Int64.min ? nil : try offset(forTimestamp: latest)
    }

    private func latestTimestamp(of view: RecordBatchView, below upper: Int64) -> Int64 {
        var latest = Int64.min
        guard var records = try? view.records(using: decompressor) else { return latest }
        while let record = try? records.next() {
            if record.offset >= logStartOffset, record.offset < upper { latest = max(latest, record.timestamp) }
        }
        return latest
    }

    /// The first record of a batch whose timestamp is as wanted; that of a batch that cannot be read is its first.
    private func record(of view: RecordBatchView, where condition: (Int64) -> Bool) -> TimedOffset? {
        let epoch = view.header.partitionLeaderEpoch
        guard var records = try? view.records(using: decompressor) else {
            return TimedOffset(
                offset: max(view.header.baseOffset, logStartOffset),
                timestamp: view.header.maxTimestamp,
                leaderEpoch: epoch
            )
        }
        while let record = try? records.next() {
            guard record.offset >= logStartOffset, condition(record.timestamp) else { continue }
            return TimedOffset(offset: record.offset, timestamp: record.timestamp, leaderEpoch: epoch)
        }
        return nil
    }
}
