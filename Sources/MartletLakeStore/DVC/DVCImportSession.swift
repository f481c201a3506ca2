internal import MartletCore
internal import MartletLake

/// An import under way: the tree as the last state made it, and what it had from the repository.
struct DVCImportSession {
    private let books: DVCBooks
    private let lake: Lake
    private let configuration: DVCImport.Configuration
    private var head: ObjectID?
    private var root: ObjectID
    /// What the tree has from the repository, by out.
    private var previous: [String: [LakePath: FileEntry]] = [:]
    private var previousMetafiles: [String: [UInt8]] = [:]
    /// Files of an earlier import, which go unless this one has them too.
    private var stale: Set<LakePath> = []
    private var commits: [ObjectID] = []
    private var problems: [DVCProblem] = []
    private var pipelines: [DVCPipelineManifest] = []

    init(_ books: DVCBooks, lake: Lake, base: ObjectID?, configuration: DVCImport.Configuration) throws(MartletError) {
        self.books = books
        self.lake = lake
        self.configuration = configuration
        head = base
        guard let base else {
            root = try TreeWriter.empty(books.objects)
            return
        }
        root = try CommitRecord(encoded: lake.objects.object(base), id: base).root
        stale = try Self.imported(in: TreeReader(root: root, objects: lake.objects), lake.objects)
    }

    /// The files that an earlier import brought.
    private static func imported(in tree: TreeReader, _ objects: any ObjectReader) throws(MartletError) -> Set<LakePath>
    {
        let metafiles = try DVCExport.metafiles(in: tree, objects)
        var paths: Set<LakePath> = []
        for path in metafiles.keys { paths.insert(DVCImportSession.metafilePath(path)) }
        for tracked in try DVCTracked.all(in: metafiles, read: { metafiles[$0] }).tracked {
            var cursor = tree.cursor(within: Array(tracked.path.utf8))
            while let (path, _) = try cursor.next() { paths.insert(path) }
        }
        return paths
    }

    static func metafilePath(_ path: String) -> LakePath {
        LakePath(trusted: Array("\(DVCImport.metafileFolder)/\(path)".utf8))
    }

    /// Makes a commit of a state, unless it has what the one before had.
    ///
    /// - Throws: as ``DVCImport/run(progress:)``.
    mutating func add(_ state: DVCImport.State) throws(MartletError) {
        let read = reader(of: state)
        let (tracked, outside) = try DVCTracked.all(in: state.metafiles, read: read)
        let commit = state.commit?.id
        problems += outside.map {
            DVCProblem(.outside, path: $0.path, file: $0.file, hash: $0.out.hashText, commit: commit)
        }
        let current = try files(of: tracked, state)
        var edits: [LakePath: FileEntry?] = [:]
        for path in stale { edits.updateValue(nil, forKey: path) }
        for (out, files) in previous where current[out] != files {
            for path in files.keys { edits.updateValue(nil, forKey: path) }
        }
        for (out, files) in current where previous[out] != files {
            for (path, entry) in files { edits[path] = entry }
        }
        for path in previousMetafiles.keys where state.metafiles[path] == nil {
            edits.updateValue(nil, forKey: Self.metafilePath(path))
        }
        for (path, bytes) in state.metafiles where previousMetafiles[path] != bytes {
            edits[Self.metafilePath(path)] = try books.add(bytes)
        }
        let sorted = edits.sorted { $0.key < $1.key }.map { TreeEdit(path: $0.key, entry: $0.value) }
        (stale, previous, previousMetafiles) = ([], current, state.metafiles)
        pipelines = try manifests(of: state, tracked: tracked, read)
        let next = try TreeWriter.apply(sorted, to: root, books.objects)
        // An import of what is there already makes no commit; a state of git is one even so.
        if next == root, state.commit == nil, head != nil { return }
        root = next
        try record(state)
    }

    private mutating func record(_ state: DVCImport.State) throws(MartletError) {
        var metadata: [String: String] = [:]
        let gitCommit = state.commit?.id ?? GitProgram(folder: books.repository.root).head()
        if let gitCommit { metadata["git.commit"] = gitCommit }
        let record = CommitRecord(
            parents: [head].compactMap(\.self),
            root: root,
            author: state.commit?.author ?? configuration.author,
            time: state.commit?.time ?? configuration.time,
            message: state.commit?.message ?? "Import the DVC repository \(books.repository.root)",
            metadata: metadata
        )
        let id = try books.objects.put(record.encoded, as: .commit)
        commits.append(id)
        head = id
    }

