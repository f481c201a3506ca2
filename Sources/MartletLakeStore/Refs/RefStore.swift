internal import Foundation
public import MartletCore
public import MartletLake

/// The branches and tags of a lake, a file each; safe to use from any thread and process.
public final class RefStore: RefLookup {
    let folder: String
    let lakeFolder: String
    let objects: PackStore

    init(lakeFolder: String, objects: PackStore) {
        self.lakeFolder = lakeFolder
        folder = "\(lakeFolder)/refs"
        self.objects = objects
    }

    /// The commit that a branch points to; nil when there is none, or its file cannot be read.
    public func branch(_ name: BranchName) -> ObjectID? { (try? head(of: .branch(name))) ?? nil }

    /// The commit that a tag names; nil when there is none, or its file cannot be read.
    public func tag(_ name: TagName) -> ObjectID? { (try? head(of: .tag(name))) ?? nil }

    /// The ids of commits that start with these hexadecimal digits; at most 100.
    public func commits(withPrefix hex: String) -> [ObjectID] { objects.commits(withPrefix: hex) }

    /// The names of all branches and tags.
    ///
    /// - Throws: ``MartletError`` MT3037 when they cannot be read.
    public func names() throws(MartletError) -> [String] {
        try (names(in: "branches") + names(in: "tags")).map { $0.name }
    }

    /// Every branch and its commit, ordered by name.
    ///
    /// - Throws: ``MartletError`` MT3040 when one is damaged, MT3037 when they cannot be read.
    public func branches() throws(MartletError) -> [(name: BranchName, commit: ObjectID)] {
        var found: [(name: BranchName, commit: ObjectID)] = []
        for case .branch(let name) in try names(in: "branches") {
            if let commit = try head(of: .branch(name)) { found.append((name, commit)) }
        }
        return found
    }

    /// Every tag and its commit, ordered by name.
    ///
    /// - Throws: ``MartletError`` MT3040 when one is damaged, MT3037 when they cannot be read.
    public func tags() throws(MartletError) -> [(name: TagName, commit: ObjectID)] {
        var found: [(name: TagName, commit: ObjectID)] = []
        for case .tag(let name) in try names(in: "tags") {
            if let commit = try head(of: .tag(name)) { found.append((name, commit)) }
        }
        return found
    }

    /// The commit that a ref points to; nil when there is none.
    ///
    /// - Throws: ``MartletError`` MT3040 when its file is damaged, MT3037 when it cannot be read.
    public func head(of ref: Ref) throws(MartletError) -> ObjectID? {
        let path = "\(folder)/\(ref.fileName)"
        guard let bytes = try Folder.read(path) else { return nil }
        return try Self.commit(in: bytes, of: path)
    }

    /// The commit in the bytes of a ref's file, here or in a remote store.
    ///
    /// - Throws: ``MartletError`` MT3040 when they are damaged.
    static func commit(in bytes: [UInt8], of place: String) throws(MartletError) -> ObjectID {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.utf8.count == 65, text.utf8.last == 0x0a, let commit = ObjectID(hex: text.dropLast()) else {
            throw MartletError(
                .lakeDamaged,
                "\(place) does not hold the id of a commit",
                remedy: "the last lines of moves.jsonl in the lake's folder say where it pointed; write the id there"
            )
        }
        return commit
    }

    /// The refs of one kind, ordered by name.
    func names(in kind: String) throws(MartletError) -> [Ref] {
        guard let names = Folder.names(in: "\(folder)/\(kind)") else {
            if errno == ENOENT { return [] }
            throw Failure.reading("\(folder)/\(kind)", errno)
        }
        return names.compactMap { Ref(fileName: "\(kind)/\($0)") }.sorted()
    }
}
