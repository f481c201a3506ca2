internal import MartletCore
internal import MartletLake

/// What an export makes tracked, and the files that say so.
struct DVCExportPlan {
    /// A path that is tracked: a file, or a directory with its files.
    struct Out {
        /// The path below the repository's root.
        var path: String
        /// Its files by path below the root; one that is the path itself for a file.
        var files: [(path: LakePath, entry: FileEntry)]
        var isDirectory: Bool
        /// Whether DVC 2 made it, so that it stays as that has it.
        var isLegacy = false
        /// Whether DVC keeps it; otherwise it is git's.
        var isCached = true
        /// The names of the files' objects.
        var md5s: [MD5Digest] = []
        var directory: DVCDirectory?

        var size: Int { files.reduce(0) { $0 + $1.entry.size } }
    }

    private let tree: TreeReader
    private let lake: Lake
    private(set) var outs: [Out] = []
    private(set) var problems: [DVCProblem] = []
    /// The metafiles to be written, by path below the root.
    private(set) var metafiles: [(path: String, text: String)] = []
    private var imported: [String: [UInt8]] = [:]
    private var tracked: [DVCTracked] = []
    private let within: [UInt8]

    init(_ tree: TreeReader, within: [UInt8], lake: Lake) throws(MartletError) {
        self.tree = tree
        self.lake = lake
        self.within = within
        imported = try DVCExport.metafiles(in: tree, lake.objects)
        let read = imported
        tracked = try DVCTracked.all(in: imported, read: { read[$0] }).tracked.filter {
            LakePath(trusted: Array($0.path.utf8)).isWithin(within)
        }
        try takeImported()
        try takeOthers()
        outs.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Takes what an import brought, tracked as it was.
    private mutating func takeImported() throws(MartletError) {
        let uncached = uncachedPaths()
        for item in tracked {
            let path = Array(item.path.utf8)
            var files: [(path: LakePath, entry: FileEntry)] = []
            var cursor = tree.cursor(within: path)
            while let file = try cursor.next() { files.append(file) }
            let wasDirectory = if case .file = item.out.content { false } else { item.out.content != nil }
            let isFile = files.count == 1 && files[0].path.bytes == path
            // An empty directory has no file that could show it.
            guard !files.isEmpty || wasDirectory && item.out.fileCount == 0 else {
                problems.append(DVCProblem(.removed, path: item.path, file: item.file, hash: item.out.hashText))
                continue
            }
            var out = Out(path: item.path, files: files, isDirectory: !isFile)
            out.isLegacy = item.out.isLegacy
            out.isCached = item.out.isCached && !uncached.contains(item.path)
            outs.append(out)
        }
    }

    /// The outs of stages that git keeps, which only `dvc.yaml` tells.
    private func uncachedPaths() -> Set<String> {
        var paths: Set<String> = []
        for (file, bytes) in imported where file.hasSuffix("dvc.yaml") {
            let folder = DVCTracked.parent(of: file)
            let pipeline = try? DVCPipeline(bytes, file: file) { name in
                FilePath.normalized([folder, name]).flatMap { imported[$0] }
            }
            for stage in pipeline?.stages ?? [] {
                for out in stage.outs where !out.isCached {
                    if let path = FilePath.normalized([folder, stage.workingFolder, out.path]) { paths.insert(path) }
                }
            }
        }
        return paths
    }

    /// Takes what no metafile tells of: a dataset each, and of what belongs to none the topmost folders that hold nothing
    /// else.
    private mutating func takeOthers() throws(MartletError) {
        var rest: [(path: LakePath, entry: FileEntry)] = []
        let known = outs.map { Array($0.path.utf8) }
        let books = Array(DVCImport.metafileFolder.utf8)
        var cursor = tree.cursor(within: within)
        while let file = try cursor.next() {
            if file.path.isWithin(books) || known.contains(where: file.path.isWithin) { continue }
            rest.append(file)
        }
        let grouping = DVCOutGrouping(rest, taken: known)
        for group in grouping.groups {
            guard let path = String(validating: group.path, as: UTF8.self) else {
                throw Self.notUTF8(group.path)
            }
            outs.append(Out(path: path, files: group.files, isDirectory: group.isDirectory))
        }
    }

    /// Works out the hashes, and the texts of the metafiles, of which some may be in the repository already.
    ///
    /// - Throws: ``MartletError`` MT3070 for a file there that cannot be read.
    mutating func settle(in repository: DVCRepository) throws(MartletError) {
        for index in outs.indices { try hash(&outs[index]) }
        let table = Dictionary(outs.map { ($0.path, $0) }) { first, _ in first }
        var covered: Set<String> = []
        for (file, bytes) in imported.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            let own = tracked.filter { $0.file == file }
            let present = own.filter { table[$0.path] != nil }
            covered.formUnion(present.map(\.path))
            // A file of which nothing is left, or nothing was asked for, is not written.
            if file.hasSuffix("dvc.yaml") ? !within.isEmpty : present.isEmpty { continue }
            if file.hasSuffix(".dvc") {
                var content = try DVCFile(bytes, file: file)
                for item in present {
                    if let out = table[item.path] { content.update(output(out, as: item.out), at: item.index) }
                }
                metafiles.append((file, try DVCFileEdit.text(of: bytes, changedTo: content.value, file: file)))
            } else if file.hasSuffix("dvc.lock") {
                var content = try DVCLock(bytes, file: file)
                for item in present {
                    guard let out = table[item.path], let stage = item.stage else { continue }
                    content.update(output(out, as: item.out), ofStage: stage)
                }
                metafiles.append((file, try DVCFileEdit.text(of: bytes, changedTo: content.value, file: file)))
            } else {
                metafiles.append((file, String(decoding: bytes, as: UTF8.self)))
            }
        }
        for out in outs where !covered.contains(out.path) {
            let file = "\(out.path).dvc"
            let name = out.path.split(separator: "/").last.map(String.init) ?? out.path
            let fresh = DVCOutput(path: name, content: nil)
            guard let bytes = try Folder.read("\(repository.root)/\(file)"),
                let index = try DVCFile(bytes, file: file).outs.firstIndex(where: {
                    $0.path.utf8.elementsEqual(name.utf8)
                })
            else {
                metafiles.append((file, DVCFile(outs: [output(out, as: fresh)]).text))
                continue
            }
            var content = try DVCFile(bytes, file: file)
            content.update(output(out, as: content.outs[index]), at: index)
            metafiles.append((file, try DVCFileEdit.text(of: bytes, changedTo: content.value, file: file)))
        }
    }

