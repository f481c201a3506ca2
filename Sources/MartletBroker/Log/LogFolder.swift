internal import MartletCore

/// The data folder of a log server: a folder for each partition, and what is known of all of them.
///
/// One thread at a time may use it; calls block on the disk.
package final class LogFolder {
    /// Where it is.
    package let path: String
    /// The cluster's id, which stays the same for as long as the folder is there.
    package let clusterID: String
    /// Whether the server that had it before closed all logs.
    package let wasClosed: Bool

    let files: any LogFiles
    private let lock: any LogFile
    private var recoveryPoints: [PartitionName: Int64]
    private var logStarts: [PartitionName: Int64]
    /// Logs that were opened since the start: they are not clean any more.
    private var opened: Set<PartitionName> = []

    private enum Name {
        static let meta = "meta.properties"
        static let lock = ".lock"
        static let closed = "clean-shutdown"
        static let recoveryPoints = "recovery-point-offset-checkpoint"
        static let logStarts = "log-start-offset-checkpoint"
        static let highWatermarks = "replication-offset-checkpoint"
        static let partition = "partition.metadata"
    }

    private static let version = 1

    /// Opens a data folder, or makes one.
    ///
    /// `newClusterID`: the cluster's id if there is none yet. `processID`: told to other processes that want the folder.
    ///
    /// - Throws: ``LogError`` 56 with MT6012 as its cause when another process has it, MT6013 when a newer version wrote it,
    ///   MT6011 when it is damaged, MT6010 or MT8004 when the disk fails.
    package init(
        _ path: String,
        files: any LogFiles,
        newClusterID: String,
        processID: Int32 = 0
    ) throws(LogError) {
        self.path = path
        self.files = files
        try files.createFolder(path)
        lock = try files.open("\(path)/\(Name.lock)")
        guard try lock.lock() else { throw .storage(Self.inUse(path, by: Self.owner(lock))) }
        // Only for those who find it locked: a disk without room must not keep the server from starting.
        try? lock.truncate(to: 0)
        try? lock.write(Array("\(processID)\n".utf8), at: 0)
        let names = Set(try files.list(path))
        clusterID = try Self.readMeta(path, files, newClusterID)
        for name in names where name.hasSuffix(SegmentName.deleted) {
            try Self.removeFolder("\(path)/\(name)", files)
        }
        recoveryPoints = try Self.readCheckpoint(Name.recoveryPoints, path, files)
        logStarts = try Self.readCheckpoint(Name.logStarts, path, files)
        wasClosed = names.contains(Name.closed)
        if wasClosed {
            // From now on a crash must not look like a clean end.
            try files.remove("\(path)/\(Name.closed)")
            try files.syncFolder(path)
        }
    }

    /// Partitions that have a folder, with the ids of their topics, in order.
    ///
    /// - Throws: ``LogError`` 56.
    package func partitions() throws(LogError) -> [(name: PartitionName, topicID: String?)] {
        var found: [(PartitionName, String?)] = []
        for name in try files.list(path).compactMap(PartitionName.init(folder:)).sorted() {
            let bytes = try files.contents(of: Name.partition, in: folder(name), limit: Limits.checkpointBytes)
            let lines = bytes.map { String(decoding: $0, as: UTF8.self).split(separator: "\n") } ?? []
            let id = lines.first { $0.hasPrefix("topic_id: ") }?.dropFirst("topic_id: ".count)
            found.append((name, id.map(String.init)))
        }
        return found
    }

    /// The folder of a partition.
    package func folder(_ partition: PartitionName) -> String { "\(path)/\(partition)" }

    /// Makes the folder of a new partition; it lasts when this returns.
    ///
    /// `topicID`: the topic's UUID in the base64 of Kafka (22 characters), or any text without line breaks.
    ///
    /// - Throws: ``LogError`` 56.
    package func createPartition(_ partition: PartitionName, topicID: String) throws(LogError) {
        let folder = folder(partition)
        try files.createFolder(folder)
        try files.replace(Name.partition, in: folder, with: Array("version: 0\ntopic_id: \(topicID)\n".utf8))
        try files.syncFolder(path)
    }

    /// Opens the log of a partition as the checkpoints say.
    ///
    /// - Throws: ``LogError`` 56.
    package func openLog(
        _ partition: PartitionName,
        configuration: LogConfiguration,
        at now: Int64
    ) throws(LogError) -> (log: PartitionLog, report: RecoveryReport) {
        let isFirst = opened.insert(partition).inserted
        return try PartitionLog.open(
            folder(partition),
            files: files,
            configuration: configuration,
            logStart: logStarts[partition],
            recoveryPoint: recoveryPoints[partition],
            isClean: wasClosed && isFirst,
            at: now
        )
    }

    /// Removes a partition, whose log must not be used any more.
    ///
    /// It is gone when this returns, also after a crash.
    ///
    /// `tag`: A text that no folder removed before has in its name, such as the topic's id.
    ///
    /// - Throws: ``LogError`` 56.
    package func deletePartition(_ partition: PartitionName, tag: String) throws(LogError) {
        let target = "\(path)/\(partition).\(tag)\(SegmentName.deleted)"
        try files.rename(folder(partition), to: target)
        try files.syncFolder(path)
        recoveryPoints[partition] = nil
        logStarts[partition] = nil
        try Self.removeFolder(target, files)
    }

    /// Keeps how far the logs last, where they start and what consumers see; from time to time, and before the answer to
    /// DeleteRecords.
    ///
    /// - Throws: ``LogError`` 56; the checkpoints are as before, or some of them new, then.
    package func writeCheckpoints(_ logs: [(name: PartitionName, log: PartitionLog)]) throws(LogError) {
        var watermarks: [PartitionName: Int64] = [:]
        for (name, log) in logs {
            recoveryPoints[name] = log.recoveryPoint
            logStarts[name] = log.logStartOffset
            watermarks[name] = log.highWatermark
        }
        try write(logStarts, Name.logStarts)
        try write(recoveryPoints, Name.recoveryPoints)
        try write(watermarks, Name.highWatermarks)
    }

    /// Closes all logs, and marks the folder so that the next start need not recover.
    ///
    /// - Throws: ``LogError`` 56; the next start recovers then.
    package func close(_ logs: [(name: PartitionName, log: PartitionLog)]) throws(LogError) {
        for (_, log) in logs { try log.close() }
        try writeCheckpoints(logs)
        try files.replace(Name.closed, in: path, with: Array("1\n".utf8))
    }

    private func write(_ offsets: [PartitionName: Int64], _ name: String) throws(LogError) {
        try files.replace(name, in: path, with: Array(LogCheckpoint.text(offsets).utf8))
    }

    /// A checkpoint that is missing or damaged only makes the start slower: all is gone through then.
    private static func readCheckpoint(
        _ name: String,
        _ path: String,
        _ files: any LogFiles
    ) throws(LogError) -> [PartitionName: Int64] {
        let bytes = try files.contents(of: name, in: path, limit: Limits.checkpointBytes)
        return bytes.flatMap { LogCheckpoint.parse(String(decoding: $0, as: UTF8.self)) } ?? [:]
    }

    private static func readMeta(
        _ path: String,
        _ files: any LogFiles,
        _ newClusterID: String
    ) throws(LogError) -> String {
        guard let bytes = try files.contents(of: Name.meta, in: path, limit: Limits.checkpointBytes) else {
            let text = "version=\(version)\ncluster.id=\(newClusterID)\n"
            try files.replace(Name.meta, in: path, with: Array(text.utf8))
            return newClusterID
        }
        var values: [Substring: Substring] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let id = values["cluster.id"], let version = values["version"].flatMap({ Int($0) }) else {
            throw .storage(StorageFault.damaged("\(path)/\(Name.meta)", "it lacks cluster.id or version"))
        }
        guard version <= Self.version else {
            throw .storage(
                MartletError(
                    .streamFolderTooNew,
                    "the data folder \(path) has version \(version)",
                    reason: "a newer version wrote it; this one knows up to version \(Self.version)",
                    remedy: "run the newer version, or give another folder"
                )
            )
        }
        return String(id)
    }

    private static func removeFolder(_ path: String, _ files: any LogFiles) throws(LogError) {
        for name in try files.list(path) { try files.remove("\(path)/\(name)") }
        try files.remove(path)
    }

    private static func owner(_ lock: any LogFile) -> Int32? {
        guard let bytes = try? lock.contents(20) else { return nil }
        return Int32(String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil }
    }

    private static func inUse(_ path: String, by owner: Int32?) -> MartletError {
        MartletError(
            .streamFolderInUse,
            "the data folder \(path) is in use",
            reason: owner.map { "the log server with process id \($0) has it open" }
                ?? "another log server has it open",
            remedy: "stop that server, or give this one another folder"
        )
    }
}
