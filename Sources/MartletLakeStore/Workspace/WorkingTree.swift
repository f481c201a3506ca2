internal import Foundation
package import MartletCore
package import MartletLake

/// The files of a project as the lake sees them: what is checked out, what is staged, what was changed since.
///
/// State is one small file, replaced whole and synced; the index beside it is a cache that may be lost. Every call blocks.
package final class WorkingTree: Sendable {
    /// The lake of the project.
    package let lake: Lake
    /// The project's folder.
    let root: FolderRoot
    /// Where the working tree keeps what it knows.
    let folder: String

    /// The working tree of the project in the folder `root`.
    ///
    /// - Throws: ``MartletError`` MT3051 when the folder cannot be read, MT8004 or MT8005.
    package init(root: String, lake: Lake) throws(MartletError) {
        self.lake = lake
        rootText = root
        self.root = try FolderRoot(root)
        folder = "\(lake.folder)/workspace"
        try Folder.make(folder)
    }

    var indexPath: String { "\(folder)/index" }
    var statePath: String { "\(folder)/state.json" }
    /// Full copies that hard links point to.
    var filesFolder: String { "\(lake.folder)/files" }

    /// The project's folder, without links.
    package var rootPath: [UInt8] { root.path }

    /// The project's folder as it was given.
    let rootText: String

    /// The time of the file system now: a stamp that is older cannot be that of a file written later.
    func fileSystemTime() throws(MartletError) -> Int64 {
        let path = "\(folder)/clock"
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw Failure.writing(path, errno) }
        let file = Descriptor(owning: number)
        var info = stat()
        guard futimens(file.number, nil) == 0, fstat(file.number, &info) == 0 else {
            throw Failure.writing(path, errno)
        }
        return WorkStamp(info).modified
    }

    /// Calls `body` while no other command changes the working tree; waits for one that does.
    func locked<T>(_ body: () throws(MartletError) -> T) throws(MartletError) -> T {
        let lock = try FileLock.take("\(folder)/lock", .exclusive)
        defer { _ = lock }
        return try body()
    }

    /// Calls `body` as ``locked(_:)`` does, unless another command has the lock.
    func lockedIfFree(_ body: () throws(MartletError) -> Void) throws(MartletError) {
        guard let lock = try FileLock.take("\(folder)/lock", .exclusiveIfFree) else { return }
        defer { _ = lock }
        try body()
    }

    // MARK: State

    /// What the state file says.
    ///
    /// - Throws: ``MartletError`` MT3057 when it is damaged.
    func loadState() throws(MartletError) -> WorkspaceState {
        guard let bytes = try Folder.read(statePath) else { return WorkspaceState() }
        if let state = try? JSONText.decode(WorkspaceState.self, from: Data(bytes)) { return state }
        throw MartletError(
            .workspaceDamaged,
            "what the working tree remembers cannot be read",
            reason: "\(statePath) is damaged",
            remedy: "remove that file, then `martlet lake checkout BRANCH`; commits and files are not touched by this"
        )
    }

    /// Keeps the state.
    ///
    /// What it names is told to garbage collection first, beside what the index may be of.
    func save(_ state: WorkspaceState) throws(MartletError) {
        let roots = [state.base, state.staged, WorkIndexReader.root(of: indexPath)].compactMap(\.self)
        let text = roots.map { "\($0.hex)\n" }.joined()
        try Folder.replace("\(folder)/roots", with: Array(text.utf8), syncing: folder)
        try Folder.replace(statePath, with: Array(JSONText.data(state)) + [10], syncing: folder)
    }

    /// The index's records of a tree.
    func records(of root: ObjectID) throws(MartletError) -> StagedRecords {
        try StagedRecords(root, index: WorkIndexReader(path: indexPath), objects: lake.objects)
    }

    /// The root of the tree without files.
    func emptyRoot() throws(MartletError) -> ObjectID {
        try lake.write { writer throws(MartletError) in try TreeWriter.empty(writer) }
    }

    // A mark that stands while files are written: where it is found, a command was killed, and files may be incomplete.
    private var markPath: String { "\(folder)/writing" }

    /// Whether a command was killed while it wrote files.
    var wasCutOff: Bool { RawPath.status(Array(markPath.utf8)) != nil }

    /// Sets the mark.
    func beginWriting() throws(MartletError) {
        let number = open(markPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw Failure.writing(markPath, errno) }
        close(number)
    }

    /// Takes the mark away.
    func endWriting() { unlink(markPath) }

    /// A commit.
    ///
    /// - Throws: ``MartletError`` MT3002 when the object is none, MT3030 when there is none.
    package func record(of id: ObjectID) throws(MartletError) -> CommitRecord {
        try CommitRecord(encoded: lake.objects.object(id), id: id)
    }
}
