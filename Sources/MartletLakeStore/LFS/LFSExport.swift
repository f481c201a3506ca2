internal import Foundation
public import MartletCore
internal import MartletLake

/// Writes a commit of the lake into a git repository as pointers of Git LFS, with the files where git-lfs keeps them.
public struct LFSExport: Sendable {
    /// What an export did.
    public struct Report: Hashable, Codable, Sendable {
        /// The commit.
        public var commit: ObjectID
        /// How many pointers there are.
        public var files = 0
        /// How many files git-lfs did not have.
        public var newObjects = 0
    }

    let commit: ObjectID
    let lake: Lake
    let folder: String
    let within: [UInt8]
    let replaces: Bool

    /// An export of `commit`, or of what it has at or below `within`, to `folder`, which need not exist.
    public init(_ commit: ObjectID, of lake: Lake, to folder: String, within: [UInt8] = [], replaces: Bool = false) {
        self.commit = commit
        self.lake = lake
        self.folder = folder
        self.within = within
        self.replaces = replaces
    }

    /// Exports.
    ///
    /// - Throws: ``MartletError`` MT3074 when files are in the way, MT3075 when git fails, MT8004 or MT8005; what the lake
    ///   throws.
    public func run() throws(MartletError) -> Report {
        try Folder.make(folder)
        let git = GitProgram(folder: folder)
        if try git.attempt(["rev-parse", "--git-dir"]).status != 0 { try git.run(["init", "-q"]) }
        let record = try CommitRecord(encoded: lake.objects.object(commit), id: commit)
        var files: [(path: LakePath, entry: FileEntry)] = []
        var cursor = TreeReader(root: record.root, objects: lake.objects).cursor(within: within)
        while let file = try cursor.next() { files.append(file) }
        var report = Report(commit: commit, files: files.count)
        var pointers: [(path: LakePath, bytes: [UInt8])] = []
        for file in files {
            let pointer = LFSPointer(oid: file.entry.content, size: file.entry.size)
            if try isSame(file.path, pointer) { continue }
            pointers.append((file.path, pointer.encoded))
        }
        report.newObjects = try writeObjects(files.map(\.entry), into: try LFSObjects.folder(git))
        for pointer in pointers { try write(pointer.bytes, at: pointer.path) }
        try track(files.map(\.path), git)
        return report
    }

    /// Whether the file or its pointer is there already.
    private func isSame(_ path: LakePath, _ pointer: LFSPointer) throws(MartletError) -> Bool {
        let name = "\(folder)/\(path.display)"
        guard let size = FilePath.size(path.bytes, below: folder) else { return false }
        if size == pointer.encoded.count,
            try LegacyFile.plainMD5(path.bytes, below: folder) == MD5Digest(of: pointer.encoded)
        {
            return true
        }
        // Another pointer has nothing that could be lost.
        if size <= LFSPointer.maximumBytes, let bytes = try Folder.read(name), LFSPointer(bytes) != nil { return false }
        guard replaces else {
            throw MartletError(
                .cannotExport,
                "\(name) is in the way of a pointer",
                reason: "it is a file of its own",
                remedy: "move it away, or replace it with --force"
            )
        }
        return false
    }

    private func writeObjects(_ entries: [FileEntry], into objects: String) throws(MartletError) -> Int {
        var placements: [FilePlacement] = []
        var seen: Set<ObjectID> = []
        for var entry in entries where seen.insert(entry.content).inserted {
            let path = Array(LFSPointer(oid: entry.content, size: entry.size).objectPath.utf8)
            if FilePath.size(path, below: objects) == entry.size { continue }
            entry.isExecutable = false
            placements.append(FilePlacement(path: LakePath(trusted: path), entry: entry))
        }
        try Folder.make(objects)
        _ = try lake.write(placements, into: objects, replacing: true)
        return placements.count
    }

    private func write(_ bytes: [UInt8], at path: LakePath) throws(MartletError) {
        let parent = path.bytes.lastIndex(of: 0x2f).map { Array(path.bytes[..<$0]) } ?? []
        guard let text = String(validating: parent, as: UTF8.self), String(validating: path.bytes, as: UTF8.self) != nil
        else {
            throw MartletError(
                .cannotExport,
                "\(path) cannot be a pointer",
                reason: "the name is not UTF-8",
                remedy: "give it another name"
            )
        }
        let place = text.isEmpty ? folder : "\(folder)/\(text)"
        try Folder.make(place)
        try Folder.replace("\(folder)/\(path.display)", with: bytes, syncing: place)
    }

    /// Has git hand the files to git-lfs, as `git lfs track` does, unless it does already.
    private func track(_ paths: [LakePath], _ git: GitProgram) throws(MartletError) {
        guard !paths.isEmpty else { return }
        let asked = Array(paths.map { $0.bytes + [0] }.joined())
        let answer = try git.run(["check-attr", "-z", "--stdin", "filter"], input: asked)
        let words = answer.split(separator: 0, omittingEmptySubsequences: false)
        var lines: [UInt8] = []
        for index in stride(from: 0, to: words.count - 2, by: 3) where !words[index + 2].elementsEqual("lfs".utf8) {
            lines.append(0x2f)
            for byte in words[index] {
                switch byte {
                case 0x20: lines += "[[:space:]]".utf8
                case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "\\"): lines += [0x5c, byte]
                default: lines.append(byte)
                }
            }
            lines += " filter=lfs diff=lfs merge=lfs -text\n".utf8
        }
        guard !lines.isEmpty else { return }
        var bytes = try Folder.read("\(folder)/.gitattributes") ?? []
        if let last = bytes.last, last != 0x0a { bytes.append(0x0a) }
        try Folder.replace("\(folder)/.gitattributes", with: bytes + lines, syncing: folder)
    }
}
