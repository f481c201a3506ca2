public import MartletCore

/// One instance of a step as the run machine holds it.
public struct StepInstance: Sendable {
    /// Its id.
    public internal(set) var id: InstanceID
    /// The position of its step in the manifest; -1 when the manifest has it no more.
    public internal(set) var step: Int
    /// Where it stands.
    public internal(set) var state = StepState.none
    /// Attempts started so far.
    public internal(set) var attempts = 0
    /// When it is tried again, in `up_for_retry`.
    public internal(set) var retryAt: Timestamp?
    /// When it began to wait for a slot, in `scheduled`.
    public internal(set) var scheduledAt: Timestamp?
    /// Why it has no slot yet, as recorded last.
    public internal(set) var heldBecause: String?
    /// When its present attempt began; nil when none is under way.
    public internal(set) var attemptStartedAt: Timestamp?
    /// The values it reported.
    public internal(set) var values: [String: JSONValue] = [:]
    /// The datasets it wrote.
    public internal(set) var outputs: [DatasetOutput] = []
    /// What it said of the data it read; nil for a step that is no check.
    public internal(set) var verdict: CheckVerdict?
    /// Why it has the state it has, as recorded.
    public internal(set) var reason: String?
    /// Whether somebody has asked for it to be run again.
    public var wasCleared: Bool { attemptsBeforeClear > 0 }

    /// Attempts before it was last cleared; retries are counted from there.
    var attemptsBeforeClear = 0
    /// Attempts that ended because the executor did; they do not use up retries.
    var interruptions = 0
    /// Outcomes of the instances before it that it shares its index with.
    var counts = UpstreamCounts(total: 0)

    init(_ id: InstanceID, step: Int) {
        self.id = id
        self.step = step
    }
}
