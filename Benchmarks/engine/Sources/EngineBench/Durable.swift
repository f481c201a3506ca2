import Foundation
import MartletCore
import MartletSQLite

/// The store alone: events on the disk before each append returns.
enum Durable {
    /// Appends `count` events from each of `appenders` runs at once, one event an append.
    static func append(_ count: Int, appenders: Int, to path: String) async throws {
        let store = try SQLiteRunStore(path: path)
        let manifest = Graph.layers(1, width: 1)
        try await store.keep(manifest: manifest, hash: "layers")
        try await withThrowingTaskGroup { group in
            for appender in 0..<appenders {
                group.addTask { try await appendLog(count, RunID(trusted: "run-\(appender)"), manifest, store) }
            }
            try await group.waitForAll()
        }
        await store.close()
    }

    private static func appendLog(
        _ count: Int,
        _ run: RunID,
        _ manifest: PipelineManifest,
        _ store: SQLiteRunStore
    ) async throws {
        let step = InstanceID(manifest.steps[0].id)
        for sequence in 1...count {
            let attempt = sequence / 2
            let event: RunEvent =
                switch sequence {
                case 1: .runCreated(Graph.created(manifest))
                case _ where sequence.isMultiple(of: 2): .attemptStarted(step: step, attempt: attempt)
                default:
                    .attemptFinished(
                        AttemptFinished(
                            step: step,
                            attempt: attempt,
                            outcome: AttemptOutcome(.success),
                            state: .success
                        )
                    )
                }
            let at = Timestamp(microseconds: Int64(sequence))
            let entry = RecordedEvent(sequence: sequence, at: at, event: event)
            try await store.append([entry], to: run, expecting: sequence - 1)
        }
    }
}