    /// The files of each out.
    private mutating func files(
        of tracked: [DVCTracked],
        _ state: DVCImport.State
    ) throws(MartletError) -> [String: [LakePath: FileEntry]] {
        var needs: [(need: DVCBooks.Need, tracked: DVCTracked)] = []
        for item in tracked {
            func need(_ md5: MD5Digest, _ path: [UInt8]) throws(MartletError) {
                let key = DVCBooks.Key(md5: md5, isLegacy: item.out.isLegacy)
                needs.append((DVCBooks.Need(key: key, path: try LakePath(validating: path)), item))
            }
            let path = Array(item.path.utf8)
            switch item.out.content {
            case .file(let md5): try need(md5, path)
            case .files(let entries): for entry in entries { try need(entry.md5, path + [0x2f] + entry.path) }
            case .directory(let md5):
                let key = DVCBooks.Key(md5: md5, isLegacy: item.out.isLegacy)
                guard let directory = try books.directory(key, at: item.path) else {
                    try note(books.isDamaged(key) ? .damaged : .missing, item, item.path, item.out.hashText, state)
                    continue
                }
                for entry in directory.entries { try need(entry.md5, path + [0x2f] + entry.path) }
            case nil: try note(.unhashed, item, item.path, nil, state)
            }
        }
        try books.fetch(needs.map(\.need), blobs: state.blobs)
        var files: [String: [LakePath: FileEntry]] = [:]
        for item in tracked { files[item.path] = [:] }
        for (need, item) in needs {
            guard var entry = books.entry(need.key) else {
                let kind: DVCProblem.Kind = books.isDamaged(need.key) ? .damaged : .missing
                try note(kind, item, need.path.display, need.key.md5.hex, state)
                continue
            }
            entry.isExecutable = item.out.isExecutable
            entry.dataset = DatasetID(rawValue: item.path)
            files[item.path, default: [:]][need.path] = entry
        }
        try failIfIncomplete()
        return files
    }

    private mutating func note(
        _ kind: DVCProblem.Kind,
        _ item: DVCTracked,
        _ path: String,
        _ hash: String?,
        _ state: DVCImport.State
    ) throws(MartletError) {
        problems.append(DVCProblem(kind, path: path, file: item.file, hash: hash, commit: state.commit?.id))
    }

    private func failIfIncomplete() throws(MartletError) {
        let lost = problems.filter { $0.kind == .missing || $0.kind == .damaged }
        guard let first = lost.first, !configuration.allowsMissing else { return }
        let list = lost.prefix(10).map { problem in
            "\(problem.path) (\(problem.hash ?? ""), \(problem.file)\(problem.commit.map { " at \($0.prefix(10))" } ?? ""))"
        }
        let more = lost.count > 10 ? "\nand \(lost.count - 10) more" : ""
        let isDamaged = lost.allSatisfy { $0.kind == .damaged }
        throw MartletError(
            isDamaged ? .trackedFileDamaged : .trackedFileMissing,
            isDamaged
                ? "\(lost.count) tracked files do not have the hash they are tracked by, such as \(first.path)"
                : "\(lost.count) tracked files are nowhere to be found, such as \(first.path)",
            reason: list.joined(separator: "\n") + more,
            remedy: "run `dvc fetch`, with --all-commits for a history; or leave them out with --allow-missing"
        )
    }

    /// Reads other files of a state, for values of templates.
    private func reader(of state: DVCImport.State) -> (String) -> [UInt8]? {
        let git = GitProgram(folder: books.repository.root)
        let root = books.repository.root
        return { path in
            if let bytes = state.metafiles[path] { return bytes }
            guard state.commit != nil else { return (try? Folder.read("\(root)/\(path)")) ?? nil }
            guard let blob = state.blobs[Array(path.utf8)] else { return nil }
            return try? git.blobs([blob]).first
        }
    }

    private func manifests(
        of state: DVCImport.State,
        tracked: [DVCTracked],
        _ read: @escaping (String) -> [UInt8]?
    ) throws(MartletError) -> [DVCPipelineManifest] {
        var manifests: [DVCPipelineManifest] = []
        for (file, bytes) in state.metafiles.sorted(by: { $0.key < $1.key }) where file.hasSuffix("dvc.yaml") {
            let folder = DVCTracked.parent(of: file)
            do throws(MartletError) {
                let pipeline = try DVCPipeline(bytes, file: file) { FilePath.normalized([folder, $0]).flatMap(read) }
                let name = folder.split(separator: "/").last.map(String.init) ?? Self.name(of: books.repository.root)
                manifests.append(
                    DVCPipelineManifest(
                        pipeline,
                        name: name,
                        folder: folder,
                        file: file,
                        tracked: tracked.map(\.path),
                        params: read
                    )
                )
            } catch {
                // A pipeline that cannot be read does not keep the data from coming.
                manifests.append(DVCPipelineManifest(unreadable: file, because: error))
            }
        }
        return manifests
    }

    private static func name(of folder: String) -> String {
        folder.split(separator: "/").last.map(String.init) ?? "pipeline"
    }

    /// What was done.
    func finish(_ report: DVCImport.Report) throws(MartletError) -> DVCImport.Report {
        var report = report
        report.commits = commits
        report.head = head
        report.problems = problems
        report.pipelines = pipelines
        for files in previous.values {
            report.files += files.count
            report.bytes += files.values.reduce(0) { $0 + $1.size }
        }
        return report
    }
}
