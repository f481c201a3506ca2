internal import Foundation
public import MartletCore
internal import MartletLake

/// Writes a commit of the lake as a DVC repository: objects in the cache, `.dvc` files, `.gitignore` entries, settings, and
/// the files themselves.
public struct DVCExport: Sendable {
    /// What to export, and how.
    public struct Configuration: Sendable {
        /// Only what is at or below this path; everything when empty.
        public var within: [UInt8]
        /// Whether the files are written besides the objects, as `dvc checkout` would.
        public var writesFiles: Bool
        /// Whether files are replaced that are there and differ from what DVC tracks.
        public var replaces: Bool
        /// A folder that gets the objects as well and becomes the repository's remote.
        public var remote: String?

        /// An export of everything.
        public init(within: [UInt8] = [], writesFiles: Bool = true, replaces: Bool = false, remote: String? = nil) {
            self.within = within
            self.writesFiles = writesFiles
            self.replaces = replaces
            self.remote = remote
        }
    }

    /// What an export did.
    public struct Report: Hashable, Codable, Sendable {
        /// The commit.
        public var commit: ObjectID
        /// The paths that are tracked now.
        public var outs: [String] = []
        /// How many files they have.
        public var files = 0
        /// The bytes of those files.
        public var bytes = 0
        /// How many objects were not in the cache before.
        public var newObjects = 0
        /// What could not be carried over.
        public var problems: [DVCProblem] = []
    }

    let lake: Lake
    let commit: ObjectID
    let folder: String
    let configuration: Configuration

    /// An export of `commit` to `folder`, which need not exist.
    public init(_ commit: ObjectID, of lake: Lake, to folder: String, _ configuration: Configuration = .init()) {
        self.lake = lake
        self.commit = commit
        self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
        self.configuration = configuration
    }

    /// The `.dvc` files, `dvc.yaml` and `dvc.lock` that an import left in a tree.
    static func metafiles(in tree: TreeReader, _ objects: any ObjectReader) throws(MartletError) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        var cursor = tree.cursor(within: Array(DVCImport.metafileFolder.utf8))
        while let (path, entry) = try cursor.next() {
            guard
                let text = String(
                    validating: path.bytes.dropFirst(DVCImport.metafileFolder.utf8.count + 1),
                    as: UTF8.self
                ),
                DVCTracked.isMetafile(text)
            else { continue }
            found[text] = try EntryBytes.all(of: entry, objects)
        }
        return found
    }

    /// Exports.
    ///
    /// - Parameter progress: told from any thread that so many files more, with so many bytes, are done.
    /// - Returns: what was done.
    /// - Throws: ``MartletError`` MT3074 when files are in the way or a path cannot be tracked, MT3075 when git fails,
    ///   MT3070 for a file of DVC in the folder that cannot be read, MT8004 or MT8005; what the lake throws.
    public func run(progress: (@Sendable (_ files: Int, _ bytes: Int) -> Void)? = nil) throws(MartletError) -> Report {
        let record = try CommitRecord(encoded: lake.objects.object(commit), id: commit)
        let tree = TreeReader(root: record.root, objects: lake.objects)
        var plan = try DVCExportPlan(tree, within: configuration.within, lake: lake)
        let repository = try DVCSkeleton(folder: folder, remote: configuration.remote).prepared()
        try plan.settle(in: repository)
        let target = DVCExportTarget(repository: repository, lake: lake, plan: plan, configuration: configuration)
        if configuration.writesFiles { try target.check() }
        var report = Report(commit: commit)
        report.newObjects = try target.writeObjects(into: repository.cacheFolder, progress: progress)
        if let remote = configuration.remote { _ = try target.writeObjects(into: remote, progress: nil) }
        if configuration.writesFiles { try target.writeFiles(progress: progress) }
        try target.writeMetafiles()
        try target.ignore()
        report.outs = plan.outs.map(\.path)
        report.files = plan.outs.reduce(0) { $0 + $1.files.count }
        report.bytes = plan.outs.reduce(0) { $0 + $1.size }
        report.problems = plan.problems
        return report
    }
}
