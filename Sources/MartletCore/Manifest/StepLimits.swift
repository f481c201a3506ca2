/// What a step needs to start, and how many instances of it may run at once.
public struct StepLimits: Hashable, Codable, Sendable {
    /// The pool whose slots it takes.
    public var pool: PoolName
    /// How many slots of the pool one instance takes.
    public var slots: Int
    /// Its own weight; of steps that wait for slots, the one with the greater effective weight goes first.
    public var priority: Int
    /// How the effective weight follows from the own ones.
    public var weightRule: WeightRule
    /// Most instances over all runs of the pipeline; nil sets no limit.
    public var maxActive: Int?
    /// Most instances within one run; nil sets no limit.
    public var maxActivePerRun: Int?
    /// Longest wait for a slot, from when all else is there; nil waits for ever.
    public var queueTimeoutSeconds: Double?

    /// One slot of the default pool, weight 1, without further limits unless told otherwise.
    public init(
        pool: PoolName = .defaultPool,
        slots: Int = 1,
        priority: Int = 1,
        weightRule: WeightRule = .downstream,
        maxActive: Int? = nil,
        maxActivePerRun: Int? = nil,
        queueTimeoutSeconds: Double? = nil
    ) {
        self.pool = pool
        self.slots = slots
        self.priority = priority
        self.weightRule = weightRule
        self.maxActive = maxActive
        self.maxActivePerRun = maxActivePerRun
        self.queueTimeoutSeconds = queueTimeoutSeconds
    }

    enum CodingKeys: String, CodingKey {
        case pool, slots, priority
        case weightRule = "weight_rule"
        case maxActive = "max_active"
        case maxActivePerRun = "max_active_per_run"
        case queueTimeoutSeconds = "queue_timeout_seconds"
    }
}

/// What a step waits for in the run before this one, by logical date.
public enum PastRule: String, Codable, Hashable, Sendable, CaseIterable {
    /// Nothing.
    case ignored
    /// The same step must have succeeded or been skipped there.
    case sameStep = "same_step"
    /// The same step, and the steps directly after it.
    case downstream
}
