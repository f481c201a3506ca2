internal import MartletCore

/// Where a batch stands after an append.
package struct AppendResult: Hashable, Sendable {
    /// The offset of its first record.
    package var baseOffset: Int64
    /// The offset of its last record: the append may be answered once the flush policy is met up to it.
    package var lastOffset: Int64
    /// Whether it was there already, and nothing was appended.
    package var isDuplicate: Bool
    /// The broker's time that its records got, in milliseconds since 1970; -1 when they have their own.
    package var logAppendTime: Int64
    /// The first offset of the log, which Produce answers with.
    package var logStartOffset: Int64
}

extension PartitionLog {
    /// Appends a batch with the offset, epoch and perhaps time that it gets here.
    ///
    /// A batch that an idempotent producer sent again is answered with its first offset. Nothing is made to last here.
    ///
    /// `now`: milliseconds since 1970.
    ///
    /// - Throws: ``LogError`` 45, 47 or 48 for the batch of a producer, 47 or 52 for a marker, 56 when the disk fails.
    ///   The log is as before then.
    package func append(_ batch: ValidatedBatch, at now: Int64) throws(LogError) -> AppendResult {
        try checkUsable()
        var batch = batch
        var marker: ControlRecord?
        if batch.header.attributes.isControl {
            guard let view = RecordBatchView(batch.bytes),
                let record = ControlRecord(of: view, using: decompressor)
            else { throw .invalidRecord("the control batch is of an unknown type") }
            try producers.check(batch.header, marker: record)
            marker = record
        } else if batch.header.hasProducer, let known = try producers.check(batch.header) {
            return AppendResult(
                baseOffset: known.baseOffset,
                lastOffset: known.lastOffset,
                isDuplicate: true,
                logAppendTime: configuration.timestampType == .logAppendTime ? known.timestamp : -1,
                logStartOffset: logStartOffset
            )
        }
        let segment = try segment(for: batch.header, at: now)
        batch.assign(baseOffset: endOffset, leaderEpoch: epochs.current)
        switch configuration.timestampType {
        case .createTime: batch.assignCreateTime()
        case .logAppendTime: batch.assign(logAppendTime: now)
        }
        try segment.append(batch, every: configuration.indexIntervalBytes, at: now)
        note(batch.header, marker, in: segment, at: now)
        if configuration.flush != .always { advanceHighWatermark(to: endOffset) }
        return AppendResult(
            baseOffset: batch.header.baseOffset,
            lastOffset: batch.header.lastOffset,
            isDuplicate: false,
            logAppendTime: configuration.timestampType == .logAppendTime ? now : -1,
            logStartOffset: logStartOffset
        )
    }

    /// Checks and appends the bytes that a client wants to have on this partition.
    ///
    /// - Throws: ``LogError`` as ``ValidatedBatch`` and ``append(_:at:)`` do.
    package func append(
        _ bytes: UnsafeRawBufferPointer,
        rules: BatchRules,
        at now: Int64
    ) throws(LogError) -> AppendResult {
        try append(ValidatedBatch(bytes, rules: rules, using: decompressor), at: now)
    }

    /// Appends bytes from an array, for the coordinator, tools and tests.
    ///
    /// - Throws: ``LogError`` as ``ValidatedBatch`` and ``append(_:at:)`` do.
    package func append(_ bytes: [UInt8], rules: BatchRules, at now: Int64) throws(LogError) -> AppendResult {
        var outcome: Result<AppendResult, LogError>?
        bytes.withUnsafeBytes { buffer in
            do throws(LogError) {
                outcome = .success(try append(buffer, rules: rules, at: now))
            } catch { outcome = .failure(error) }
        }
        guard let outcome else { throw .corruptMessage("there is no batch") }
        return try outcome.get()
    }

    /// Ends the open transaction of a producer; a marker is written even when none is open here, as Kafka does.
    ///
    /// - Throws: ``LogError`` 47 when a newer instance of the producer was here, 52 when a newer coordinator was, 56.
    package func appendMarker(
        _ marker: ControlRecord,
        producerID: Int64,
        epoch: Int16,
        at now: Int64
    ) throws(LogError) -> AppendResult {
        let bytes = try marker.batch(producerID: producerID, epoch: epoch, timestamp: now)
        return try append(bytes, rules: BatchRules(origin: .broker), at: now)
    }

    private func note(_ header: RecordBatchHeader, _ marker: ControlRecord?, in segment: LogSegment, at now: Int64) {
        guard header.hasProducer else { return }
        guard let marker else {
            producers.record(header, at: now)
            return
        }
        guard let ended = producers.record(header, marker: marker, at: now) else { return }
        if ended.kind == .abort { segment.note(AbortedTransaction(ended)) }
        hiddenEnds.append((ended.firstOffset, ended.lastOffset))
    }

    /// Lets consumers see what is before an offset.
    func advanceHighWatermark(to offset: Int64) {
        highWatermark = max(highWatermark, min(offset, endOffset))
        if !hiddenEnds.isEmpty { hiddenEnds.removeAll { $0.markerOffset < highWatermark } }
    }

    // MARK: Segments

    /// The segment that the batch goes to: a new one when the last is full or old.
    private func segment(for header: RecordBatchHeader, at now: Int64) throws(LogError) -> LogSegment {
        guard let last = segments.last else { throw StorageFault.noSegment(folder) }
        guard last.size > 0 else { return last }
        let isFull =
            last.size + header.totalBytes > min(configuration.segmentBytes, Limits.segmentBytes)
            || last.isIndexFull(min(configuration.indexBytes, Limits.indexBytes))
            || !last.canHold(endOffset + Int64(header.lastOffsetDelta))
        let age = now.subtractingReportingOverflow(last.firstAppend ?? now)
        guard isFull || (!age.overflow && age.partialValue >= configuration.segmentMilliseconds) else { return last }
        return try roll()
    }

    /// Closes the last segment and begins another; nothing when it is empty.
    ///
    /// The files are written but not synced: until a flush did that, recovery makes them again from the batches.
    ///
    /// - Throws: ``LogError`` 56; the log goes on with the segment that it had.
    @discardableResult
    func roll() throws(LogError) -> LogSegment {
        guard let last = segments.last else { throw StorageFault.noSegment(folder) }
        guard last.size > 0 else { return last }
        let offset = last.nextOffset
        let snapshot = try writeSnapshot(at: offset)
        let indexes = try last.writeIndexes(files, isClosed: true)
        let next = try LogSegment(baseOffset: offset, folder: folder, files: files)
        unsynced += [last.file, snapshot] + indexes
        isFolderUnsynced = true
        segments.append(next)
        return next
    }

    func writeSnapshot(at offset: Int64) throws(LogError) -> any LogFile {
        let file = try files.open("\(folder)/\(SegmentName.text(offset, .producers))")
        try file.truncate(to: 0)
        try file.write(ProducerSnapshot.encode(producers, at: offset), at: 0)
        return file
    }
}

extension StorageFault {
    static func noSegment(_ folder: String) -> LogError { .storage(damaged(folder, "it has no segment")) }
}
