internal import Glibc
internal import MartletCore
internal import MartletLake

/// Brings the files from the staged tree to another one: all that would be lost is found before anything is written.
final class MoveSession {
    private let tree: WorkingTree
    private let isForced: Bool
    private let link: LinkMode
    private let progress: (WorkProgress) -> Void
    /// Goes through the keys; twice, so that their number does not count for memory.
    private let candidates: () throws(MartletError) -> any MoveCandidates

    private(set) var report = MoveReport()
    /// Files whose content is nowhere else.
    private var obstacles: [[UInt8]] = []
    private var removals: [[UInt8]] = []
    /// What files that had to be read were found to have.
    private var findings: [[UInt8]: ContentCheck.Finding] = [:]
    private var unread: [MoveCandidate] = []
    /// Files to be written over whatever they have: those that a command which was killed has begun to write.
    private var partial: Set<[UInt8]> = []
    private var folders = FolderCheck()
    private var toWrite = WorkProgress()
    private var done = WorkProgress()

    init(
        _ tree: WorkingTree,
        link: LinkMode = .copy,
        isForced: Bool = false,
        progress: @escaping (WorkProgress) -> Void,
        candidates: @escaping () throws(MartletError) -> any MoveCandidates
    ) {
        self.tree = tree
        self.link = link
        self.isForced = isForced
        self.progress = progress
        self.candidates = candidates
    }

    // MARK: Finding out

    /// Finds out what is to be done, and writes nothing.
    ///
    /// - Throws: ``MartletError`` MT3052 with the files in the way, when there are any.
    func plan() throws(MartletError) {
        let all = try candidates()
        let start = try tree.fileSystemTime()
        while let candidate = try all.next() {
            guard candidate.isFollowed else { continue }
            let move = decide(candidate)
            if move == .read {
                unread.append(candidate)
                if unread.count >= Limits.filesPerBatch { try readUnread(since: start) }
            } else {
                try plan(candidate, move)
            }
        }
        try readUnread(since: start)
        obstacles += folders.obstacles(tree.root, removing: Set(removals))
        if !obstacles.isEmpty, !isForced || !folders.isPassable { throw inTheWay() }
    }

    private func decide(_ candidate: MoveCandidate) -> FileMove {
        if partial.contains(candidate.path) { return .write }
        return FileMove.decide(
            record: candidate.record,
            target: candidate.target.map(FileMove.Target.init),
            found: candidate.found,
            finding: findings[candidate.path],
            isForced: isForced
        )
    }

    private func readUnread(since start: Int64) throws(MartletError) {
        let read = ContentCheck.findings(unread.map { tree.root.absolute($0.source) })
        for (candidate, finding) in zip(unread, read) {
            if var finding {
                finding.isSettled = finding.stamp.settled(before: start) != nil
                findings[candidate.path] = finding
            }
            let move = decide(candidate)
            if move == .read, isForced, candidate.target != nil { partial.insert(candidate.path) }
            try plan(candidate, move == .read ? (isForced ? .write : .obstacle) : move)
        }
        unread.removeAll(keepingCapacity: true)
    }

    private func plan(_ candidate: MoveCandidate, _ move: FileMove) throws(MartletError) {
        switch move {
        case .write:
            toWrite.files += 1
            toWrite.bytes += candidate.target?.size ?? 0
            folders.look(at: candidate.path, tree.root)
        case .remove: removals.append(candidate.path)
        case .obstacle:
            if let target = candidate.target, tree.wasCutOff,
                try PartialFile.isBeginning(tree.root.absolute(candidate.path), of: target, tree.lake.objects)
            {
                partial.insert(candidate.path)
                return try plan(candidate, .write)
            }
            if obstacles.count < Limits.workProblems { obstacles.append(candidate.path) }
        case .keep, .leave, .nothing, .read: break
        }
    }

    private func inTheWay() -> MartletError {
        let names = obstacles.sorted { $0.lexicographicallyPrecedes($1) }.map { DisplayBytes.text(of: $0) }
        let shown = names.prefix(Limits.shownFiles).joined(separator: "\n")
        let rest = names.count > Limits.shownFiles ? "\nand \(names.count - Limits.shownFiles) more" : ""
        return MartletError(
            .filesInTheWay,
            "\(names.count == 1 ? "1 file" : "\(names.count) files") would be lost: changed, or not in the lake",
            reason: shown + rest,
            remedy: "add and commit them, or move them away; --force gives them up"
        )
    }

    // MARK: Doing

    /// Does what was planned, and writes the index of the tree `root` along with it.
    func execute(root: ObjectID) throws(MartletError) {
        progress(WorkProgress(files: 0, totalFiles: toWrite.files))
        try tree.beginWriting()
        for path in removals { try remove(path) }
        let index = try WorkIndexWriter(path: tree.indexPath)
        let writing = FileBatch(tree, index, link: link)
        let all = try candidates()
        while let candidate = try all.next() {
            guard let target = candidate.target else { continue }
            var stamp = candidate.record?.content == target.content ? candidate.record?.stamp : nil
            if candidate.isFollowed {
                switch decide(candidate) {
                case .keep(let found):
                    let finding = findings[candidate.path]
                    stamp = finding == nil || finding?.isSettled == true ? found : nil
                    report.unchanged += 1
                case .write:
                    try writing.write(target, candidate.path)
                    report.written += 1
                    report.bytes += target.size
                    continue
                case .leave:
                    stamp = nil
                    report.left += 1
                case .remove, .obstacle, .read, .nothing: stamp = nil
                }
            }
            try writing.pass(target, candidate.path, stamp)
            if report.written > done.files { tell() }
        }
        try writing.flush()
        try index.finish(root: root)
        tree.endWriting()
        tell()
    }

    private func tell() {
        done = WorkProgress(files: report.written, totalFiles: toWrite.files, bytes: report.bytes)
        progress(done)
    }

    private func remove(_ path: [UInt8]) throws(MartletError) {
        if unlink(RawPath.text(tree.root.absolute(path))) != 0, errno != ENOENT, errno != ENOTDIR {
            throw Failure.writing(DisplayBytes.text(of: path), errno)
        }
        report.removed += 1
        // Folders that are empty now go as well; rmdir(2) refuses the others.
        var folder = RawPath.split(path).folder
        while !folder.isEmpty, rmdir(RawPath.text(tree.root.absolute(folder))) == 0 {
            folder = RawPath.split(folder).folder
        }
    }
}

extension MoveCandidate {
    /// The key of the file to read: of a link, its target's.
    var source: [UInt8] {
        if case .link(_, let target) = found { return target }
        return path
    }
}

extension FileMove.Target {
    init(_ entry: FileEntry) {
        self.init(content: entry.content, size: Int64(entry.size), isExecutable: entry.isExecutable)
    }
}
