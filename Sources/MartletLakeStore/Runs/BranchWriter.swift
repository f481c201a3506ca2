internal import Foundation
internal import MartletCore
internal import MartletLake

/// Commits what a run writes to its branch.
struct BranchWriter {
    let lake: Lake
    let run: RunID
    /// Where the run began; nil for an empty lake.
    let base: ObjectID?
    let moving: NSLock
    let sources: SourceTable

    /// Commits the writings, unless the branch has all of them.
    ///
    /// - Throws: what ``RunLake/commit(_:to:message:origin:at:)`` throws.
    func commit(
        _ writings: [LakeWriting],
        as record: CommitRecord
    ) throws(MartletError) -> (head: ObjectID, datasets: [LakeDataset]) {
        // Until the branch has what was written, a collector without grace would take it for garbage: it waits for the
        // outer write.
        try lake.write { _ throws(MartletError) in try move(to: writings, as: record) }
    }

    private func move(
        to writings: [LakeWriting],
        as record: CommitRecord
    ) throws(MartletError) -> (head: ObjectID, datasets: [LakeDataset]) {
        var isLocked = false
        defer { if isLocked { moving.unlock() } }
        var from: ObjectID?
        let (head, datasets) = try lake.write { writer throws(MartletError) -> (ObjectID, [LakeDataset]) in
            // What takes long comes before the lock.
            var files: [DatasetWriting] = []
            for writing in writings { files.append(try DatasetWriting(writing, by: writer, lake, sources)) }
            moving.lock()
            isLocked = true
            from = try lake.refs.head(of: .branch(.of(run)))
            let parent = from ?? base
            let history = CommitHistory(objects: writer)
            var root: ObjectID
            if let parent { root = try history.record(parent).root } else { root = try TreeWriter.empty(writer) }
            let before = root
            for files in files { root = try files.apply(to: root, writer) }
            var datasets: [LakeDataset] = []
            for writing in writings {
                let tree = TreeReader(root: root, objects: writer)
                let figures = try DatasetFiles(writing.dataset, part: writing.part, in: tree).figures
                datasets.append(figures ?? LakeDataset(digest: DatasetDigest().id, files: 0, bytes: 0))
            }
            if let parent, root == before { return (parent, datasets) }
            var record = record
            record.root = root
            record.parents = parent.map { [$0] } ?? []
            return (try writer.put(record.encoded, as: .commit), datasets)
        }
        if head != from {
            try lake.move(
                branch: .of(run),
                from: from,
                to: head,
                by: record.author,
                why: record.message,
                at: record.time
            )
        }
        return (head, datasets)
    }
}
