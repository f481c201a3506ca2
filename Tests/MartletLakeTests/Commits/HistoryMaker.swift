import MartletCore
import MartletLake

/// Makes commits with short names; each is a second later than the one before unless a time is given.
final class HistoryMaker {
    let objects = InMemoryObjects()
    private(set) var ids: [String: ObjectID] = [:]
    private(set) var names: [ObjectID: String] = [:]
    private var clock = 1_700_000_000

    var history: CommitHistory { CommitHistory(objects: objects) }

    /// Makes the commit `name` with files and parents.
    @discardableResult
    func commit(
        _ name: String,
        _ parents: [String] = [],
        files: KeyValuePairs<String, Int> = [:],
        at seconds: Int? = nil
    ) throws -> ObjectID {
        try commit(name, parents.compactMap { ids[$0] }, root: TreeWriter.build(files, objects), at: seconds)
    }

    @discardableResult
    func commit(_ name: String, _ parents: [ObjectID], root: ObjectID, at seconds: Int? = nil) throws -> ObjectID {
        clock += 1
        let record = CommitRecord(
            parents: parents,
            root: root,
            author: "ada@engine",
            time: Timestamp(seconds: Double(seconds ?? clock)),
            message: name
        )
        let id = try objects.put(record.encoded, as: .commit)
        ids[name] = id
        names[id] = name
        return id
    }

    func id(_ name: String) -> ObjectID { ids[name] ?? .zero }

    func names(_ log: CommitLog) throws -> String {
        var log = log
        var found: [String] = []
        while let commit = try log.next() { found.append(names[commit.id] ?? "?") }
        return found.joined(separator: " ")
    }
}