    private func hash(_ out: inout Out) throws(MartletError) {
        for file in out.files {
            out.md5s.append(out.isLegacy ? try EntryBytes.legacyMD5(of: file.entry, lake.objects) : file.entry.md5)
        }
        guard out.isDirectory else { return }
        for file in out.files where String(validating: file.path.bytes, as: UTF8.self) == nil {
            throw Self.notUTF8(file.path.bytes)
        }
        let prefix = out.path.utf8.count + 1
        out.directory = DVCDirectory(
            zip(out.files, out.md5s).map { DVCDirectory.Entry(path: Array($0.path.bytes.dropFirst(prefix)), md5: $1) }
        )
    }

    private static func notUTF8(_ path: [UInt8]) -> MartletError {
        MartletError(
            .cannotExport,
            "\(DisplayBytes.text(of: path)) cannot be tracked by DVC",
            reason: "its name is not UTF-8, with which DVC ends in an error",
            remedy: "give it another name, or leave it out with --only"
        )
    }

    /// The entry of a metafile for an out; `earlier` is what it was.
    private func output(_ out: Out, as earlier: DVCOutput) -> DVCOutput {
        var output = earlier
        output.isLegacy = out.isLegacy
        // Old versions did not write down how large things are.
        let keepsSize = earlier.size != nil || earlier.content == nil || !out.isLegacy
        if let directory = out.directory {
            if case .files = earlier.content {
                output.content = .files(directory.entries)
            } else {
                output.content = .directory(directory.md5)
            }
            if keepsSize { output.size = out.size }
            if keepsSize { output.fileCount = out.files.count }
            output.isExecutable = false
        } else if let md5 = out.md5s.first {
            output.content = .file(md5)
            if keepsSize { output.size = out.size }
            output.fileCount = nil
            output.isExecutable = out.files.first?.entry.isExecutable ?? false
        }
        return output
    }
}
