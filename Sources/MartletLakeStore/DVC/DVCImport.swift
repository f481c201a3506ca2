internal import Foundation
public import MartletCore
public import MartletLake

/// Brings what a DVC repository tracks into a lake.
///
/// Each tracked file, and each file of a tracked directory, becomes a file of the same path; the files in which DVC keeps
/// its books go along below ``metafileFolder``, so that an export can give them back.
public struct DVCImport: Sendable {
    /// Where the lake keeps `.dvc` files, `dvc.yaml` and `dvc.lock`.
    public static let metafileFolder = ".dvc-import"

    /// What to import, and how.
    public struct Configuration: Sendable {
        /// The branch that gets the commits.
        public var branch: BranchName
        /// Whether each commit of git that changed what is tracked becomes a commit, not only what is checked out now.
        public var includesHistory: Bool
        /// Whether files that cannot be found are left out and reported, rather than an error.
        public var allowsMissing: Bool
        /// Who makes commits that git does not tell the author of.
        public var author: String
        /// When that is.
        public var time: Timestamp

        /// An import into `branch`.
        public init(
            branch: BranchName = .main,
            includesHistory: Bool = false,
            allowsMissing: Bool = false,
            author: String,
            time: Timestamp
        ) {
            self.branch = branch
            self.includesHistory = includesHistory
            self.allowsMissing = allowsMissing
            self.author = author
            self.time = time
        }
    }

    /// What an import did.
    public struct Report: Hashable, Codable, Sendable {
        /// The branch.
        public var branch: BranchName
        /// Its head now.
        public var head: ObjectID?
        /// The commits made, oldest first.
        public var commits: [ObjectID] = []
        /// How many files the last of them has from this repository.
        public var files = 0
        /// The bytes of those files.
        public var bytes = 0
        /// What could not be carried over.
        public var problems: [DVCProblem] = []
        /// Pipelines of Martlet, one for each `dvc.yaml`.
        public var pipelines: [DVCPipelineManifest] = []
    }

    let repository: DVCRepository
    let lake: Lake
    let configuration: Configuration

    /// An import of `repository` into `lake`.
    public init(_ repository: DVCRepository, into lake: Lake, _ configuration: Configuration) {
        self.repository = repository
        self.lake = lake
        self.configuration = configuration
    }

    /// A state of the repository that becomes a commit.
    struct State {
        var metafiles: [String: [UInt8]]
        var commit: GitCommit?
        /// The blobs of a commit of git by path.
        var blobs: [[UInt8]: String] = [:]
    }

    /// Imports, and moves the branch.
    ///
    /// - Parameter progress: told from any thread that so many files more, with so many bytes, are done.
    /// - Returns: what was done.
    /// - Throws: ``MartletError`` MT3070 for a file that DVC did not write, MT3072 or MT3073 when content is missing or
    ///   damaged, MT3075 when git fails; MT3004 when the branch moved meanwhile; what the lake throws.
    public func run(progress: (@Sendable (_ files: Int, _ bytes: Int) -> Void)? = nil) throws(MartletError) -> Report {
        let git = GitProgram(folder: repository.root)
        let base = try lake.refs.head(of: .branch(configuration.branch))
        let states = try configuration.includesHistory ? history(git, behind: base) : [current(git)]
        var report = Report(branch: configuration.branch, head: base)
        guard !states.isEmpty else { return report }
        report = try lake.write { writer throws(MartletError) in
            let books = DVCBooks(repository: repository, git: git, writer: writer, progress: progress)
            var session = try DVCImportSession(books, lake: lake, base: base, configuration: configuration)
            for state in states { try session.add(state) }
            return try session.finish(report)
        }
        if let head = report.head, head != base {
            try lake.move(
                branch: configuration.branch,
                from: base,
                to: head,
                by: configuration.author,
                why: "import of the DVC repository \(repository.root)",
                at: configuration.time
            )
        }
        return report
    }

    private func current(_ git: GitProgram) throws(MartletError) -> State {
        State(metafiles: try repository.metafiles(), commit: nil)
    }

    /// The states of git's history that are not in the branch yet.
    private func history(_ git: GitProgram, behind base: ObjectID?) throws(MartletError) -> [State] {
        var commits = try git.history(of: [":(glob)**/*.dvc", ":(glob)**/dvc.lock"])
        let known = try importedCommits(behind: base)
        if let last = commits.lastIndex(where: { known.contains($0.id) }) { commits.removeFirst(last + 1) }
        var states: [State] = []
        for commit in commits {
            let files = try git.files(of: commit.id)
            let metafiles = files.compactMap { file -> (path: String, blob: String)? in
                guard let path = String(validating: file.path, as: UTF8.self), DVCTracked.isMetafile(path) else {
                    return nil
                }
                return (path, file.blob)
            }
            let contents = try git.blobs(metafiles.map(\.blob))
            states.append(
                State(
                    metafiles: Dictionary(uniqueKeysWithValues: zip(metafiles.map(\.path), contents)),
                    commit: commit,
                    blobs: Dictionary(files.map { ($0.path, $0.blob) }) { first, _ in first }
                )
            )
        }
        return states
    }

    private func importedCommits(behind base: ObjectID?) throws(MartletError) -> Set<String> {
        guard let base else { return [] }
        var known: Set<String> = []
        var next: ObjectID? = base
        while let id = next {
            let record = try CommitRecord(encoded: lake.objects.object(id), id: id)
            if let commit = record.metadata["git.commit"] { known.insert(commit) }
            next = record.parents.first
        }
        return known
    }
}
