/// All that decides what a step makes: two attempts with one fingerprint would make the same, so one of them is enough.
public struct StepFingerprint: Hashable, Codable, Sendable {
    /// The SHA-256 over all parts.
    public var key: ObjectID
    /// A short digest of each part, by its name for people: `input flights`, `parameter month`, `file steps/train.py`.
    public var parts: [String: String]

    /// The fingerprint of these parts.
    public init(key: ObjectID, parts: [String: String]) {
        self.key = key
        self.parts = parts
    }

    /// What differs from `earlier`, for people: `parameter month changed`.
    public func differences(from earlier: StepFingerprint) -> [String] {
        let names = Set(parts.keys).union(earlier.parts.keys).sorted()
        return names.compactMap { name in
            switch (earlier.parts[name], parts[name]) {
            case (let old?, let new?): old == new ? nil : "\(name) changed"
            case (nil, _): "\(name) is new"
            case (_, nil): "\(name) is gone"
            }
        }
    }
}

/// The attempt whose results another run uses again.
public struct ReusedAttempt: Hashable, Codable, Sendable {
    /// The run that made them.
    public var run: RunID
    /// The step instance.
    public var step: InstanceID
    /// The number of the attempt.
    public var attempt: Int

    /// An attempt of an earlier run.
    public init(run: RunID, step: InstanceID, attempt: Int) {
        self.run = run
        self.step = step
        self.attempt = attempt
    }
}

/// A step's success that later runs may use again.
public struct StepResult: Hashable, Codable, Sendable {
    /// The attempt that made it.
    public var source: ReusedAttempt
    /// How it came out.
    public var outcome: AttemptOutcome

    /// The result of an attempt.
    public init(source: ReusedAttempt, outcome: AttemptOutcome) {
        self.source = source
        self.outcome = outcome
    }
}
