internal import MartletCore

/// What opening a partition's log has found and done.
package struct RecoveryReport: Hashable, Sendable {
    /// Batches that were gone through since it was not known whether they last.
    package var checkedBytes = 0
    /// Bytes that were cut off, since they were no whole batches or came after some that were not.
    package var cutBytes = 0
    /// What was wrong with them.
    package var reason: String?
}

extension PartitionLog {
    /// Opens the log in a folder, or begins one; after a crash it is recovered: cut at the first bytes that are no
    /// whole batch, with indexes and producers as the batches say.
    ///
    /// Everything in it lasts afterwards.
    ///
    /// `logStart`: the first offset that may be read, from the checkpoint; nil for that of the first batch.
    /// `recoveryPoint`: everything before it lasts, from the checkpoint; nil when that is unknown. `isClean`: whether
    /// the log was closed. `now`: milliseconds since 1970.
    ///
    /// - Throws: ``LogError`` 56.
    package static func open(
        _ folder: String,
        files: any LogFiles,
        configuration: LogConfiguration = LogConfiguration(),
        logStart: Int64? = nil,
        recoveryPoint: Int64? = nil,
        isClean: Bool = false,
        at now: Int64
    ) throws(LogError) -> (log: PartitionLog, report: RecoveryReport) {
        try files.createFolder(folder)
        var opening = LogOpening(folder: folder, files: files, configuration: configuration, now: now)
        try opening.tidy()
        let log = try opening.open(
            logStart: max(0, logStart ?? 0),
            recoveryPoint: isClean ? Int64.max : max(0, recoveryPoint ?? 0),
            isClean: isClean
        )
        return (log, opening.report)
    }
}

/// The steps of opening a log.
private struct LogOpening {
    let folder: String
    let files: any LogFiles
    let configuration: LogConfiguration
    let now: Int64
    let decompressor = BatchDecompressor()
    var report = RecoveryReport()
    var names: Set<String> = []
    var segments: [LogSegment] = []
    var producers = ProducerStates()

    init(folder: String, files: any LogFiles, configuration: LogConfiguration, now: Int64) {
        self.folder = folder
        self.files = files
        self.configuration = configuration
        self.now = now
    }

    /// Finishes or takes back what was under way.
    mutating func tidy() throws(LogError) {
        for name in try files.list(folder) {
            let path = "\(folder)/\(name)"
            if name.hasSuffix(SegmentName.deleted) || name.hasSuffix(SegmentName.cleaned) || name.hasSuffix(".tmp") {
                try files.remove(path)
            } else if name.hasSuffix(SegmentName.swap) {
                let target = name.dropLast(SegmentName.swap.count)
                if let (offset, part) = SegmentName.parse(target), part == .log {
                    // The indexes are of what it replaces.
                    for part in SegmentName.indexes {
                        try files.remove("\(folder)/\(SegmentName.text(offset, part))")
                    }
                }
                try files.rename(path, to: "\(folder)/\(target)")
            }
        }
        names = Set(try files.list(folder))
    }

    mutating func open(logStart: Int64, recoveryPoint: Int64, isClean: Bool) throws(LogError) -> PartitionLog {
        let bases = names.compactMap(SegmentName.parse).filter { $0.part == .log }.map(\.offset).sorted()
        var trusted = 0
        while trusted < bases.count, isClean || (trusted + 1 < bases.count && bases[trusted + 1] < recoveryPoint) {
            let segment = try LogSegment(baseOffset: bases[trusted], folder: folder, files: files)
            let isClosed = trusted + 1 < bases.count
            guard try segment.readIndexes(files, names: names, isClosed: isClosed, at: now) else { break }
            guard !isClosed || segment.nextOffset <= bases[trusted + 1] else { break }
            segments.append(segment)
            trusted += 1
        }
        let isWhole = trusted == bases.count && isClean
        let start = isWhole ? segments.last?.nextOffset ?? 0 : bases.dropFirst(trusted).first ?? 0
        try readProducers(before: start)
        var changed = try recover(bases.dropFirst(trusted))
        if segments.isEmpty {
            segments = [try LogSegment(baseOffset: logStart, folder: folder, files: files)]
        } else if let end = segments.last?.nextOffset, logStart > end {
            // Records were deleted that had not been made to last. What is known of producers counts on.
            try writeSnapshot(at: logStart)
            changed = []
            let next = try LogSegment(baseOffset: logStart, folder: folder, files: files)
            for segment in segments { try segment.remove(files) }
            segments = [next]
        }
        try dropSnapshots()
        for file in changed { try file.sync() }
        if !isWhole || bases.isEmpty { try files.syncFolder(folder) }
        let log = PartitionLog(
            folder: folder,
            files: files,
            configuration: configuration,
            segments: segments,
            producers: producers,
            epochs: try readEpochs(isRecovered: !isWhole && !bases.isEmpty),
            logStartOffset: max(logStart, segments.first?.baseOffset ?? 0)
        )
        return log
    }

