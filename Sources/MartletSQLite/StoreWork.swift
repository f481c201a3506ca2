import MartletCore

/// One thing the writer does, whole or not at all.
enum StoreWork: Sendable {
    case keep(KeptManifest)
    case append(Append)
}

/// A manifest on its way to the store.
struct KeptManifest: Sendable {
    let hash: String
    let json: String
    /// Its steps, remembered for the runs that are about to begin.
    let steps: [StepID]
}

/// Events on their way to the log of one run.
struct Append: Sendable {
    let run: RunID
    /// The last sequence of the log, as the caller believes.
    let expected: Int
    let events: [RecordedEvent]
    /// The events as JSON, in the same order.
    let payloads: [String]

    /// Whether the events are numbered on from `expected`.
    var isConsecutive: Bool {
        events.enumerated().allSatisfy { index, event in event.sequence == expected + 1 + index }
    }
}
