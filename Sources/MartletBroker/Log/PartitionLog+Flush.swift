/// What has to be synced so that everything before an offset lasts; may be done on any thread.
package struct PendingFlush: Sendable {
    /// Everything before it lasts afterwards.
    package let offset: Int64
    fileprivate let changed: [any LogFile]
    fileprivate let folder: String?
    fileprivate let segment: Int64
    fileprivate let position: Int
    private let files: any LogFiles

    fileprivate init(to end: LogSegment, changed: [any LogFile], folder: String?, files: any LogFiles) {
        offset = end.nextOffset
        segment = end.baseOffset
        position = end.size
        self.changed = changed
        self.folder = folder
        self.files = files
    }

    /// Syncs; the log may be appended to meanwhile.
    ///
    /// - Throws: ``LogError`` 56. The log has to be told by ``PartitionLog/fail(_:)``, and is unusable from then on.
    package func perform() throws(LogError) {
        for file in changed { try file.sync() }
        if let folder { try files.syncFolder(folder) }
    }
}

extension PartitionLog {
    /// What makes all that is appended so far last; nil when it does already.
    ///
    /// Whoever takes it performs it, and then calls ``finishFlush(_:)``, or ``fail(_:)`` with the error: the next one does
    /// not have the same files again.
    package func prepareFlush() -> PendingFlush? {
        guard failure == nil, let last = segments.last else { return nil }
        guard recoveryPoint < endOffset || !unsynced.isEmpty || isFolderUnsynced else { return nil }
        let pending = PendingFlush(
            to: last,
            changed: unsynced + [last.file],
            folder: isFolderUnsynced ? folder : nil,
            files: files
        )
        unsynced = []
        isFolderUnsynced = false
        return pending
    }

    /// Takes note that a flush is done, and lets consumers see what lasts now.
    ///
    /// Flushes of one log are done one after the other, in the order in which they were prepared.
    package func finishFlush(_ pending: PendingFlush) {
        recoveryPoint = max(recoveryPoint, pending.offset)
        advanceHighWatermark(to: pending.offset)
        // Every reader's last byte.
        readers.remember(pending.offset, in: pending.segment, at: pending.position)
    }

    /// Takes note that a flush failed: what was appended may be lost, and no later fsync would say so.
    package func fail(_ error: LogError) { failure = failure ?? error }

    /// Makes everything before an offset last; nothing when it does.
    ///
    /// - Throws: ``LogError`` 56; the log is unusable from then on.
    package func flush(upTo offset: Int64 = .max) throws(LogError) {
        try checkUsable()
        guard recoveryPoint < offset, let pending = prepareFlush() else { return }
        do throws(LogError) {
            try pending.perform()
        } catch {
            fail(error)
            throw error
        }
        finishFlush(pending)
    }

    /// Writes everything that the next start needs, so that it does not have to go through the batches.
    ///
    /// The log must not be used afterwards.
    ///
    /// - Throws: ``LogError`` 56; the next start recovers then, as long as the data folder is not marked as clean.
    package func close() throws(LogError) {
        try checkUsable()
        guard let last = segments.last else { return }
        unsynced += try last.writeIndexes(files, isClosed: false)
        // In one step: when the last segment is empty, the only snapshot of its base is replaced.
        let name = SegmentName.text(endOffset, .producers)
        try files.replace(name, in: folder, with: ProducerSnapshot.encode(producers, at: endOffset))
        isFolderUnsynced = true
        try flush()
        failure = .storage(StorageFault.damaged(folder, "it was closed"))
    }
}
