internal import MartletCore

/// A part of a partition's log: the batches from a base offset on, and indexes of them.
final class LogSegment {
    /// The offset that the names of its files say; those in it are this or higher.
    let baseOffset: Int64
    /// The batches.
    let file: any LogFile
    let folder: String
    /// Bytes of whole batches; the file may have more after a failed write.
    private(set) var size = 0
    /// The offset after the last record.
    private(set) var nextOffset: Int64
    /// The latest timestamp of its data and the last offset of the batch that has it.
    private(set) var latest: TimeEntry?
    /// When the first batch was appended, or found at the start, in milliseconds since 1970; nil while it is empty.
    private(set) var firstAppend: Int64?
    /// When the last batch was appended, as far as it is known.
    private(set) var lastAppend: Int64?
    /// Transactions that ended here by an abort, in the order of their markers.
    private(set) var aborted: [AbortedTransaction] = []
    private(set) var offsets = SortedIndex<OffsetEntry>()
    private(set) var times = SortedIndex<TimeEntry>()
    private var bytesSinceEntry = 0
    let memory = ScratchMemory()

    /// An empty segment, or one whose batches are still to be gone through.
    init(baseOffset: Int64, folder: String, files: any LogFiles) throws(LogError) {
        self.baseOffset = baseOffset
        self.folder = folder
        nextOffset = baseOffset
        file = try files.open("\(folder)/\(SegmentName.text(baseOffset, .log))")
    }

    func path(_ part: SegmentName.Part) -> String { "\(folder)/\(SegmentName.text(baseOffset, part))" }

    /// Whether an index has no room for an entry more.
    func isIndexFull(_ limit: Int) -> Bool {
        (offsets.count + 1) * OffsetEntry.byteCount > limit || (times.count + 1) * TimeEntry.byteCount > limit
    }

    /// Whether an offset fits into the 32 bits that indexes have for it.
    func canHold(_ offset: Int64) -> Bool { offset - baseOffset <= Int64(Int32.max) }

    // MARK: Writing

    /// Appends a batch whose offset is assigned.
    ///
    /// - Throws: ``LogError`` 56; the segment is as before then.
    func append(_ batch: ValidatedBatch, every interval: Int, at now: Int64) throws(LogError) {
        var failure: LogError?
        batch.withHeaderBytes { header in
            do throws(LogError) { try file.write(header, batch.records, at: size) } catch { failure = error }
        }
        if let error = failure {
            // Whatever was written is behind the end, and the next append writes over it; recovery would cut it.
            do throws(LogError) { try file.truncate(to: size) } catch {}
            throw error
        }
        note(batch.header, every: interval, at: now)
    }

    /// Takes note of when the last batch was appended; nil when nobody knows.
    func appended(_ time: Int64?) { lastAppend = time }

    /// Takes note of a batch that stands at the end.
    func note(_ header: RecordBatchHeader, every interval: Int, at now: Int64) {
        if firstAppend == nil { firstAppend = now }
        lastAppend = now
        if bytesSinceEntry >= interval, let relative = Int32(exactly: header.baseOffset - baseOffset) {
            offsets.append(OffsetEntry(relativeOffset: relative, position: Int32(clamping: size)))
            noteTime()
            bytesSinceEntry = 0
        }
        // Nobody looks for a marker by its time.
        if !header.attributes.isControl, header.maxTimestamp > latest?.timestamp ?? -1,
            let relative = Int32(exactly: header.lastOffset - baseOffset)
        {
            latest = TimeEntry(timestamp: header.maxTimestamp, relativeOffset: relative)
        }
        size += header.totalBytes
        bytesSinceEntry += header.totalBytes
        nextOffset = header.lastOffset + 1
    }

    func note(_ transaction: AbortedTransaction) { aborted.append(transaction) }

    /// Takes over what is known of another file of the same batches.
    func replaceAborted(_ transactions: [AbortedTransaction]) { aborted = transactions }

    private func noteTime() {
        guard let latest, latest.timestamp > times.last?.timestamp ?? Int64.min else { return }
        times.append(latest)
    }

