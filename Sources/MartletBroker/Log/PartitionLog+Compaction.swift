internal import MartletCore

/// What a round of compaction did.
package struct CompactionReport: Hashable, Sendable {
    /// Segments that were written anew.
    package var segments = 0
    /// Bytes of them before.
    package var bytesBefore = 0
    /// Bytes of them after.
    package var bytesAfter = 0
}

extension PartitionLog {
    /// Whether as much was closed since the last compaction as was left by it (`min.cleanable.dirty.ratio` of one half).
    package var isWorthCompacting: Bool {
        var clean = 0
        var dirty = 0
        for segment in segments.dropLast() where segment.nextOffset <= lastStableOffset {
            if segment.nextOffset > compactedUpTo { dirty += segment.size } else { clean += segment.size }
        }
        return dirty > 0 && dirty >= clean
    }

    /// Keeps the last record of each key in closed segments: `cleanup.policy` with `compact`.
    ///
    /// Offsets stay as they are. Records of aborted transactions go; tombstones stay for the time that the settings say
    /// after they were first seen here. Markers of transactions stay. Of batches that a producer's numbers or the segment's
    /// end depend on, an empty one stays. The records that are gone through in one round are bounded by their keys; the
    /// next round goes on.
    ///
    /// `now`: milliseconds since 1970.
    ///
    /// - Throws: ``LogError`` 56; segments are either as before or compacted then.
    package func compact(at now: Int64) throws(LogError) -> CompactionReport {
        try finishCompaction(prepareCompaction(at: now).perform())
    }

    /// Begins a round that may be carried out on any thread, while the log is used: closed segments do not change, and none
    /// is removed until ``finishCompaction(_:)``.
    ///
    /// - Throws: ``LogError`` 56 when the log is unusable, or another round has not ended.
    package func prepareCompaction(at now: Int64) throws(LogError) -> PendingCompaction {
        try checkUsable()
        guard !isCompacting else { throw LogError(56, "it is being compacted") }
        isCompacting = true
        return PendingCompaction(self, at: now)
    }

    /// Puts what a round has written in the place of what it was made of.
    ///
    /// - Throws: ``LogError`` 56 when the round failed; what it had written until then counts.
    package func finishCompaction(_ outcome: CompactionOutcome) throws(LogError) -> CompactionReport {
        isCompacting = false
        var report = CompactionReport()
        for (old, new) in outcome.replaced {
            guard let index = segments.firstIndex(where: { $0 === old }) else { continue }
            report.segments += 1
            report.bytesBefore += old.size
            report.bytesAfter += new.size
            segments[index] = new
        }
        if !outcome.replaced.isEmpty { readers.forget() }
        if let failure = outcome.failure { throw failure }
        compactedUpTo = max(compactedUpTo, outcome.end)
        return report
    }
}

/// What a round of compaction has written.
///
/// `@unchecked Sendable`: it goes from the thread that made the segments to the owner of the log, and nobody keeps it.
package struct CompactionOutcome: @unchecked Sendable {
    fileprivate var replaced: [(old: LogSegment, new: LogSegment)] = []
    fileprivate var end: Int64 = 0
    fileprivate var failure: LogError?
}

