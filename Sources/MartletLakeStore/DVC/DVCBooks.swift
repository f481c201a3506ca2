internal import Foundation
internal import MartletCore
internal import MartletLake

/// Finds content by the hashes that DVC knows it by, and adds it to a lake; reads each object once.
final class DVCBooks {
    /// What names content.
    struct Key: Hashable {
        var md5: MD5Digest
        var isLegacy: Bool
    }

    /// Content that is looked for, and where it is in the workspace.
    struct Need {
        var key: Key
        var path: LakePath
    }

    let repository: DVCRepository
    private let git: GitProgram
    private let writer: LakeWriter
    private let progress: (@Sendable (Int, Int) -> Void)?
    private var known: [Key: FileEntry] = [:]
    private var directories: [Key: DVCDirectory] = [:]
    /// Hashes whose object was found with other content.
    private var damaged: Set<Key> = []

    init(
        repository: DVCRepository,
        git: GitProgram,
        writer: LakeWriter,
        progress: (@Sendable (Int, Int) -> Void)?
    ) {
        self.repository = repository
        self.git = git
        self.writer = writer
        self.progress = progress
    }

    var objects: LakeWriter { writer }

    func entry(_ key: Key) -> FileEntry? { known[key] }

    func isDamaged(_ key: Key) -> Bool { damaged.contains(key) }

    /// Bytes of a small file, as an entry.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    func add(_ bytes: [UInt8]) throws(MartletError) -> FileEntry {
        FileEntry(content: try writer.put(bytes, as: .data), md5: MD5Digest(of: bytes), size: bytes.count)
    }

    /// The files of a directory whose place in the workspace is `path`, checked against its hash; nil when it is nowhere.
    ///
    /// - Throws: ``MartletError`` MT3070, MT3037, and what the lake throws.
    func directory(_ key: Key, at path: String) throws(MartletError) -> DVCDirectory? {
        if let directory = directories[key] { return directory }
        let name = DVCRepository.objectName(key.md5, isDirectory: true)
        for folder in folders(for: key) {
            guard let bytes = try Folder.read("\(folder)/\(name)") else { continue }
            guard MD5Digest(of: bytes) == key.md5 else {
                damaged.insert(key)
                continue
            }
            let directory = try DVCDirectory(encoded: bytes, name: "\(folder)/\(name)")
            directories[key] = directory
            return directory
        }
        return try workspaceDirectory(key, at: path)
    }

    /// The directory as it lies in the workspace, if it is still the one looked for.
    private func workspaceDirectory(_ key: Key, at path: String) throws(MartletError) -> DVCDirectory? {
        let folder = "\(repository.root)/\(path)"
        guard !key.isLegacy, FilePath.isFolder(folder) else { return nil }
        let files = try FilePath.files(below: folder)
        let added = try writer.add(filesAt: files, in: folder, progress: progress)
        let entries = zip(files, added).map { DVCDirectory.Entry(path: $0.bytes, md5: $1.entry.md5) }
        let directory = DVCDirectory(entries)
        guard directory.md5 == key.md5 else { return nil }
        for file in added { known[Key(md5: file.entry.md5, isLegacy: false)] = Self.plain(file.entry) }
        directories[key] = directory
        return directory
    }

    /// Adds what is needed and not there yet, from the cache, the remotes, the workspace or the blobs of a commit of git.
    ///
    /// - Throws: ``MartletError`` MT3037, MT3075, and what the lake throws.
    func fetch(_ needs: [Need], blobs: [[UInt8]: String]) throws(MartletError) {
        var pending: [Need] = []
        var seen: Set<Key> = []
        for need in needs where known[need.key] == nil && seen.insert(need.key).inserted { pending.append(need) }
        for isLegacy in [false, true] {
            for folder in repository.objectFolders(isLegacy: isLegacy) where !pending.isEmpty {
                pending = try add(pending, in: folder) { need in
                    LakePath(trusted: Array(DVCRepository.objectName(need.key.md5).utf8))
                }
            }
        }
        if !pending.isEmpty { pending = try add(pending, in: repository.root, { $0.path }, marksDamage: false) }
        for need in pending {
            guard let blob = blobs[need.path.bytes], let bytes = try git.blobs([blob]).first else { continue }
            let temporary = "\(writer.lake.folder)/workspace/\(Lake.temporaryFilePrefix)\(TemporaryName.next())"
            try Folder.replace(temporary, with: bytes, syncing: "\(writer.lake.folder)/workspace")
            defer { unlink(temporary) }
            let added = try writer.add(fileAt: temporary)
            if try matches(need.key, added.entry, at: temporary) { known[need.key] = Self.plain(added.entry) }
        }
    }

    /// Adds those of `needs` that are in a folder; what is still needed then.
    private func add(
        _ needs: [Need],
        in folder: String,
        _ place: (Need) -> LakePath,
        marksDamage: Bool = true
    ) throws(MartletError) -> [Need] {
        guard FilePath.isFolder(folder) else { return needs }
        var rest: [Need] = []
        var found: [(need: Need, path: LakePath)] = []
        for need in needs {
            let path = place(need)
            if FilePath.size(path.bytes, below: folder) != nil { found.append((need, path)) } else { rest.append(need) }
        }
        let added = try writer.add(filesAt: found.map(\.path), in: folder, progress: progress)
        for (file, added) in zip(found, added) {
            if try matches(file.need.key, added.entry, at: "\(folder)/\(file.path.display)") {
                known[file.need.key] = Self.plain(added.entry)
            } else {
                if marksDamage { damaged.insert(file.need.key) }
                rest.append(file.need)
            }
        }
        return rest
    }

    private func matches(_ key: Key, _ entry: FileEntry, at path: String) throws(MartletError) -> Bool {
        if entry.md5 == key.md5 { return true }
        // DVC 2 took its hash over text with other line ends; only such a file is read again.
        guard key.isLegacy else { return false }
        return try LegacyFile.md5(path) == key.md5
    }

    private func folders(for key: Key) -> [String] {
        repository.objectFolders(isLegacy: key.isLegacy) + repository.objectFolders(isLegacy: !key.isLegacy)
    }

    /// An entry without what the file system said: the cache's own modes say nothing of the file.
    private static func plain(_ entry: FileEntry) -> FileEntry {
        var entry = entry
        entry.isExecutable = false
        return entry
    }
}
