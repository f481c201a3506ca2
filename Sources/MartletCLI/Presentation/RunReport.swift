import MartletCore
import OrderedCollections

/// A run as JSON: the documented contract of `martlet run --json` and `martlet runs show --json`.
enum RunReport {
    static func json(_ projection: RunProjection, interrupted: Bool = false) -> JSONValue {
        let run = projection.run
        var fields: [String: JSONValue] = [
            "run_id": .string(run.id.description),
            "pipeline": .string(run.pipeline.rawValue),
            "state": .string(run.state.rawValue),
            "params": .object(run.params),
            "created_at": .string(run.createdAt.description),
            "started_at": time(run.startedAt),
            "finished_at": time(run.finishedAt),
            "reason": text(run.reason),
            "branch": text(run.branch?.rawValue),
            "commit": text(run.commit?.hex),
            "published": .bool(run.published != nil),
            "published_to": text(run.published?.rawValue),
            "steps": .array(projection.steps.values.map(json)),
        ]
        fields.merge(occasion(run.occasion)) { $1 }
        if !run.state.isTerminal { fields["interrupted"] = .bool(interrupted) }
        return .object(fields)
    }

    static func json(_ run: RunSummary, interrupted: Bool) -> JSONValue {
        let fields: [String: JSONValue] = [
            "run_id": .string(run.id.description),
            "pipeline": .string(run.pipeline.rawValue),
            "state": .string(run.state.rawValue),
            "interrupted": .bool(interrupted),
            "created_at": .string(run.createdAt.description),
            "started_at": time(run.startedAt),
            "finished_at": time(run.finishedAt),
            "reason": text(run.reason),
            "params": .object(run.params),
        ]
        return .object(fields.merging(occasion(run.occasion)) { $1 })
    }

    private static func occasion(_ occasion: RunOccasion) -> [String: JSONValue] {
        [
            "kind": .string(occasion.kind.rawValue), "logical_date": time(occasion.logicalDate),
            "data_interval_start": time(occasion.intervalStart), "data_interval_end": time(occasion.intervalEnd),
            "run_after": time(occasion.runAfter), "timezone": text(occasion.timezone),
            "tzdb": text(occasion.timezoneDatabase), "version": occasion.version.map(JSONValue.integer) ?? .null,
            "backfill": text(occasion.backfill), "note": text(occasion.note),
        ]
    }

    private static func json(_ step: StepSummary) -> JSONValue {
        let outcome = step.outcome
        return .object([
            "id": .string(step.id.description),
            "state": .string(step.state.rawValue),
            "attempts": .integer(step.attempts),
            "exit_code": outcome?.exitCode.map(JSONValue.integer) ?? .null,
            "signal": outcome?.signal.map(JSONValue.integer) ?? .null,
            "started_at": time(step.startedAt),
            "finished_at": time(step.finishedAt),
            "retry_at": time(step.retryAt),
            "reason": text(step.reason),
            "error": error(of: step),
            "values": .object(outcome?.values ?? [:]),
            "metrics": .object((outcome?.metrics ?? [:]).mapValues(JSONValue.number)),
            "outputs": .array((outcome?.outputs ?? []).map(json)),
            "verdict": outcome?.verdict.map(json) ?? .null,
            "reused_from": text(outcome?.reused?.run.rawValue),
            "ran_because": text(outcome?.ranBecause),
        ])
    }

    /// The error of a step that failed, or nearly did; of one that failed without an attempt the log keeps words only.
    private static func error(of step: StepSummary) -> JSONValue {
        if step.state == .success || step.state == .skipped { return .null }
        if let error = step.outcome?.error { return ErrorJSON.value(error) }
        guard step.state == .failed, let reason = step.reason else { return .null }
        let isQueueing = reason.hasPrefix("it waited for a slot")
        return ErrorJSON.value(MartletError(isQueueing ? .queueTimedOut : .expressionFailed, reason))
    }

    /// What a check said, in the words of the run's log.
    private static func json(_ verdict: CheckVerdict) -> JSONValue {
        (try? JSONText.decode(JSONValue.self, from: JSONText.data(verdict))) ?? .null
    }

    private static func json(_ output: DatasetOutput) -> JSONValue {
        .object([
            "name": .string(output.name.rawValue),
            "dataset": .string(output.dataset.rawValue),
            "path": .string(output.path),
            "format": text(output.format?.rawValue),
            "bytes": .integer(output.bytes),
            "commit": text(output.commit?.hex),
            "digest": text(output.digest?.hex),
        ])
    }

    private static func time(_ instant: Timestamp?) -> JSONValue { text(instant?.description) }
    private static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}
