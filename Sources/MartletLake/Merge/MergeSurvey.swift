internal import MartletCore

/// What a merge will meet, found before anything is written: all conflicts, and what to take where there is one.
struct MergeSurvey {
    private let scope: MergeScope
    private var groups = DatasetGroups()
    /// Files that are folders on the other side.
    private var clashes: Set<LakePath> = []
    private var ourFiles = OpenFiles<MergeStep>()
    private var theirFiles = OpenFiles<MergeStep>()
    private var fileConflicts: [MergeConflict] = []
    private var fileConflictCount = 0
    /// What the sides changed; nil when it is too much to remember.
    private(set) var steps: [MergeStep]? = []

    init(_ scope: MergeScope, _ walk: MergeWalk) throws(MartletError) {
        self.scope = scope
        var walk = walk
        while let step = try walk.next() { note(step) }
    }

    /// The conflicts, the first `Limits/reportedConflicts` of them, by dataset and path.
    var conflicts: [MergeConflict] {
        Array((groups.conflicts + fileConflicts.sorted { $0.path < $1.path }).prefix(Limits.reportedConflicts))
    }

    /// How many conflicts there are.
    var conflictCount: Int { groups.conflicts.count + fileConflictCount }

    /// What is to be at a path when conflicts are settled for one side.
    func outcome(_ step: MergeStep, _ strategy: MergeStrategy) -> FileEntry? {
        let isContested =
            (scope == .datasets && groups.isConflict(step.datasets)) || isInClash(step.path) || step.isConflict
        if isContested { return strategy == .theirs ? step.theirs : step.ours }
        return step.theirsChanged ? step.theirs : step.ours
    }

    private mutating func note(_ step: MergeStep) {
        if steps?.count == Limits.rememberedPaths { steps = nil } else { steps?.append(step) }
        let datasets = scope == .datasets ? step.datasets : []
        groups.note(step, datasets)
        if datasets.isEmpty, step.isConflict {
            report(MergeConflict(step.ours == nil || step.theirs == nil ? .changedAndRemoved : .bothChanged, step))
        }
        // Each side by itself has no file that is a folder as well, so only changes of both can make one.
        let isOurs = step.oursChanged && step.ours != nil
        let isTheirs = step.theirsChanged && step.theirs != nil
        if isTheirs, let file = ourFiles.file(over: step.path) { noteClash(file.value, with: step) }
        if isOurs, let file = theirFiles.file(over: step.path) { noteClash(file.value, with: step) }
        if isOurs { ourFiles.open(step.path, step) }
        if isTheirs { theirFiles.open(step.path, step) }
    }

    private mutating func noteClash(_ file: MergeStep, with other: MergeStep) {
        if scope == .datasets { groups.noteClash(file.datasets + other.datasets) }
        if clashes.insert(file.path).inserted {
            report(MergeConflict(.fileAndFolder, file, dataset: file.datasets.first))
        }
    }

    private mutating func report(_ conflict: MergeConflict) {
        fileConflictCount += 1
        if fileConflicts.count < Limits.reportedConflicts { fileConflicts.append(conflict) }
    }

    /// Whether a path is such a file, or below one.
    private func isInClash(_ path: LakePath) -> Bool {
        if clashes.isEmpty { return false }
        if clashes.contains(path) { return true }
        return path.bytes.indices.contains { index in
            path.bytes[index] == 0x2f && clashes.contains(LakePath(trusted: Array(path.bytes[..<index])))
        }
    }
}
