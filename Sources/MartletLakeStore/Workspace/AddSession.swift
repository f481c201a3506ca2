internal import Glibc
internal import MartletCore
internal import MartletLake

/// Brings the staged tree and the index up to date with files, in one pass over both.
///
/// What has not changed costs a stat and a comparison. What has gathers in batches, which are read on all cores; the index
/// is written along, so memory is that of a batch.
final class AddSession {
    private let tree: WorkingTree
    private let writer: LakeWriter
    private let index: WorkIndexWriter
    private let progress: (WorkProgress) -> Void
    private(set) var report = AddReport()
    private(set) var root: ObjectID
    /// Whether the index would say more than the one there is.
    private(set) var isIndexNew = false

    private var edits: [TreeEdit] = []
    private var batch: [Waiting] = []
    private var batchFiles = 0
    private var batchBytes: Int64 = 0
    private var seen = WorkProgress()

    /// A record that has to wait for files before it to be read, or for its own.
    private struct Waiting {
        var record: IndexRecord
        /// The file to read, which is another than the record's when that is a link; nil when the record is ready.
        var source: LakePath?
        var isNew = false
        var isRemoved = false
    }

    init(
        _ tree: WorkingTree,
        _ writer: LakeWriter,
        from root: ObjectID,
        progress: @escaping (WorkProgress) -> Void
    ) throws(MartletError) {
        self.tree = tree
        self.writer = writer
        self.root = root
        self.progress = progress
        index = try WorkIndexWriter(path: tree.indexPath)
    }

    /// Adds what is in `scopes`.
    func run(_ scopes: [WalkScope]) throws(MartletError) {
        let join = try WorkJoin(tree.records(of: root), tree.root, scopes: scopes)
        while let sighting = try join.next() {
            switch sighting {
            case .unfollowed:
                try pass(join.record)
            case .missing:
                report.removed += 1
                isIndexNew = true
                batch.append(Waiting(record: join.record, isRemoved: true))
                try flushIfFull()
            case .present(let found):
                try look(at: found, join.path, record: join.record)
            case .untracked(let found):
                try look(at: found, join.path, record: nil)
            }
        }
        try flush()
        try applyEdits()
        report.storedBytes = writer.totals.storedBytes
    }

    /// Puts the index in place.
    func finishIndex() throws(MartletError) { try index.finish(root: root) }

    private func look(at found: FolderWalk.Found, _ path: [UInt8], record: IndexRecord?) throws(MartletError) {
        seen.files += 1
        if seen.files & 0x3ff == 0 { progress(seen) }
        switch found {
        case .refused(let refusal):
            note(path, refusal.error(path))
        case .file(let stamp), .link(let stamp, _):
            if let record, record.stamp == stamp, record.isExecutable == stamp.isExecutable {
                report.unchanged += 1
                return try pass(record)
            }
            let new = IndexRecord(
                path: path,
                content: record?.content ?? .zero,
                size: stamp.size,
                isExecutable: record?.isExecutable ?? false,
                stamp: nil
            )
            var source = path
            if case .link(_, let target) = found { source = target }
            batch.append(Waiting(record: new, source: LakePath(trusted: source), isNew: record == nil))
            batchFiles += 1
            batchBytes += stamp.size
            try flushIfFull()
        }
    }

    private func pass(_ record: IndexRecord) throws(MartletError) {
        if batch.isEmpty { return try index.append(record) }
        batch.append(Waiting(record: record))
        try flushIfFull()
    }

    private func note(_ path: [UInt8], _ error: MartletError) {
        guard report.problems.count < Limits.workProblems else { return }
        report.problems.append(WorkProblem(path: LakePath(trusted: path), error: error))
    }

    // MARK: Batches

    private func flushIfFull() throws(MartletError) {
        let isFull = batchFiles >= Limits.filesPerBatch || batchBytes >= Limits.bytesPerBatch
        if isFull || batch.count >= Limits.recordsPerBatch { try flush() }
    }

    private func flush() throws(MartletError) {
        if batch.isEmpty { return }
        let start = try tree.fileSystemTime()
        var added = try read(batch.compactMap(\.source))[...]
        for var waiting in batch {
            if waiting.source != nil {
                guard let file = added.popFirst() else { break }
                try take(file, &waiting, since: start)
            }
            if waiting.isRemoved {
                try add(TreeEdit(path: LakePath(trusted: waiting.record.path), entry: nil))
            } else {
                try index.append(waiting.record)
            }
        }
        batch.removeAll(keepingCapacity: true)
        (batchFiles, batchBytes) = (0, 0)
        progress(seen)
    }

    /// Reads files, unless something cannot be added already: then nothing will be, and only the rest of such things is
    /// still to be told.
    private func read(_ files: [LakePath]) throws(MartletError) -> [AddedFile] {
        guard report.problems.isEmpty else { return [] }
        do throws(MartletError) {
            return try writer.add(filesAt: files, in: tree.rootText)
        } catch {
            let isOfAFile = [.sourceUnreadable, .fileUnreadable, .fileChangedWhileRead].contains(error.code)
            guard isOfAFile, let first = files.first else { throw error }
            note(first.bytes, error)
            return []
        }
    }

    private func take(_ added: AddedFile, _ waiting: inout Waiting, since start: Int64) throws(MartletError) {
        let entry = added.entry
        let record = waiting.record
        isIndexNew = true
        report.bytes += entry.size
        seen.bytes += entry.size
        let isSame = !waiting.isNew && record.content == entry.content && record.isExecutable == entry.isExecutable
        waiting.record = IndexRecord(
            path: record.path,
            content: entry.content,
            size: Int64(entry.size),
            isExecutable: entry.isExecutable,
            stamp: WorkStamp(added.stamp).settled(before: start)
        )
        if isSame {
            report.unchanged += 1
            return
        }
        if waiting.isNew { report.added += 1 } else { report.modified += 1 }
        try add(TreeEdit(path: LakePath(trusted: record.path), entry: entry))
    }

    private func add(_ edit: TreeEdit) throws(MartletError) {
        edits.append(edit)
        if edits.count >= Limits.editsPerBatch { try applyEdits() }
    }

    private func applyEdits() throws(MartletError) {
        guard !edits.isEmpty, report.problems.isEmpty else { return }
        root = try TreeWriter.apply(edits, to: root, writer)
        edits.removeAll(keepingCapacity: true)
    }
}
