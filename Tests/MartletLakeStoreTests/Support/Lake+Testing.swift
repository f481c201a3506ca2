import MartletCore
import MartletLake
import MartletLakeStore

extension Lake {
    /// Commits files with these contents on a branch, in place of those of the same names.
    @discardableResult
    func commit(_ files: [String: [UInt8]], on branch: BranchName = .main, at second: Int = 0) throws -> ObjectID {
        let head = refs.branch(branch)
        let history = CommitHistory(objects: objects)
        let id = try write { writer throws(MartletError) in
            var edits: [TreeEdit] = []
            for (name, content) in files.sorted(by: { $0.key < $1.key }) {
                let id = try writer.put(content, as: .data)
                let entry = FileEntry(content: id, md5: .zero, size: content.count)
                edits.append(TreeEdit(path: LakePath(trusted: Array(name.utf8)), entry: entry))
            }
            let root = if let head { try history.record(head).root } else { try TreeWriter.empty(writer) }
            let record = CommitRecord(
                parents: [head].compactMap(\.self),
                root: try TreeWriter.apply(edits, to: root, writer),
                author: "ada",
                time: instant(second),
                message: "commit \(second)"
            )
            return try writer.put(record.encoded, as: .commit)
        }
        try move(branch: branch, from: head, to: id, by: "ada", why: "commit", at: instant(second))
        return id
    }

    /// The content of a file in a commit.
    func file(_ name: String, in commit: ObjectID) throws -> [UInt8]? {
        let record = try CommitHistory(objects: objects).record(commit)
        let tree = TreeReader(root: record.root, objects: objects)
        guard let entry = try tree.entry(at: LakePath(trusted: Array(name.utf8))) else { return nil }
        return try objects.object(entry.content)
    }
}
