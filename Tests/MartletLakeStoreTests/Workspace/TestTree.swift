import Foundation
import MartletCore
import MartletLake

@testable import MartletLakeStore

/// A project with a lake and a working tree, which goes away with the test.
final class TestTree {
    let folder: WorkspaceFolder
    let lake: Lake
    let tree: WorkingTree
    private var second: Double = 1_767_268_800

    init() throws {
        folder = try WorkspaceFolder()
        lake = try Lake.open("\(folder.path)/.martlet/lake")
        tree = try WorkingTree(root: folder.path, lake: lake)
    }

    /// Somebody, a second later than before.
    var author: WorkAuthor {
        second += 1
        return WorkAuthor(name: "ada@test", time: Timestamp(seconds: second))
    }

    @discardableResult
    func add(_ paths: String...) throws -> AddReport { try tree.add(paths.map { Array($0.utf8) }) }

    @discardableResult
    func commit(_ message: String = "m") throws -> ObjectID { try tree.commit(message, by: author).commit }

    /// Writes files, adds all that is followed and commits.
    @discardableResult
    func commit(_ files: [String: String?], _ message: String = "m") throws -> ObjectID {
        for (name, text) in files {
            if let text { try folder.write(name, text) } else { try folder.remove(name) }
        }
        try add("data")
        return try commit(message)
    }

    /// The status in a line: `on main; +a ~b | ~c -d | ?e`: staged, changed, untracked.
    func status() throws -> String {
        let status = try tree.status()
        func text(_ group: WorkStatus.Group, _ mark: String? = nil) -> String {
            group.items.map { item in
                let sign = item.change == .added ? "+" : item.change == .modified ? "~" : "-"
                return (mark ?? sign) + item.path.display
            }.joined(separator: " ")
        }
        return "\(text(status.staged))|\(text(status.changed))|\(text(status.untracked, "?"))"
    }

    func checkout(_ ref: String, isForced: Bool = false, link: LinkMode = .copy) throws -> MoveReport {
        let name = BranchName(rawValue: ref).flatMap { (try? lake.refs.head(of: .branch($0))) == nil ? nil : $0 }
        return try tree.checkout(tree.resolve(ref), branch: name, link: link, isForced: isForced)
    }

    func branch(_ name: String, at ref: String = "HEAD") throws {
        try tree.makeBranch(BranchName(trusted: name), at: tree.resolve(ref), by: author)
    }

    /// All files of a tree, and what they have.
    func files(of commit: ObjectID) throws -> [String: String] {
        var cursor = TreeReader(root: try tree.record(of: commit).root, objects: lake.objects).cursor()
        var files: [String: String] = [:]
        while let file = try cursor.next() {
            files[file.path.display] = String(decoding: try lake.objects.object(file.entry.content), as: UTF8.self)
        }
        return files
    }
}
