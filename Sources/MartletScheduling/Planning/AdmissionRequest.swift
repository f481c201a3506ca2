public import MartletCore

/// Names what asks for slots: an instance of a step in a run.
public struct AdmissionKey: Hashable, Sendable, CustomStringConvertible {
    /// The run.
    public let run: RunID
    /// The instance of a step of the run.
    public let instance: InstanceID

    /// The key of `instance` in `run`.
    public init(_ run: RunID, _ instance: InstanceID) {
        self.run = run
        self.instance = instance
    }

    /// Run and instance, as in `churn-20260102T030405Z-abcdef/train[3]`.
    public var description: String { "\(run)/\(instance)" }
}

/// Most instances at once, as a pipeline and its steps declare it; nil sets no limit, less than 1 lets nothing start.
public struct ConcurrencyLimits: Hashable, Sendable {
    /// Running instances of all runs of the pipeline.
    public var pipeline: Int?
    /// Running instances of the run.
    public var run: Int?
    /// Instances of the step in all runs of the pipeline, running or deferred.
    public var step: Int?
    /// Instances of the step in the run, running or deferred.
    public var stepInRun: Int?

    /// Limits; without any, only pools and total slots count.
    public init(pipeline: Int? = nil, run: Int? = nil, step: Int? = nil, stepInRun: Int? = nil) {
        self.pipeline = pipeline
        self.run = run
        self.step = step
        self.stepInRun = stepInRun
    }
}

/// An instance that could start as far as its run is concerned, and what it needs and counts as.
public struct AdmissionRequest: Hashable, Sendable {
    /// What asks.
    public var key: AdmissionKey
    /// The pipeline of the run; pipelines take turns.
    public var pipeline: PipelineID
    /// The pool whose slots it takes.
    public var pool: PoolName
    /// How many slots of the pool it takes; less than 1 counts as 1.
    public var poolSlots: Int
    /// The effective weight; the greater goes first.
    public var priority: Int
    /// The earlier goes first; nil comes after all dates.
    public var logicalDate: Timestamp?
    /// The run's place in its backfill, which comes after all other runs; nil for a run that is not part of one.
    public var backfillOrdinal: Int?
    /// The limits that count it.
    public var limits: ConcurrencyLimits

    /// A request for one slot of the default pool unless told otherwise.
    public init(
        _ key: AdmissionKey,
        pipeline: PipelineID,
        pool: PoolName = .defaultPool,
        poolSlots: Int = 1,
        priority: Int = 1,
        logicalDate: Timestamp? = nil,
        backfillOrdinal: Int? = nil,
        limits: ConcurrencyLimits = ConcurrencyLimits()
    ) {
        self.key = key
        self.pipeline = pipeline
        self.pool = pool
        self.poolSlots = max(1, poolSlots)
        self.priority = priority
        self.logicalDate = logicalDate
        self.backfillOrdinal = backfillOrdinal
        self.limits = limits
    }
}