/// A round of compaction.
///
/// `@unchecked Sendable`: it has a copy of all that changes in the log, and of its segments only closed ones, of which the
/// files and what is known of them stay as they are.
package struct PendingCompaction: @unchecked Sendable {
    private let segments: [LogSegment]
    /// The offset after them.
    private let end: Int64
    private let stable: Int64
    private let compactedUpTo: Int64
    private let configuration: LogConfiguration
    private let files: any LogFiles
    private let folder: String
    private let decompressor = BatchDecompressor()
    private let now: Int64
    private var newest: [[UInt8]: Int64] = [:]
    private var keyBytes = 0
    private var aborted: [Int64: [AbortedTransaction]] = [:]
    /// The batches that producers' numbers depend on.
    private var lastBatches: Set<Int64> = []

    fileprivate init(_ log: PartitionLog, at now: Int64) {
        segments = Array(log.segments.dropLast())
        end = log.segments.last?.baseOffset ?? 0
        stable = log.lastStableOffset
        compactedUpTo = log.compactedUpTo
        configuration = log.configuration
        files = log.files
        folder = log.folder
        self.now = now
        for segment in log.segments {
            for transaction in segment.aborted { aborted[transaction.producerID, default: []].append(transaction) }
        }
        for state in log.producers.producers.values {
            if let last = state.batches.last { lastBatches.insert(last.baseOffset) }
        }
    }

    /// Writes the segments anew.
    package func perform() -> CompactionOutcome {
        var outcome = CompactionOutcome()
        var round = self
        do throws(LogError) {
            let last = try round.mapKeys()
            for segment in segments.prefix(last) {
                if let new = try round.write(segment) { outcome.replaced.append((segment, new)) }
            }
            outcome.end = last < segments.count ? segments[last].baseOffset : end
        } catch {
            outcome.failure = error
        }
        return outcome
    }

    /// Goes through what is new since the last round, and remembers where each key is last; how many segments, from the
    /// first, may be compacted by it.
    private mutating func mapKeys() throws(LogError) -> Int {
        let age = now.subtractingReportingOverflow(configuration.compactionLagMilliseconds)
        var count = 0
        for segment in segments {
            let isYoung = segment.latest.map { $0.timestamp > age.partialValue && !age.overflow } ?? false
            guard segment.nextOffset <= stable, configuration.compactionLagMilliseconds == 0 || !isYoung else {
                break
            }
            if segment.nextOffset > compactedUpTo {
                // Half a segment is no harm: what is not in the map is kept.
                guard try map(segment) else { return count + 1 }
            }
            count += 1
        }
        return count
    }

    private mutating func map(_ segment: LogSegment) throws(LogError) -> Bool {
        var scanner = segment.scanner(.batches)
        while case .batch(let header, _) = try scanner.next() {
            guard !header.attributes.isControl, !isAborted(header), let view = try scanner.batch() else { continue }
            // A batch that cannot be read is left as it is.
            guard var records = try? view.records(using: decompressor) else { continue }
            while let record = try? records.next() {
                guard let key = record.key.map({ Array($0) }) else { continue }
                if newest.updateValue(record.offset, forKey: key) == nil { keyBytes += key.count }
            }
            guard newest.count < Limits.compactionKeys, keyBytes < Limits.compactionKeyBytes else { return false }
        }
        return true
    }

    private func isAborted(_ header: RecordBatchHeader) -> Bool {
        guard header.attributes.isTransactional, let own = aborted[header.producerID] else { return false }
        return own.contains { $0.firstOffset <= header.baseOffset && header.baseOffset < $0.lastOffset }
    }

    // MARK: Writing

    /// The segment as it is without what is not needed; nil when all of it is.
    private mutating func write(_ old: LogSegment) throws(LogError) -> LogSegment? {
        let path = old.path(.log) + SegmentName.cleaned
        let file = try files.open(path)
        try file.truncate(to: 0)
        var size = 0
        var isChanged = false
        var scanner = old.scanner(.batches)
        while case .batch(let header, _) = try scanner.next() {
            guard let view = try scanner.batch() else { continue }
            let isNeeded = lastBatches.contains(header.baseOffset) || header.lastOffset + 1 == old.nextOffset
            switch try kept(view, isNeeded: isNeeded) {
            case .whole:
                try file.write(view.bytes, at: size)
                size += view.bytes.count
            case .part(let bytes):
                try file.write(bytes, at: size)
                size += bytes.count
                isChanged = true
            case .nothing: isChanged = true
            }
        }
        guard isChanged else {
            try files.remove(path)
            return nil
        }
        try file.sync()
        return try replace(old, with: path)
    }

    /// Puts the new file in the place of the old one.
    ///
    /// Without indexes a start goes through the batches, whichever they are.
    private func replace(_ old: LogSegment, with path: String) throws(LogError) -> LogSegment {
        for part in SegmentName.indexes { try files.remove(old.path(part)) }
        try files.syncFolder(folder)
        try files.rename(path, to: old.path(.log))
        try files.syncFolder(folder)
        let new = try LogSegment(baseOffset: old.baseOffset, folder: folder, files: files)
        var ignored = ProducerStates()
        let found = try new.recover(
            &ignored,
            every: configuration.indexIntervalBytes,
            at: old.firstAppend ?? now,
            using: decompressor
        )
        guard found == .whole, new.nextOffset == old.nextOffset else {
            throw .storage(StorageFault.damaged(old.file.path, "it is not what compaction wrote"))
        }
        new.replaceAborted(old.aborted)
        try new.replaceIndexes(files)
        try files.syncFolder(folder)
        return new
    }

    private enum Kept {
        case whole
        case part([UInt8])
        case nothing
    }

    private func kept(_ view: RecordBatchView, isNeeded: Bool) throws(LogError) -> Kept {
        let header = view.header
        if header.attributes.isControl || header.recordCount == 0 {
            return header.attributes.isControl || isNeeded ? .whole : .nothing
        }
        if isAborted(header) { return isNeeded ? .part(try empty(header)) : .nothing }
        guard var records = try? view.records(using: decompressor) else { return .whole }
        let horizon = horizon(of: header)
        var count = 0
        var hasTombstone = false
        while let record = try? records.next() {
            guard isKept(record, horizon) else { continue }
            count += 1
            hasTombstone = hasTombstone || record.value == nil
        }
        if count == Int(header.recordCount), !hasTombstone || header.attributes.hasDeleteHorizon { return .whole }
        if count == 0 { return isNeeded ? .part(try empty(header)) : .nothing }
        return .part(try rewritten(view, horizon: hasTombstone ? horizon : nil))
    }

    /// When the batch's tombstones may go: as it says, else counted from now.
    private func horizon(of header: RecordBatchHeader) -> Int64 {
        if header.attributes.hasDeleteHorizon { return header.baseTimestamp }
        let sum = now.addingReportingOverflow(configuration.tombstoneMilliseconds)
        return sum.overflow ? Int64.max : sum.partialValue
    }

    private func isKept(_ record: RecordView, _ horizon: Int64) -> Bool {
        // Who has no key cannot be replaced by anything.
        guard let key = record.key else { return true }
        if let last = newest[Array(key)], last > record.offset { return false }
        return record.value != nil || now < horizon
    }

    private func rewritten(_ view: RecordBatchView, horizon: Int64?) throws(LogError) -> [UInt8] {
        let header = view.header
        var attributes = header.attributes
        attributes.rawValue &= ~BatchAttributes.deleteHorizon
        if horizon != nil { attributes.rawValue |= BatchAttributes.deleteHorizon }
        var builder = builder(header, attributes, baseTimestamp: horizon ?? header.baseTimestamp)
        var records = try view.records(using: decompressor)
        let limit = self.horizon(of: header)
        while let record = try records.next() {
            if isKept(record, limit) { builder.append(record) }
        }
        return try builder.build(lastOffsetDelta: header.lastOffsetDelta, leaderEpoch: header.partitionLeaderEpoch)
    }

    private func empty(_ header: RecordBatchHeader) throws(LogError) -> [UInt8] {
        var attributes = header.attributes
        attributes.rawValue &= ~(BatchAttributes.codecs | BatchAttributes.deleteHorizon)
        return try builder(header, attributes, baseTimestamp: header.baseTimestamp)
            .build(lastOffsetDelta: header.lastOffsetDelta, leaderEpoch: header.partitionLeaderEpoch)
    }

    private func builder(
        _ header: RecordBatchHeader,
        _ attributes: BatchAttributes,
        baseTimestamp: Int64
    ) -> RecordBatchBuilder {
        RecordBatchBuilder(
            attributes: attributes,
            producer: .init(id: header.producerID, epoch: header.producerEpoch, baseSequence: header.baseSequence),
            baseOffset: header.baseOffset,
            baseTimestamp: baseTimestamp
        )
    }
}
