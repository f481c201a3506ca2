internal import Foundation
internal import MartletCore
internal import MartletLake

/// Writes what an export has planned.
struct DVCExportTarget {
    let repository: DVCRepository
    let lake: Lake
    let plan: DVCExportPlan
    let configuration: DVCExport.Configuration

    /// Refuses to replace what nobody has kept: files that differ from what is exported and from what DVC tracks here.
    ///
    /// - Throws: ``MartletError`` MT3074 with the first of them.
    func check() throws(MartletError) {
        if configuration.replaces { return }
        let metafiles = try repository.metafiles()
        let root = repository.root
        var kept: [String: DVCOutput.Content] = [:]
        for item in try DVCTracked.all(in: metafiles, read: { try? Folder.read("\(root)/\($0)") }).tracked {
            kept[item.path] = item.out.content
        }
        for out in plan.outs {
            var old: [[UInt8]: MD5Digest] = [:]
            switch kept[out.path] {
            case .file(let md5): old[Array(out.path.utf8)] = md5
            case .directory(let md5):
                let name = DVCRepository.objectName(md5, isDirectory: true)
                for folder in repository.objectFolders(isLegacy: false) + repository.objectFolders(isLegacy: true) {
                    guard let bytes = try Folder.read("\(folder)/\(name)") else { continue }
                    for entry in try DVCDirectory(encoded: bytes, name: name).entries {
                        old[Array("\(out.path)/".utf8) + entry.path] = entry.md5
                    }
                    break
                }
            default: break
            }
            for (file, md5) in zip(out.files, out.md5s) {
                guard FilePath.size(file.path.bytes, below: root) != nil else { continue }
                let present = try LegacyFile.plainMD5(file.path.bytes, below: root)
                guard present != file.entry.md5, present != md5, present != old[file.path.bytes] else { continue }
                throw MartletError(
                    .cannotExport,
                    "\(root)/\(file.path.display) has changes that would be lost",
                    reason: "it differs from what is exported, and DVC does not track what is in it",
                    remedy: "keep it with `dvc add`, or replace it with --force"
                )
            }
        }
    }

    /// Writes the objects that are missing, directories last; how many there were.
    func writeObjects(
        into store: String,
        progress: (@Sendable (Int, Int) -> Void)?
    ) throws(MartletError) -> Int {
        var count = 0
        for isLegacy in [false, true] {
            let outs = plan.outs.filter { $0.isLegacy == isLegacy && $0.isCached }
            if outs.isEmpty { continue }
            let folder = isLegacy ? store : "\(store)/files/md5"
            try Folder.make(folder)
            var placements: [FilePlacement] = []
            var seen: Set<MD5Digest> = []
            for out in outs {
                for (file, md5) in zip(out.files, out.md5s) where seen.insert(md5).inserted {
                    let name = Array(DVCRepository.objectName(md5).utf8)
                    // A file of the same size is the object: it is named by its content, and DVC checks it.
                    if FilePath.size(name, below: folder) == file.entry.size { continue }
                    var entry = file.entry
                    entry.isExecutable = false
                    placements.append(FilePlacement(path: LakePath(trusted: name), entry: entry))
                }
            }
            _ = try lake.write(placements, into: folder, replacing: true, progress: progress)
            // DVC trusts an object of exactly this mode, so it comes when the object is whole.
            for placement in placements {
                let status = FilePath.withPath(placement.path.bytes, below: folder) { chmod($0, 0o444) }
                if status != 0 { throw Failure.writing("\(folder)/\(placement.path.display)", errno) }
            }
            for directory in outs.compactMap(\.directory) {
                let path = "\(folder)/\(DVCRepository.objectName(directory.md5, isDirectory: true))"
                guard try Folder.read(path) == nil else { continue }
                try write(path, directory.encoded, mode: 0o444)
                count += 1
            }
            count += placements.count
        }
        return count
    }

