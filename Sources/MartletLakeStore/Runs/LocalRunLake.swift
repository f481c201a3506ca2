internal import Foundation
public import MartletCore
internal import MartletLake
internal import Synchronization

/// The lake on disk as runs see it; made when the first run has data.
///
/// Blocking work is done on threads of the system's own, off the cooperative pool.
public final class LocalRunLake: RunLake {
    private let folder: String
    let author: String
    private let opened = Mutex<Lake?>(nil)
    /// Where runs began that have committed nothing yet.
    private let bases = Mutex<[RunID: ObjectID?]>([:])
    /// Held from reading a branch to moving it, so that steps that end at once do not undo each other's work.
    private let moving = NSLock()
    let sources: SourceTable

    /// The lake in `folder`, which need not be there yet.
    ///
    /// - Parameters:
    ///   - folder: usually `.martlet/lake` of a project.
    ///   - author: who its commits are by, as `name@machine`.
    public init(folder: String, author: String) {
        self.folder = folder
        self.author = author
        sources = SourceTable(path: "\(folder)/sources.json")
    }

    /// Opens the run's branch at the head of `target`, unless it is open.
    public func open(_ run: RunID, from target: BranchName) async throws(MartletError) -> ObjectID? {
        if let known = bases.withLock({ $0[run] }) { return known }
        return try await work { lake throws(MartletError) in
            var base = try lake.refs.head(of: .branch(.of(run)))
            if base == nil { base = try lake.refs.head(of: .branch(target)) }
            self.bases.withLock { _ = $0.updateValue(base, forKey: run) }
            return base
        }
    }

    /// The commit that a branch, a tag, an id or an expression of these stands for.
    public func commit(named reference: String) async throws(MartletError) -> ObjectID {
        try await work { lake throws(MartletError) in
            let history = CommitHistory(objects: lake.objects)
            return try RefExpression(parsing: reference).resolve(refs: lake.refs, history: history)
        }
    }

    /// The figures of a dataset in a commit; nil when it is not there.
    public func version(
        of dataset: DatasetID,
        part: Int?,
        at commit: ObjectID
    ) async throws(MartletError) -> LakeDataset? {
        try await work { lake throws(MartletError) in
            let record = try CommitHistory(objects: lake.objects).record(commit)
            let tree = TreeReader(root: record.root, objects: lake.objects)
            return try DatasetFiles(dataset, part: part, in: tree).figures
        }
    }

    /// Reads the files, and commits them unless the branch has them already.
    public func commit(
        _ writings: [LakeWriting],
        to run: RunID,
        message: String,
        origin: RunOrigin,
        at now: Timestamp
    ) async throws(MartletError) -> (head: ObjectID, datasets: [LakeDataset]) {
        let base = bases.withLock { $0[run] ?? nil }
        let record = CommitRecord(parents: [], root: .zero, author: author, time: now, message: message, run: origin)
        return try await work { lake throws(MartletError) in
            let writer = BranchWriter(lake: lake, run: run, base: base, moving: self.moving, sources: self.sources)
            return try writer.commit(writings, as: record)
        }
    }

    /// Writes the files of a dataset below `folder`.
    public func checkOut(
        _ dataset: DatasetID,
        part: Int?,
        at commit: ObjectID,
        into folder: String
    ) async throws(MartletError) -> String {
        try await work { lake throws(MartletError) in
            let record = try CommitHistory(objects: lake.objects).record(commit)
            let tree = TreeReader(root: record.root, objects: lake.objects)
            let files = try DatasetFiles(dataset, part: part, in: tree)
            guard !files.isEmpty else { throw try Self.missing(dataset, at: commit, tree) }
            return try files.write(by: lake, into: folder)
        }
    }

    /// What the file system says of the file, or of all files of the folder.
    public func stamp(of path: String) async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: PathStamp.text(of: path)) }
        }
    }

    /// Merges the run's branch into `target`, dataset by dataset.
    public func publish(
        _ run: RunID,
        to target: BranchName,
        replacing: Bool,
        parts: [DatasetID: Set<Int>],
        message: String,
        origin: RunOrigin,
        at now: Timestamp
    ) async throws(MartletError) -> ObjectID {
        let record = CommitRecord(parents: [], root: .zero, author: author, time: now, message: message, run: origin)
        return try await work { lake throws(MartletError) in
            let publisher = BranchPublisher(lake: lake, run: run, target: target, replacing: replacing, parts: parts)
            return try publisher.publish(record, holding: self.moving)
        }
    }

    /// Removes the run's branch.
    public func close(_ run: RunID) async throws(MartletError) {
        bases.withLock { $0[run] = nil }
        try await work { lake throws(MartletError) in
            guard let head = try lake.refs.head(of: .branch(.of(run))) else { return }
            let record = try CommitHistory(objects: lake.objects).record(head)
            try lake.move(branch: .of(run), from: head, to: nil, by: self.author, why: "published", at: record.time)
        }
    }

    private func work<T: Sendable>(
        _ body: @escaping @Sendable (Lake) throws(MartletError) -> T
    ) async throws(MartletError) -> T {
        let result: Result<T, MartletError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    returning: Result { () throws(MartletError) in try body(self.lake()) }
                )
            }
        }
        return try result.get()
    }

    private func lake() throws(MartletError) -> Lake {
        let found: Result<Lake, MartletError> = opened.withLock { opened in
            if let opened { return .success(opened) }
            return Result { () throws(MartletError) in
                let lake = try Lake.open(folder)
                opened = lake
                return lake
            }
        }
        return try found.get()
    }

    private static func missing(
        _ dataset: DatasetID,
        at commit: ObjectID,
        _ tree: TreeReader
    ) throws(MartletError) -> MartletError {
        var known: Set<DatasetID> = []
        var cursor = tree.cursor()
        while known.count < 1_000, let file = try cursor.next() {
            if let owner = file.entry.dataset { known.insert(owner) }
        }
        let names = known.map(\.rawValue).sorted()
        let nearest = NearestName.of(dataset.rawValue, among: names)
        let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
        return MartletError(
            .datasetNotInLake,
            "commit \(commit.short) has no dataset \(dataset)",
            reason: names.isEmpty ? "it has no datasets" : "it has \(shown)",
            remedy: nearest.map { "did you mean \($0)?" } ?? "run the pipeline that writes it first"
        )
    }
}