    /// Cuts the file after the last whole batch.
    func trim() throws(LogError) {
        if try file.size() != size { try file.truncate(to: size) }
    }

    /// Writes the indexes; when the segment is closed they are searched on disk from then on.
    ///
    /// Returned are the files that have to be synced.
    func writeIndexes(_ files: any LogFiles, isClosed: Bool) throws(LogError) -> [any LogFile] {
        try writeIndexes(files, isClosed: isClosed, suffix: "")
    }

    /// Puts the indexes in the place of others that a start may trust: they must be whole at any time.
    func replaceIndexes(_ files: any LogFiles) throws(LogError) {
        let suffix = ".tmp"
        for file in try writeIndexes(files, isClosed: true, suffix: suffix) { try file.sync() }
        for part in SegmentName.indexes { try files.rename(path(part) + suffix, to: path(part)) }
    }

    private func writeIndexes(
        _ files: any LogFiles,
        isClosed: Bool,
        suffix: String
    ) throws(LogError) -> [any LogFile] {
        noteTime()
        let offsetFile = try files.open(path(.offsets) + suffix)
        let timeFile = try files.open(path(.times) + suffix)
        if isClosed {
            try offsets.move(to: offsetFile)
            try times.move(to: timeFile)
        } else {
            try offsets.write(to: offsetFile)
            try times.write(to: timeFile)
        }
        let abortedFile = try files.open(path(.aborted) + suffix)
        var bytes: [UInt8] = []
        for transaction in aborted { transaction.append(to: &bytes) }
        try abortedFile.truncate(to: 0)
        try abortedFile.write(bytes, at: 0)
        return [offsetFile, timeFile, abortedFile]
    }

    /// Reads the indexes as they were left; false when they are missing or do not fit the batches, and the segment has to
    /// be gone through.
    func readIndexes(
        _ files: any LogFiles,
        names: Set<String>,
        isClosed: Bool,
        at now: Int64
    ) throws(LogError) -> Bool {
        guard SegmentName.indexes.allSatisfy({ names.contains(SegmentName.text(baseOffset, $0)) }),
            let offsets = try SortedIndex<OffsetEntry>(files.open(path(.offsets))),
            let times = try SortedIndex<TimeEntry>(files.open(path(.times)))
        else { return false }
        let abortedFile = try files.open(path(.aborted))
        let length = min(try abortedFile.size(), Limits.abortedTransactions * AbortedTransaction.byteCount)
        guard let aborted = AbortedTransaction.entries(try abortedFile.contents(length)) else { return false }
        let end = try file.size()
        guard end <= Limits.segmentBytes else { return false }
        // Half a closed segment without an index would make each read slow, so it is made again.
        let lastPosition = Int(offsets.last?.position ?? 0)
        guard lastPosition <= end,
            try offsets.isEnd(where: { $0.position < $1.position && $0.relativeOffset < $1.relativeOffset }),
            try times.isEnd(where: { $0.timestamp < $1.timestamp && $0.relativeOffset < $1.relativeOffset })
        else { return false }
        var next = baseOffset
        var walk = BatchScanner(file, from: lastPosition, to: end, .headers, memory: memory)
        walking: while true {
            switch try walk.next() {
            case .batch(let header, _):
                guard header.baseOffset >= next else { return false }
                next = header.lastOffset + 1
            case .end: break walking
            case .damaged: return false
            }
        }
        self.offsets = offsets
        self.times = times
        self.aborted = aborted
        latest = times.last
        size = end
        nextOffset = next
        bytesSinceEntry = end - lastPosition
        if end > 0 { firstAppend = now }
        lastAppend = try file.modified()
        if !isClosed { try growIndexes() }
        return true
    }

    /// Takes the indexes into memory, so that batches can be appended.
    func growIndexes() throws(LogError) {
        try offsets.load()
        try times.load()
    }

    /// Removes its files; regions that were read stay readable.
    func remove(_ files: any LogFiles) throws(LogError) {
        for part in SegmentName.Part.allCases { try files.remove(path(part)) }
    }
}
