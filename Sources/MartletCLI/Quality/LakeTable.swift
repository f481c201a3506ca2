import MartletCore
import MartletLake
import MartletLakeStore
import MartletRuntime

/// Data of the lake at a commit, copied for as long as it is read.
struct LakeTable {
    let name: DatasetID
    /// The branch, tag or commit that was asked for.
    let reference: String
    let commit: ObjectID
    /// The copy: a file, or a folder of files.
    let path: String
    /// Holds the copy, which goes with this.
    let checkout: TemporaryFolder

    /// Copies what `text` names: `NAME@REF`, of `main` without a reference.
    ///
    /// What a run published is a dataset; what `martlet lake add` put there is found by its path.
    ///
    /// - Throws: ``MartletError`` when the data, the commit, or the project is not there.
    init(_ text: String, in project: ProjectOptions) async throws {
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        name = try NameArgument.read(parts.first ?? "")
        reference = parts.count > 1 ? parts[1] : "main"
        let workspace = try project.workspace()
        let lake = LocalRunLake(folder: workspace.layout.lake, author: workspace.userName)
        commit = try await lake.commit(named: reference)
        checkout = try TemporaryFolder()
        do throws(MartletError) {
            path = try await lake.checkOut(name, part: nil, at: commit, into: checkout.path)
        } catch {
            guard error.code == .datasetNotInLake else { throw error }
            let session = try LakeSession(workspace, directory: project.directory)
            let copied = try Self.copy(parts[0], at: reference, from: session, to: checkout.path)
            guard let files = copied else { throw error }
            path = files
        }
    }

    /// Copies a file, or the files of a folder, as a commit has them.
    ///
    /// - Returns: the copy; nil when the commit has no such file or folder.
    private static func copy(
        _ file: String,
        at reference: String,
        from session: LakeSession,
        to folder: String
    ) throws -> String? {
        let place = try session.path(file)
        let commit = try session.tree.resolve(reference)
        let root = try session.tree.record(of: commit).root
        var cursor = TreeReader(root: root, objects: session.lake.objects).cursor(within: place)
        var files: [FilePlacement] = []
        var only: String?
        while let file = try cursor.next() {
            let isFile = file.path.bytes == place
            let name =
                isFile
                ? place.split(separator: 0x2f).last.map(Array.init) ?? place
                : Array(file.path.bytes.dropFirst(place.count + 1))
            if isFile { only = String(decoding: name, as: UTF8.self) }
            files.append(FilePlacement(path: try LakePath(validating: name), entry: file.entry))
        }
        guard !files.isEmpty else { return nil }
        _ = try session.lake.write(files, into: folder)
        return only.map { "\(folder)/\($0)" } ?? folder
    }
}
