import Foundation
import GRDB
public import MartletCore
import Synchronization

/// The state of a project in one SQLite file: runs, what the scheduler knows, and settings.
///
/// One connection writes, on a serial queue of its own, never on the cooperative thread pool. Changes that arrive while
/// it commits are committed together in its next transaction, with one flush to the disk; one that finds it idle is
/// committed at once. A second connection, opened when first needed, reads without waiting for the writer.
///
/// Several processes may use one file. Each run is written by one of them; an append that finds the log changed fails
/// with MT8003.
public final class SQLiteRunStore: RunStore {
    private let connection: StoreConnection
    let errors: StoreError
    private let database: DatabaseQueue
    /// What waits for the writer.
    private let queue = Mutex(CommitQueue())
    /// Locked by the writer's queue alone, so never contended.
    private let writer: Mutex<StoreWriter>
    private let reader = Mutex<DatabaseQueue?>(nil)
    /// Manifests that have been read; the runs of a pipeline ask for the same one again and again.
    private let manifests = Mutex(ManifestMemory<PipelineManifest>())

    /// Opens the database at `path`; makes it, and its folder, when it is not there.
    ///
    /// Blocks while another process sets up the same new file.
    ///
    /// - Throws: ``MartletError`` MT8001 when the file cannot be opened or is something else than a Martlet database,
    ///   MT8002 when a newer Martlet wrote it, MT8004 when the disk is full, MT8005 when its folder is read-only,
    ///   MT8007 when it is damaged.
    public convenience init(path: String) throws(MartletError) {
        try self.init(path: path, settings: Settings())
    }

    package init(path: String, settings: Settings) throws(MartletError) {
        connection = StoreConnection(path: path, settings: settings)
        errors = StoreError(path: path)
        writer = Mutex(StoreWriter(memory: StoreMemory(limit: settings.rememberedSteps)))
        database = try connection.writer()
    }

    /// What tests make smaller than it is for users.
    package struct Settings: Sendable {
        /// Longest wait for another process to finish writing.
        package var busySeconds = StoreLimits.busySeconds
        /// Largest size of the file, in pages; nil leaves it to the disk.
        package var maximumPages: Int?
        /// Most instances of steps held in memory.
        package var rememberedSteps = StoreLimits.rememberedSteps

        package init() {}
    }

    /// Keeps the manifest under its hash, on the disk when this returns.
    public func keep(manifest: PipelineManifest, hash: String) async throws(MartletError) {
        let kept = KeptManifest(hash: hash, json: JSONText.encode(manifest), steps: manifest.steps.map(\.id))
        try await commit(.keep(kept))
    }

    /// Appends to the run's log, on the disk when this returns; no events change nothing.
    public func append(
        _ events: [RecordedEvent],
        to run: RunID,
        expecting expected: Int
    ) async throws(MartletError) {
        if events.isEmpty { return }
        try await commit(.append(Append(events, to: run, expecting: expected)))
    }

    /// The manifest kept under `hash`, or nil.
    public func manifest(hash: String) async throws(MartletError) -> PipelineManifest? {
        if let known = manifests.withLock({ $0[hash] }) { return known }
        guard let found = try await read({ try StoreReader(db: $0).manifest(hash: hash) }) else { return nil }
        manifests.withLock { $0.put(found, of: hash, steps: found.steps.count) }
        return found
    }

    /// The log of `run` from the beginning; empty when there is no such run.
    public func events(of run: RunID) async throws(MartletError) -> [RecordedEvent] {
        try await read { try StoreReader(db: $0).events(of: run) }
    }

    /// The run and its steps as its last event left them, or nil.
    public func projection(of run: RunID) async throws(MartletError) -> RunProjection? {
        try await read { try StoreReader(db: $0).projection(of: run) }
    }

    /// The runs that fit `filter`, newest first.
    public func runs(_ filter: RunFilter) async throws(MartletError) -> [RunSummary] {
        try await read { try StoreReader(db: $0).runs(filter) }
    }

    /// The newest success with this fingerprint, or nil.
    public func result(for key: ObjectID) async throws(MartletError) -> StepResult? {
        try await read { try StepResultTable(db: $0).result(for: key) }
    }

    /// The newest success of a step in runs of its pipeline, or nil.
    public func lastResult(of pipeline: PipelineID, step: InstanceID) async throws(MartletError) -> StepResult? {
        try await read { try StepResultTable(db: $0).last(of: pipeline, step) }
    }

    /// Writes out what is pending and closes the database; using the store afterwards is an error.
    public func close() async {
        queue.withLock { $0.close() }
        let connections = [reader.withLock { $0 }, database]
        await withCheckedContinuation { continuation in
            // Waits on the writer's serial queue, behind what is pending, and may flush the write-ahead log.
            DispatchQueue.global().async {
                for connection in connections { try? connection?.close() }
                continuation.resume()
            }
        }
    }
}

extension SQLiteRunStore {
    /// Hands `work` to the writer and waits until it is on the disk.
    private func commit(_ work: StoreWork) async throws(MartletError) {
        let result = await withCheckedContinuation { continuation in
            switch queue.withLock({ $0.add(CommitQueue.Entry(work: work, done: continuation)) }) {
            case .startWriting: database.asyncWriteWithoutTransaction { self.writePending($0) }
            case .wait: break
            case .refuse: continuation.resume(returning: .failure(errors.closed))
            }
        }
        try result.get()
    }

    /// Commits group after group until nothing is pending.
    private func writePending(_ db: Database) {
        while let group = queue.withLock({ $0.takeGroup() }) {
            let results = writer.withLock { $0.commit(group.map(\.work), to: db, errors: errors) }
            for (entry, result) in zip(group, results) { entry.done.resume(returning: result) }
        }
    }

    /// Runs `body` in a transaction of the writer, which it may share with appends.
    ///
    /// The result is on the disk when this returns; nothing of it is there when `body` throws. `body` may be run again
    /// after a transaction that was lost.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(MartletError) -> Value {
        let outcome = Mutex<Value?>(nil)
        try await commit(
            .change { db in
                let value = try body(db)
                outcome.withLock { $0 = value }
            }
        )
        guard let value = outcome.withLock({ $0 }) else { throw errors.closed }
        return value
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(MartletError) -> Value {
        if queue.withLock({ $0.isClosed }) { throw errors.closed }
        let database = try openedReader()
        // Not GRDB's own `async` reading, which a cancelled task turns into an error.
        let result = await withCheckedContinuation { continuation in
            database.asyncRead { access in
                let result = Result { try body(access.get()) }
                continuation.resume(returning: result.mapError { self.errors.explain($0, .read) })
            }
        }
        return try result.get()
    }

    private func openedReader() throws(MartletError) -> DatabaseQueue {
        try reader.withLock { (reader: inout sending DatabaseQueue?) throws(MartletError) in
            if let reader { return reader }
            let opened = try connection.reader()
            reader = opened
            return opened
        }
    }
}