    /// Writes the files themselves, and removes those of directories that are not in them any more.
    func writeFiles(progress: (@Sendable (Int, Int) -> Void)?) throws(MartletError) {
        var placements: [FilePlacement] = []
        for out in plan.outs {
            if out.isDirectory { try makeDirectory(out) }
            for file in out.files {
                // What is there already stays, with the time that DVC remembers it by.
                if FilePath.size(file.path.bytes, below: repository.root) == file.entry.size,
                    try LegacyFile.plainMD5(file.path.bytes, below: repository.root) == file.entry.md5
                {
                    continue
                }
                placements.append(FilePlacement(path: file.path, entry: file.entry))
            }
        }
        _ = try lake.write(placements, into: repository.root, replacing: true, progress: progress)
    }

    private func makeDirectory(_ out: DVCExportPlan.Out) throws(MartletError) {
        let folder = "\(repository.root)/\(out.path)"
        try Folder.make(folder)
        let wanted = Set(out.files.map(\.path))
        let prefix = Array("\(out.path)/".utf8)
        var removed: [LakePath] = []
        for file in try FilePath.files(below: folder) {
            let path = LakePath(trusted: prefix + file.bytes)
            if !wanted.contains(path) { removed.append(path) }
        }
        guard !removed.isEmpty else { return }
        guard configuration.replaces else {
            throw MartletError(
                .cannotExport,
                "\(repository.root)/\(removed[0].display) is not part of what is exported",
                reason: "\(out.path) is tracked as a whole, so everything in it would be",
                remedy: "move it away, or remove it with --force"
            )
        }
        for path in removed { _ = FilePath.withPath(path.bytes, below: repository.root) { unlink($0) } }
    }

    func writeMetafiles() throws(MartletError) {
        for (path, text) in plan.metafiles {
            let full = "\(repository.root)/\(path)"
            if try Folder.read(full) == Array(text.utf8) { continue }
            try write(full, Array(text.utf8), mode: 0o644)
        }
    }

    /// Tells git to ignore what DVC keeps, in the `.gitignore` beside it, unless git does already.
    func ignore() throws(MartletError) {
        let git = GitProgram(folder: repository.root)
        guard (try? git.attempt(["rev-parse", "--git-dir"]).status) == 0 else { return }
        let paths = plan.outs.filter(\.isCached).map(\.path)
        guard !paths.isEmpty else { return }
        let asked = Array(paths.joined(separator: "\0").utf8) + [0]
        let answer = try git.attempt(["check-ignore", "-z", "--stdin"], input: asked)
        let ignored = Set(answer.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
        for path in paths where !ignored.contains(path) {
            let folder = DVCTracked.parent(of: path)
            let file = "\(repository.root)/\(folder.isEmpty ? "" : folder + "/").gitignore"
            var bytes = try Folder.read(file) ?? []
            let name = path.split(separator: "/").last ?? ""
            let entry = "/" + name.map { "\\[]!*#?".contains($0) ? "\\\($0)" : String($0) }.joined()
            if bytes.split(separator: 0x0a).contains(where: { $0.elementsEqual(entry.utf8) }) { continue }
            if let last = bytes.last, last != 0x0a { bytes.append(0x0a) }
            try write(file, bytes + Array("\(entry)\n".utf8), mode: 0o644)
        }
    }

    private func write(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(MartletError) {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
        try Folder.make(folder)
        let temporary = "\(folder)/\(Lake.temporaryFilePrefix)\(TemporaryName.next())"
        guard let file = Descriptor.creating(temporary) else { throw Failure.writing(path, errno) }
        var error = bytes.withUnsafeBytes { file.writeAll($0) }
        if error == 0, rename(temporary, path) != 0 { error = errno }
        if error == 0, fchmod(file.number, mode) != 0 { error = errno }
        if error != 0 {
            unlink(temporary)
            throw Failure.writing(path, error)
        }
    }
}
