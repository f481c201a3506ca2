internal import MartletCore
internal import MartletLake

/// Follows commits and trees to what is damaged or missing; looks at each object once, however many commits share it.
struct DamageSurvey {
    private let damaged: Set<ObjectID>
    private let seen: Marks
    /// Objects met before that are damaged, or need something that is.
    private var tainted: Set<ObjectID> = []
    private(set) var missing: [ObjectID] = []
    private(set) var touched: [ObjectID] = []
    private var lost: Set<Lost> = []
    private(set) var lostFiles: [VerifyReport.LostFile] = []

    /// Looks for these damaged objects, and for missing ones.
    init(_ objects: PackStore, _ damaged: Set<ObjectID>) {
        self.damaged = damaged
        seen = Marks(objects, toleratesMissing: true)
    }

    /// Follows a commit and all before it.
    mutating func follow(_ head: ObjectID) {
        var open = [head]
        while let commit = open.popLast() {
            guard let place = meet(commit) else {
                if tainted.contains(commit) { touch(commit) }
                continue
            }
            guard let references = try? Marks.references(place, .commit, commit) else {
                tainted.insert(commit)
                touch(commit)
                continue
            }
            if references.ids.contains(where: { isTainted($0, commit) }) { touch(commit) }
            open += references.parents
        }
    }

    private mutating func touch(_ commit: ObjectID) {
        if touched.count < Limits.namedDamages, !touched.contains(commit) { touched.append(commit) }
    }

    /// Where an object is that is met for the first time and is not known to be damaged.
    private mutating func meet(_ id: ObjectID) -> PackSet.Location? {
        if tainted.contains(id) { return nil }
        if damaged.contains(id) {
            tainted.insert(id)
            return nil
        }
        if let place = (try? seen.mark(id)) ?? nil { return place }
        if seen.find(id) == nil {
            tainted.insert(id)
            if missing.count < Limits.namedDamages { missing.append(id) }
        }
        return nil
    }

    /// Whether an object or something that it needs is damaged.
    ///
    /// Trees and lists of chunks are a few levels deep.
    private mutating func isTainted(_ id: ObjectID, _ commit: ObjectID) -> Bool {
        guard let place = meet(id) else { return tainted.contains(id) }
        let kind = place.pack.index.kind(at: place.position)
        guard let kind, kind != .data else { return false }
        guard let references = try? Marks.references(place, kind, id) else {
            tainted.insert(id)
            return true
        }
        var isTainted = false
        for part in references.ids where self.isTainted(part, commit) { isTainted = true }
        if isTainted { tainted.insert(id) }
        for file in references.files where tainted.contains(file.entry.stored) {
            guard lostFiles.count < Limits.namedDamages else { break }
            // Later trees have the same file in other nodes.
            guard lost.insert(Lost(path: file.path, stored: file.entry.stored)).inserted else { continue }
            lostFiles.append(VerifyReport.LostFile(commit: commit, path: file.path))
        }
        return isTainted
    }

    private struct Lost: Hashable {
        var path: LakePath
        var stored: ObjectID
    }
}
