import GRDB
import MartletCore

/// One thing the writer does, whole or not at all.
enum StoreWork: Sendable {
    case keep(KeptManifest)
    case append(Append)
    /// A change of tables that are not projected from logs.
    case change(@Sendable (Database) throws -> Void)
}

/// A manifest on its way to the store.
struct KeptManifest: Sendable {
    let hash: String
    let json: String
    /// Its steps, remembered for the runs that are about to begin.
    let steps: [StepID]
}

/// Events on their way to the log of one run, with all the JSON that tables will hold of them.
struct Append: Sendable {
    let run: RunID
    /// The last sequence of the log, as the caller believes.
    let expected: Int
    let events: [RecordedEvent]
    /// The events as JSON, in the same order.
    let payloads: [String]
    /// The last outcome of each instance that has one among the events, as JSON.
    let outcomes: [InstanceID: String]

    /// Encodes `events`: on the thread of whoever appends them, so that the one writer does less.
    init(_ events: [RecordedEvent], to run: RunID, expecting expected: Int) {
        self.run = run
        self.expected = expected
        self.events = events
        payloads = events.map { JSONText.encode($0.event) }
        outcomes = events.reduce(into: [:]) { outcomes, recorded in
            guard case .attemptFinished(let finished) = recorded.event else { return }
            outcomes[finished.step] = JSONText.encode(finished.outcome)
        }
    }

    /// Whether the events are numbered on from `expected`.
    var isConsecutive: Bool {
        events.enumerated().allSatisfy { index, event in event.sequence == expected + 1 + index }
    }
}
