internal import Foundation
public import MartletCore
internal import MartletLake

/// Brings the files that Git LFS keeps for a commit of git into a lake, under their paths.
public struct LFSImport: Sendable {
    let folder: String
    let lake: Lake
    let branch: BranchName
    let allowsMissing: Bool

    /// An import of what is checked out in `folder`.
    public init(folder: String, into lake: Lake, branch: BranchName, allowsMissing: Bool = false) {
        self.folder = folder
        self.lake = lake
        self.branch = branch
        self.allowsMissing = allowsMissing
    }

    /// Imports, and moves the branch; files that the branch has elsewhere stay.
    ///
    /// - Throws: ``MartletError`` MT3072 or MT3073 when content is missing or damaged, MT3075 when git fails, MT3004 when
    ///   the branch moved meanwhile; what the lake throws.
    public func run(by author: String, at time: Timestamp) throws(MartletError) -> DVCImport.Report {
        let git = GitProgram(folder: folder)
        let commit = String(decoding: try git.run(["rev-parse", "HEAD"]).dropLast(), as: UTF8.self)
        let objects = try LFSObjects.folder(git)
        let pointers = try Self.pointers(git, commit)
        let base = try lake.refs.head(of: .branch(branch))
        var report = DVCImport.Report(branch: branch, head: base)
        report = try lake.write { writer throws(MartletError) in
            var report = report
            var edits: [TreeEdit] = []
            for (path, pointer) in pointers {
                guard let entry = try find(path, pointer, objects, writer, &report.problems) else { continue }
                edits.append(TreeEdit(path: path, entry: entry))
                report.files += 1
                report.bytes += entry.size
            }
            try failIfIncomplete(report.problems)
            var old: ObjectID?
            if let base { old = try CommitRecord(encoded: lake.objects.object(base), id: base).root }
            let start = if let old { old } else { try TreeWriter.empty(writer) }
            let root = try TreeWriter.apply(edits, to: start, writer)
            if root == old { return report }
            let record = CommitRecord(
                parents: [base].compactMap(\.self),
                root: root,
                author: author,
                time: time,
                message: "Import the files of Git LFS in \(folder)",
                metadata: ["git.commit": commit]
            )
            let id = try writer.put(record.encoded, as: .commit)
            report.head = id
            report.commits = [id]
            return report
        }
        if let head = report.head, head != base {
            let why = "import of the files of Git LFS in \(folder)"
            try lake.move(branch: branch, from: base, to: head, by: author, why: why, at: time)
        }
        return report
    }

    /// The pointers of a commit, ordered by path: files small enough to be one that are.
    private static func pointers(
        _ git: GitProgram,
        _ commit: String
    ) throws(MartletError) -> [(path: LakePath, pointer: LFSPointer)] {
        var small: [(path: LakePath, blob: String)] = []
        for record in try git.run(["ls-tree", "-r", "-l", "-z", commit]).split(separator: 0) {
            // `<mode> blob <id> <size>`, a tab and the path.
            guard let tab = record.firstIndex(of: 0x09) else { continue }
            let words = record[..<tab].split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
            guard words.count == 4, words[1] == "blob", let size = Int(words[3]), size <= LFSPointer.maximumBytes else {
                continue
            }
            small.append((try LakePath(validating: record[(tab + 1)...]), words[2]))
        }
        var found: [(path: LakePath, pointer: LFSPointer)] = []
        for (file, bytes) in zip(small, try git.blobs(small.map(\.blob))) {
            if let pointer = LFSPointer(bytes) { found.append((file.path, pointer)) }
        }
        return found.sorted { $0.path < $1.path }
    }

    /// The content of a pointer, from where git-lfs keeps it or from the workspace.
    private func find(
        _ path: LakePath,
        _ pointer: LFSPointer,
        _ objects: String,
        _ writer: LakeWriter,
        _ problems: inout [DVCProblem]
    ) throws(MartletError) -> FileEntry? {
        var isDamaged = false
        let places = [(objects, LakePath(trusted: Array(pointer.objectPath.utf8))), (folder, path)]
        for (folder, place) in places where FilePath.size(place.bytes, below: folder) == pointer.size {
            guard var entry = try writer.add(filesAt: [place], in: folder).first?.entry else { continue }
            if entry.content == pointer.oid {
                entry.isExecutable = false
                return entry
            }
            isDamaged = isDamaged || folder == objects
        }
        problems.append(
            DVCProblem(isDamaged ? .damaged : .missing, path: path.display, file: path.display, hash: pointer.oid.hex)
        )
        return nil
    }

    private func failIfIncomplete(_ problems: [DVCProblem]) throws(MartletError) {
        guard let first = problems.first, !allowsMissing else { return }
        throw MartletError(
            first.kind == .damaged ? .trackedFileDamaged : .trackedFileMissing,
            "\(problems.count) files of Git LFS are not to be had, such as \(first.path)",
            reason: "neither .git/lfs/objects nor the workspace has content with the pointer's SHA-256",
            remedy: "run `git lfs fetch`; or leave them out with --allow-missing"
        )
    }
}

/// Where git-lfs keeps files.
enum LFSObjects {
    static func folder(_ git: GitProgram) throws(MartletError) -> String {
        let answer = try git.run(["rev-parse", "--path-format=absolute", "--git-common-dir"])
        return String(decoding: answer.dropLast(), as: UTF8.self) + "/lfs/objects"
    }
}
