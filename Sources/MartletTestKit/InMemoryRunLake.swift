import Foundation
public import MartletCore
import MartletLake
import Synchronization

/// A lake that lives as long as the object: the fake of ``RunLake``.
///
/// Datasets are read from real files.
public final class InMemoryRunLake: RunLake {
    /// The files of a dataset: by part, by their paths in it.
    ///
    /// One that is a single file has it at the empty path.
    typealias Files = [Int?: [String: Data]]

    struct Dataset: Hashable {
        var files: Files
        var format: DatasetFormat?
    }

    struct Commit {
        var parents: [ObjectID]
        var datasets: [DatasetID: Dataset]
    }

    struct State {
        var commits: [ObjectID: Commit] = [:]
        var branches: [BranchName: ObjectID] = [:]
        var bases: [RunID: ObjectID?] = [:]
        var published: [RunID: ObjectID] = [:]
        var origins: [ObjectID: RunOrigin] = [:]
    }

    private let state = Mutex(State())

    /// A lake without commits.
    public init() {}

    /// The commit of a branch; nil when there is no such branch.
    public func head(of branch: BranchName) -> ObjectID? { state.withLock { $0.branches[branch] } }

    /// What a commit says of the run that made it.
    public func origin(of commit: ObjectID) -> RunOrigin? { state.withLock { $0.origins[commit] } }

    /// The datasets of a commit.
    public func datasets(at commit: ObjectID) -> Set<DatasetID> {
        state.withLock { Set($0.commits[commit]?.datasets.keys.map(\.self) ?? []) }
    }

    /// Opens the run's branch at the head of `target`, unless it is open.
    public func open(_ run: RunID, from target: BranchName) async throws(MartletError) -> ObjectID? {
        state.withLock { state in
            if let base = state.bases[run] { return base }
            let base = state.branches[target]
            state.bases.updateValue(base, forKey: run)
            state.branches[.of(run)] = base
            return base
        }
    }

    /// The commit of that branch or id.
    public func commit(named reference: String) async throws(MartletError) -> ObjectID {
        let found = state.withLock { state in
            BranchName(rawValue: reference).flatMap { state.branches[$0] } ?? ObjectID(hex: reference)
        }
        guard let found else { throw MartletError(ErrorCode(3003), "there is no \(reference)") }
        return found
    }

    /// The figures of a dataset in a commit.
    public func version(
        of dataset: DatasetID,
        part: Int?,
        at commit: ObjectID
    ) async throws(MartletError) -> LakeDataset? {
        state.withLock { $0.commits[commit]?.datasets[dataset].flatMap { Self.figures(of: $0, part) } }
    }

    /// Reads the files, and makes a commit of them unless the branch has them.
    public func commit(
        _ writings: [LakeWriting],
        to run: RunID,
        message: String,
        origin: RunOrigin,
        at now: Timestamp
    ) async throws(MartletError) -> (head: ObjectID, datasets: [LakeDataset]) {
        var read: [Dataset?] = []
        for writing in writings {
            if case .path(let path) = writing.source {
                read.append(try Self.read(path, writing))
            } else {
                read.append(nil)
            }
        }
        let result: Result<(ObjectID, [LakeDataset]), MartletError> = state.withLock { state in
            var datasets = state.branches[.of(run)].flatMap { state.commits[$0]?.datasets } ?? [:]
            let before = datasets
            var figures: [LakeDataset] = []
            for (writing, read) in zip(writings, read) {
                var dataset = Dataset(files: [:], format: writing.format)
                if let read {
                    dataset = read
                } else if case .commit(let commit) = writing.source {
                    guard let found = state.commits[commit]?.datasets[writing.dataset] else {
                        return .failure(Self.missing(writing.dataset, commit))
                    }
                    dataset = found
                }
                if let part = writing.part {
                    var whole = datasets[writing.dataset] ?? Dataset(files: [:], format: writing.format)
                    whole.files[nil] = nil
                    whole.files[part] = dataset.files[part] ?? dataset.files[nil]
                    datasets[writing.dataset] = whole
                } else {
                    datasets[writing.dataset] = dataset
                }
                if let figure = datasets[writing.dataset].flatMap({ Self.figures(of: $0, writing.part) }) {
                    figures.append(figure)
                }
            }
            if let head = state.branches[.of(run)], before == datasets { return .success((head, figures)) }
            let head = state.add(
                Commit(parents: state.branches[.of(run)].map { [$0] } ?? [], datasets: datasets),
                message
            )
            state.origins[head] = origin
            state.branches[.of(run)] = head
            return .success((head, figures))
        }
        let (head, datasets) = try result.get()
        return (head, datasets)
    }