    /// The producers as they were before an offset: from the newest snapshot that is whole, and the batches after it.
    private mutating func readProducers(before offset: Int64) throws(LogError) {
        let snapshots = names.compactMap(SegmentName.parse).filter { $0.part == .producers && $0.offset <= offset }
        var from: Int64 = 0
        for snapshot in snapshots.sorted(by: { $0.offset > $1.offset }) {
            let file = try files.open("\(folder)/\(SegmentName.text(snapshot.offset, .producers))")
            let size = try file.size()
            guard size <= Limits.checkpointBytes,
                let states = ProducerSnapshot.decode(try file.contents(size), at: snapshot.offset)
            else { continue }
            producers = states
            from = snapshot.offset
            break
        }
        for segment in segments where segment.nextOffset > from {
            try segment.replay(&producers, from: from, at: now, using: decompressor)
        }
    }

    /// Goes through segments that are not known to be whole; the files to sync.
    private mutating func recover(_ bases: ArraySlice<Int64>) throws(LogError) -> [any LogFile] {
        var changed: [any LogFile] = []
        var isCut = false
        var isFollowing = false
        for base in bases {
            let segment = try LogSegment(baseOffset: base, folder: folder, files: files)
            let size = try segment.file.size()
            // What lies between two segments that may not last was lost: nothing after it may stay, or a producer that
            // sends it again would be refused.
            let expected = segments.last?.nextOffset ?? base
            if isCut || base < expected || (base > expected && isFollowing) {
                report.cutBytes += size
                report.reason = report.reason ?? "segment \(base) does not follow the one before it"
                isCut = true
                try segment.remove(files)
                continue
            }
            // A closed segment is searched on disk.
            if let last = segments.last, isFollowing { try last.replaceIndexes(files) }
            try writeSnapshot(at: base)
            let found = try segment.recover(
                &producers,
                every: configuration.indexIntervalBytes,
                at: now,
                using: decompressor
            )
            report.checkedBytes += segment.size
            if case .damaged(let position, let reason) = found {
                report.cutBytes += size - position
                report.reason = "\(segment.file.path), byte \(position): \(reason)"
                isCut = true
            }
            try segment.trim()
            segments.append(segment)
            changed.append(segment.file)
            isFollowing = true
        }
        try segments.last?.growIndexes()
        return changed
    }

    /// Makes sure that there is a snapshot where a segment begins, so that those before it can go.
    ///
    /// One that is there must not be torn by a crash now: nothing else may tell what it does.
    private func writeSnapshot(at offset: Int64) throws(LogError) {
        let name = SegmentName.text(offset, .producers)
        let bytes = ProducerSnapshot.encode(producers, at: offset)
        if names.contains(name) {
            let file = try files.open("\(folder)/\(name)")
            if try file.contents(bytes.count + 1) == bytes { return }
        }
        try files.replace(name, in: folder, with: bytes)
    }

    /// Removes snapshots that no segment begins at: of what was cut, and of the last clean end.
    private func dropSnapshots() throws(LogError) {
        let bases = Set(segments.map(\.baseOffset))
        for case (let offset, let part)? in names.map(SegmentName.parse) where part != .log && !bases.contains(offset) {
            try files.remove("\(folder)/\(SegmentName.text(offset, part))")
        }
    }

    private func readEpochs(isRecovered: Bool) throws(LogError) -> LeaderEpochs {
        let bytes = try files.contents(of: LeaderEpochs.fileName, in: folder, limit: Limits.checkpointBytes)
        var epochs = bytes.flatMap { LeaderEpochs(text: String(decoding: $0, as: UTF8.self)) } ?? LeaderEpochs()
        guard isRecovered, let end = segments.last?.nextOffset else { return epochs }
        epochs.raise(at: end)
        try files.replace(LeaderEpochs.fileName, in: folder, with: Array(epochs.text.utf8))
        return epochs
    }
}
