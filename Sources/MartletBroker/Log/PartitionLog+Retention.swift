extension PartitionLog {
    /// Removes closed segments that are older, or more, than the settings keep; never what is not stable yet.
    ///
    /// Returned is how many went.
    ///
    /// `now`: milliseconds since 1970.
    ///
    /// - Throws: ``LogError`` 56.
    package func retain(at now: Int64) throws(LogError) -> Int {
        try checkUsable()
        producers.expire(at: now, idle: configuration.producerIdleMilliseconds)
        if let last = segments.last, isExpired(last, at: now), last.nextOffset <= lastStableOffset { try roll() }
        var total = size
        var count = 0
        for segment in segments.dropLast() {
            guard segment.nextOffset <= lastStableOffset else { break }
            let isTooMuch = configuration.retentionBytes.map { total - segment.size >= $0 } ?? false
            guard isTooMuch || isExpired(segment, at: now) else { break }
            total -= segment.size
            count += 1
        }
        try removeFirst(count)
        return count
    }

    private func isExpired(_ segment: LogSegment, at now: Int64) -> Bool {
        // Kafka counts from the time of the newest record alone, and so removes what is replayed from the past at once.
        // Here a record also stays for as long after it was appended.
        let times = [segment.latest?.timestamp, segment.lastAppend ?? segment.firstAppend].compactMap { $0 }
        guard let keep = configuration.retentionMilliseconds, let latest = times.max() else { return false }
        let age = now.subtractingReportingOverflow(latest)
        return age.overflow ? now > 0 : age.partialValue > keep
    }

    /// Makes `offset` the first that may be read, and removes segments before it; -1 for all that consumers see.
    ///
    /// Returned is the log's start then, which has to be kept in a checkpoint before it is told to anyone.
    ///
    /// - Throws: ``LogError`` 1 for an offset that consumers do not see, 56.
    package func deleteRecords(before offset: Int64) throws(LogError) -> Int64 {
        try checkUsable()
        let target = offset == -1 ? highWatermark : offset
        guard target >= 0, target <= highWatermark else {
            throw .offsetOutOfRange("offset \(target) is not before the high watermark \(highWatermark)")
        }
        // A start beyond what lasts would let a crash lose what is known of producers.
        if target > recoveryPoint { try flush() }
        logStartOffset = max(logStartOffset, target)
        if segments.last?.nextOffset == logStartOffset, lastStableOffset >= logStartOffset { try roll() }
        try removeFirst(segments.dropLast().prefix { $0.nextOffset <= min(logStartOffset, lastStableOffset) }.count)
        return logStartOffset
    }

    /// Removes the oldest segments.
    private func removeFirst(_ count: Int) throws(LogError) {
        // What cannot go now goes the next time.
        guard count > 0, count < segments.count, !isCompacting else { return }
        // What is known of producers from the records that go has to last first.
        try flush()
        for _ in 0..<count {
            // What is gone from the list is not read any more, whether or not its files can be removed.
            let segment = segments.removeFirst()
            logStartOffset = max(logStartOffset, segments[0].baseOffset)
            try segment.remove(files)
        }
        try files.syncFolder(folder)
    }
}