    /// Writes the files of a dataset below `folder`.
    public func checkOut(
        _ dataset: DatasetID,
        part: Int?,
        at commit: ObjectID,
        into folder: String
    ) async throws(MartletError) -> String {
        let found = state.withLock { $0.commits[commit]?.datasets[dataset] }
        guard let found else { throw Self.missing(dataset, commit) }
        let files = part.map { [$0: found.files[$0] ?? [:]] } ?? found.files
        let ending = found.format.map { ".\($0.rawValue)" } ?? ""
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (part, files) in files {
                for (name, bytes) in files {
                    let stem = part.map { "\($0)" } ?? "data"
                    let path = "\(folder)/\(stem)\(name.isEmpty ? ending : "/" + name)"
                    let parent = (path as NSString).deletingLastPathComponent
                    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                    try bytes.write(to: URL(fileURLWithPath: path))
                }
            }
        } catch {
            throw MartletError(.fileUnwritable, "cannot write below \(folder)")
        }
        guard part != nil || files.keys.contains(nil) else { return folder }
        let isFile = files.values.first?.keys.contains("") ?? false
        return "\(folder)/\(part.map { "\($0)" } ?? "data")\(isFile ? ending : "")"
    }

    /// The digest of the files.
    public func stamp(of path: String) async -> String? {
        Self.files(at: path).map { ObjectID(hashing: JSONText.data($0.mapValues { $0.base64EncodedString() })).hex }
    }

    /// Merges dataset by dataset.
    public func publish(
        _ run: RunID,
        to target: BranchName,
        replacing: Bool,
        parts: [DatasetID: Set<Int>],
        message: String,
        origin: RunOrigin,
        at now: Timestamp
    ) async throws(MartletError) -> ObjectID {
        let result: Result<ObjectID, MartletError> = state.withLock { state in
            if let commit = state.published[run] { return .success(commit) }
            guard let head = state.branches[.of(run)], var ours = state.commits[head]?.datasets else {
                return .failure(MartletError(ErrorCode(3003), "there is no branch \(BranchName.of(run))"))
            }
            for (dataset, kept) in parts {
                let files = ours[dataset]?.files ?? [:]
                ours[dataset]?.files = files.filter { $0.key.map(kept.contains) ?? true }
            }
            let base = (state.bases[run] ?? nil).flatMap { state.commits[$0]?.datasets } ?? [:]
            let tip = state.branches[target]
            var merged = tip.flatMap { state.commits[$0]?.datasets } ?? [:]
            for dataset in Set(ours.keys).union(base.keys).sorted() where ours[dataset] != base[dataset] {
                let isContested = merged[dataset] != base[dataset] && merged[dataset] != ours[dataset]
                if isContested, !replacing {
                    return .failure(
                        MartletError(
                            .publishConflict,
                            "run \(run) cannot be published in \(target): \(dataset) has changed there since the run began"
                        )
                    )
                }
                merged[dataset] = ours[dataset]
            }
            let commit = state.add(Commit(parents: [tip, head].compactMap(\.self), datasets: merged), message)
            state.origins[commit] = origin
            state.branches[target] = commit
            state.published[run] = commit
            return .success(commit)
        }
        return try result.get()
    }

    /// Removes the run's branch.
    public func close(_ run: RunID) async throws(MartletError) { state.withLock { $0.branches[.of(run)] = nil } }
}

extension InMemoryRunLake {
    private static func missing(_ dataset: DatasetID, _ commit: ObjectID) -> MartletError {
        MartletError(.datasetNotInLake, "commit \(commit.short) has no dataset \(dataset)")
    }

    private static func read(_ path: String, _ writing: LakeWriting) throws(MartletError) -> Dataset {
        guard let files = files(at: path) else {
            throw MartletError(.fileUnreadable, "there is no file \(path)")
        }
        return Dataset(files: [writing.part: files], format: writing.format)
    }

    /// The file at `path`, or all below it; nil when there is nothing.
    private static func files(at path: String) -> [String: Data]? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
        if !isFolder.boolValue { return FileManager.default.contents(atPath: path).map { ["": $0] } }
        var files: [String: Data] = [:]
        for name in FileManager.default.enumerator(atPath: path)?.compactMap({ $0 as? String }) ?? [] {
            if let bytes = FileManager.default.contents(atPath: "\(path)/\(name)") { files[name] = bytes }
        }
        return files
    }

    private static func figures(of dataset: Dataset, _ part: Int?) -> LakeDataset? {
        let files = part.map { number in dataset.files.filter { $0.key == number } } ?? dataset.files
        if files.isEmpty { return nil }
        var lines: [String] = []
        for (index, parts) in files {
            for (name, bytes) in parts {
                lines.append("\(part == nil ? index ?? 0 : 0) \(name) \(ObjectID(hashing: bytes))")
            }
        }
        return LakeDataset(
            digest: ObjectID(hashing: Data(lines.sorted().joined(separator: "\n").utf8)),
            files: lines.count,
            bytes: files.values.flatMap(\.values).reduce(0) { $0 + $1.count }
        )
    }
}

extension InMemoryRunLake.State {
    mutating func add(_ commit: InMemoryRunLake.Commit, _ message: String) -> ObjectID {
        let id = ObjectID(hashing: Data("\(commits.count) \(message)".utf8))
        commits[id] = commit
        return id
    }
}
