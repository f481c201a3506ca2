public import MartletCore

/// Brings together what two sides did to one tree.
///
/// Costs what the sides changed: each is compared with the base, and the changes of theirs are applied to ours.
public enum TreeMerge {
    /// Merges the changes from `base` to `theirs` into `ours`.
    ///
    /// Nothing is written when conflicts are left to be settled.
    ///
    /// - Throws: `MartletError` MT3006 for a malformed node; MT3007 when a side that was chosen for a conflict would make
    ///   a file and a folder of one name; and what the objects' writer throws.
    public static func merge(
        base: ObjectID,
        ours: ObjectID,
        theirs: ObjectID,
        strategy: MergeStrategy = .fail,
        scope: MergeScope = .files,
        _ objects: any ObjectWriter
    ) throws(MartletError) -> TreeMergeResult {
        if ours == theirs || base == theirs { return TreeMergeResult(root: ours) }
        // Nobody else changed anything: how most runs publish.
        if base == ours { return TreeMergeResult(root: theirs, changes: try changes(from: ours, to: theirs, objects)) }
        let steps = MergeWalk(base: base, ours: ours, theirs: theirs, objects: objects)
        let survey = try MergeSurvey(scope, steps)
        var result = TreeMergeResult(conflicts: survey.conflicts, conflictCount: survey.conflictCount)
        if strategy == .fail, result.conflictCount > 0 { return result }
        var walk = steps
        var remembered = survey.steps?.makeIterator()
        var count = 0
        result.root = try TreeWriter.apply(to: ours, objects) { () throws(MartletError) in
            while let step = remembered == nil ? try walk.next() : remembered?.next() {
                let outcome = survey.outcome(step, strategy)
                guard outcome != step.ours else { continue }
                count += 1
                return TreeEdit(path: step.path, entry: outcome)
            }
            return nil
        }
        result.changes = count
        return result
    }

    private static func changes(
        from old: ObjectID,
        to new: ObjectID,
        _ objects: any ObjectReader
    ) throws(MartletError) -> Int {
        var diff = TreeDiff(from: old, to: new, objects: objects)
        var count = 0
        while try diff.next() != nil { count += 1 }
        return count
    }
}

/// What came of a merge.
public struct TreeMergeResult: Hashable, Sendable {
    /// The root of the merged tree; nil when conflicts are left to be settled.
    public var root: ObjectID?
    /// At how many paths it differs from ours.
    public var changes = 0
    /// The conflicts, at most `Limits/reportedConflicts`; those that the strategy settled as well.
    public var conflicts: [MergeConflict] = []
    /// How many conflicts there are.
    public var conflictCount = 0

    /// Whether the sides did not contradict each other.
    public var isClean: Bool { conflictCount == 0 }
}
