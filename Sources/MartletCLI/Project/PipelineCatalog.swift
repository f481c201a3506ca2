import MartletCore
import MartletRuntime
import MartletScheduling

/// The pipelines of a project: what its files say, and what the scheduler knows of them.
struct PipelineCatalog {
    /// One pipeline.
    struct Entry {
        /// As its file defines it now; as the scheduler knows it when no file does, or the file is broken.
        var manifest: PipelineManifest
        /// The file.
        var source: String
        /// Whether a file defines it.
        var isDefined: Bool
        /// What the scheduler knows; nil when it has not seen the pipeline yet.
        var record: PipelineRecord?
        /// When it starts next by time; nil when it does not, or is paused.
        var nextRun: Timestamp?
        /// The run that was created last.
        var lastRun: RunSummary?
        /// Whether that one was left by its process.
        var isInterrupted = false
    }

    /// The pipelines by name.
    var entries: [Entry] = []
    /// What is wrong with files.
    var failures: [PipelineLoadFailure] = []

    static func read(
        _ workspace: Workspace,
        _ store: any StateStore,
        at now: Timestamp
    ) async throws(MartletError) -> PipelineCatalog {
        let folder = PipelineFolder(workspace.project)
        let definitions = folder.read()
        var catalog = PipelineCatalog()
        catalog.failures = definitions.problems.compactMap { folder.failure(of: $0.source) }
        var records: [PipelineID: PipelineRecord] = [:]
        for record in try await store.pipelines() { records[record.pipeline] = record }
        for definition in definitions.pipelines {
            let record = records.removeValue(forKey: definition.manifest.pipeline)
            catalog.entries.append(
                Entry(manifest: definition.manifest, source: definition.source, isDefined: true, record: record)
            )
        }
        let broken = Set(definitions.problems.map(\.source))
        for record in records.values {
            guard let manifest = try await store.manifest(hash: record.manifestHash) else { continue }
            let isDefined = broken.contains(record.source)
            catalog.entries.append(
                Entry(manifest: manifest, source: record.source, isDefined: isDefined, record: record)
            )
        }
        catalog.entries.sort { $0.manifest.pipeline < $1.manifest.pipeline }
        for index in catalog.entries.indices {
            try await catalog.entries[index].look(store, at: now)
            catalog.entries[index].isInterrupted = catalog.entries[index].lastRun.map(workspace.isInterrupted) ?? false
        }
        return catalog
    }

    /// The pipeline that a user names.
    ///
    /// - Throws: ``CommandFailure`` when its file is broken, ``MartletError`` MT1018 when there is none.
    func entry(_ name: String) throws -> Entry {
        if let entry = entries.first(where: { $0.manifest.pipeline.rawValue == name }) { return entry }
        if let failure = failures.first { throw CommandFailure(failure) }
        throw PipelineVersions.unknown(name, among: entries.map(\.manifest.pipeline.rawValue))
    }
}

extension PipelineCatalog.Entry {
    fileprivate mutating func look(_ store: any StateStore, at now: Timestamp) async throws(MartletError) {
        let pipeline = manifest.pipeline
        lastRun = try await store.runs(RunFilter(pipeline: pipeline, limit: 1)).first
        guard isDefined, record?.isPaused != true, record != nil || !manifest.policy.startsPaused,
            let spec = manifest.schedule, let timetable = try? Timetable(spec, pipeline: pipeline)
        else { return }
        let last = try await store.lastRun(of: pipeline, kinds: [.scheduled], before: nil)?.occasion
        var tick: ScheduledTick?
        if let last, let start = last.intervalStart, let end = last.intervalEnd {
            tick = ScheduledTick(runAfter: last.runAfter ?? end, interval: DataInterval(start: start, end: end))
        }
        nextRun = timetable.next(last: tick, now: now)?.runAfter
    }
}

/// The versions of one pipeline with what each changed.
enum PipelineVersions {
    struct Version {
        var number: Int
        var at: Timestamp
        var hash: String
        var manifest: PipelineManifest
        /// What differs from the version before; nil for the first.
        var diff: ManifestDiff?
    }

    /// The versions, oldest first; at least one.
    ///
    /// - Throws: ``MartletError`` MT1018 for a pipeline that the scheduler does not know, MT8007 when a manifest is gone.
    static func read(_ name: String, _ store: any StateStore) async throws(MartletError) -> [Version] {
        let id: PipelineID = try NameArgument.read(name)
        var versions: [Version] = []
        for version in try await store.versions(of: id) {
            guard let manifest = try await store.manifest(hash: version.manifestHash) else {
                throw MartletError(
                    .storeDamaged,
                    "the manifest of version \(version.number) of \(name) is missing",
                    remedy: "look at another version"
                )
            }
            let diff = versions.last.map { ManifestDiff(from: $0.manifest, to: manifest) }
            versions.append(
                Version(
                    number: version.number,
                    at: version.at,
                    hash: version.manifestHash,
                    manifest: manifest,
                    diff: diff
                )
            )
        }
        if versions.isEmpty { throw unknown(name, among: try await store.pipelines().map(\.pipeline.rawValue)) }
        return versions
    }

    static func unknown(_ name: String, among known: [String]) -> MartletError {
        MartletError(
            .pipelineNotFound,
            "there is no pipeline \"\(name)\"",
            reason: known.isEmpty ? "the scheduler has seen none; `martlet up` reads the files" : nil,
            remedy: NearestName.of(name, among: known).map { "did you mean \($0)?" } ?? "see `martlet pipelines list`"
        )
    }
}
