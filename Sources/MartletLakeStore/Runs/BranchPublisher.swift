internal import Foundation
internal import MartletCore
internal import MartletLake

/// Merges the branch of a run into another.
struct BranchPublisher {
    let lake: Lake
    let run: RunID
    let target: BranchName
    let replacing: Bool
    /// The parts that each dataset with parts is to have.
    let parts: [DatasetID: Set<Int>]

    /// Others move the target too, mostly other runs; each try costs what both sides changed.
    private static let tries = 100

    /// - Throws: what ``RunLake/publish(_:to:replacing:parts:message:origin:at:)`` throws.
    func publish(_ record: CommitRecord, holding lock: NSLock) throws(MartletError) -> ObjectID {
        lock.lock()
        defer { lock.unlock() }
        for _ in 1..<Self.tries {
            do throws(MartletError) {
                return try mergeAlone(record)
            } catch  where error.code == .refMoved {
                continue
            }
        }
        return try mergeAlone(record)
    }

    /// Merges while no collector can take what the target does not have yet for garbage.
    private func mergeAlone(_ record: CommitRecord) throws(MartletError) -> ObjectID {
        try lake.write { _ throws(MartletError) in try merge(record) }
    }

    private func merge(_ record: CommitRecord) throws(MartletError) -> ObjectID {
        let tip = try lake.refs.head(of: .branch(target))
        let own = try lake.refs.head(of: .branch(.of(run)))
        // A run that found everything as it was has no branch of its own.
        guard let head = own ?? tip else { throw noBranch }
        let history = CommitHistory(objects: lake.objects)
        if let tip, try history.isAncestor(head, of: tip) { return try published(head, in: tip, history) }
        let merged = try lake.write { writer throws(MartletError) -> ObjectID in
            let history = CommitHistory(objects: writer)
            let made = try history.record(head)
            var root = try withoutOtherParts(made.root, writer)
            if let tip {
                let base = try history.mergeBase(tip, head)
                let old: ObjectID
                if let base { old = try history.record(base).root } else { old = try TreeWriter.empty(writer) }
                let result = try TreeMerge.merge(
                    base: old,
                    ours: try history.record(tip).root,
                    theirs: root,
                    strategy: replacing ? .theirs : .fail,
                    scope: .datasets,
                    writer
                )
                guard let merged = result.root else { throw conflict(result, tip, try history.record(tip)) }
                root = merged
            }
            var record = record
            record.root = root
            record.parents = [tip, head].compactMap(\.self)
            return try writer.put(record.encoded, as: .commit)
        }
        try lake.move(branch: target, from: tip, to: merged, by: record.author, why: record.message, at: record.time)
        return merged
    }

    /// The commit of the target that brought the run's data, if it was published before.
    private func published(
        _ head: ObjectID,
        in tip: ObjectID,
        _ history: CommitHistory
    ) throws(MartletError) -> ObjectID {
        var commit = tip
        while true {
            let record = try history.record(commit)
            if record.parents.dropFirst().contains(head) || commit == head { return commit }
            // The first commit of a target has the run alone before it.
            if record.parents == [head], record.run?.id == run { return commit }
            guard let next = record.parents.first else { return tip }
            commit = next
        }
    }

    /// The tree without parts that mapped steps had in earlier runs and have no more.
    private func withoutOtherParts(_ root: ObjectID, _ writer: LakeWriter) throws(MartletError) -> ObjectID {
        var edits: [TreeEdit] = []
        let tree = TreeReader(root: root, objects: writer)
        for (dataset, kept) in parts {
            let files = try DatasetFiles(dataset, part: nil, in: tree)
            edits += files.paths(outside: kept).map { TreeEdit(path: $0, entry: nil) }
        }
        return try TreeWriter.apply(edits.sorted { $0.path < $1.path }, to: root, writer)
    }

    private func conflict(_ result: TreeMergeResult, _ tip: ObjectID, _ record: CommitRecord) -> MartletError {
        let names = result.conflicts.map { $0.dataset?.rawValue ?? $0.path.display }
        let shown = names.prefix(3).joined(separator: ", ")
        let rest = result.conflictCount > 3 ? " and \(result.conflictCount - 3) more" : ""
        let verb = result.conflictCount == 1 ? "has" : "have"
        return MartletError(
            .publishConflict,
            "run \(run) cannot be published in \(target): \(shown)\(rest) \(verb) changed there since the run began",
            reason: "\(target) is at \(tip.short): \(record.message)",
            remedy: """
                run it again: steps whose inputs have not changed are reused; or take what it made: \
                martlet lake merge run/\(run) --into \(target) --strategy theirs
                """
        )
    }

    private var noBranch: MartletError {
        MartletError(
            .refUnknown,
            "there is no branch run/\(run) to publish",
            remedy: "run the pipeline again"
        )
    }
}
