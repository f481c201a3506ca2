internal import MartletCore

/// A path that at least one side of a merge changed.
struct MergeStep: Hashable, Sendable {
    var path: LakePath
    var base: FileEntry?
    var ours: FileEntry?
    var theirs: FileEntry?

    var oursChanged: Bool { ours != base }
    var theirsChanged: Bool { theirs != base }
    /// Whether the sides do not agree, both having changed it.
    var isConflict: Bool { oursChanged && theirsChanged && ours != theirs }

    /// The datasets that owned the file or own it now, each once.
    var datasets: [DatasetID] {
        var datasets: [DatasetID] = []
        for dataset in [base?.dataset, ours?.dataset, theirs?.dataset].compactMap(\.self)
        where !datasets.contains(dataset) {
            datasets.append(dataset)
        }
        return datasets
    }
}

/// Goes through the paths that either side of a merge changed, in order: two differences side by side.
struct MergeWalk: Sendable {
    private var ourChanges: TreeDiff
    private var theirChanges: TreeDiff
    private var ours: TreeChange?
    private var theirs: TreeChange?
    private var hasBegun = false

    init(base: ObjectID, ours: ObjectID, theirs: ObjectID, objects: any ObjectReader) {
        ourChanges = TreeDiff(from: base, to: ours, objects: objects)
        theirChanges = TreeDiff(from: base, to: theirs, objects: objects)
    }

    mutating func next() throws(MartletError) -> MergeStep? {
        if !hasBegun {
            hasBegun = true
            ours = try ourChanges.next()
            theirs = try theirChanges.next()
        }
        guard let path = [ours?.path, theirs?.path].compactMap(\.self).min() else { return nil }
        let our = ours.flatMap { $0.path == path ? $0 : nil }
        let their = theirs.flatMap { $0.path == path ? $0 : nil }
        if our != nil { ours = try ourChanges.next() }
        if their != nil { theirs = try theirChanges.next() }
        let base = our == nil ? their?.old : our?.old
        return MergeStep(
            path: path,
            base: base,
            ours: our == nil ? base : our?.new,
            theirs: their == nil ? base : their?.new
        )
    }
}
