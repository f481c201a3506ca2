import MartletCore
import MartletScheduling

/// Pipelines as JSON: the documented contract of `martlet pipelines --json`.
enum PipelineReport {
    static func json(_ entry: PipelineCatalog.Entry) -> JSONValue { .object(fields(entry)) }

    static func json(_ entry: PipelineCatalog.Entry, _ runs: [RunSummary]) -> JSONValue {
        var fields = fields(entry)
        fields["manifest"] = (try? JSONText.decode(JSONValue.self, from: JSONText.data(entry.manifest))) ?? .null
        fields["runs"] = .array(runs.map { RunReport.json($0, interrupted: false) })
        return .object(fields)
    }

    static func json(_ version: PipelineVersions.Version) -> JSONValue {
        .object([
            "version": .integer(version.number), "at": .string(version.at.description),
            "manifest_hash": .string(version.hash),
            "changes": version.diff.map(DiffReport.json) ?? .null,
        ])
    }

    private static func fields(_ entry: PipelineCatalog.Entry) -> [String: JSONValue] {
        let record = entry.record
        return [
            "pipeline": .string(entry.manifest.pipeline.rawValue),
            "version": record.map { .integer($0.version) } ?? .null,
            "paused": .bool(record?.isPaused ?? entry.manifest.policy.startsPaused),
            "pause_note": text(record?.pauseNote),
            "source": .string(entry.source),
            "defined": .bool(entry.isDefined),
            "schedule": text(entry.manifest.schedule?.summary),
            "next_run": text(entry.nextRun?.description),
            "last_run": entry.lastRun.map {
                .object([
                    "run_id": .string($0.id.rawValue), "state": .string($0.state.rawValue),
                    "created_at": .string($0.createdAt.description),
                ])
            } ?? .null,
        ]
    }

    private static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}

/// Differences between versions as JSON.
enum DiffReport {
    static func json(_ diff: ManifestDiff, pipeline: String, from old: String, to new: String) -> JSONValue {
        guard case .object(var fields) = json(diff) else { return .null }
        fields["pipeline"] = .string(pipeline)
        fields["from"] = .string(old)
        fields["to"] = .string(new)
        fields["same"] = .bool(diff.isEmpty)
        return .object(fields)
    }

    static func json(_ diff: ManifestDiff) -> JSONValue {
        .object([
            "pipeline_keys": .array(diff.pipeline.map(json)),
            "added": .array(diff.added.map { .string($0.rawValue) }),
            "removed": .array(diff.removed.map { .string($0.rawValue) }),
            "changed": .array(
                diff.changed.map {
                    .object(["step": .string($0.step.rawValue), "keys": .array($0.changes.map(json))])
                }
            ),
            "reordered": .bool(diff.isReordered),
        ])
    }

    private static func json(_ change: ManifestDiff.Change) -> JSONValue {
        .object(["key": .string(change.key), "old": change.old ?? .null, "new": change.new ?? .null])
    }
}
