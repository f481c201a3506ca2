public import MartletCore

/// What an explanation needs to know besides the run itself.
public struct ExplanationFacts: Sendable {
    /// Who executes the run.
    public enum Execution: Hashable, Sendable {
        /// A process does now.
        case process(Int?)
        /// The scheduler runs, and takes it when its turn comes.
        case scheduler
        /// Nobody does, and nobody will by itself.
        case nobody
    }

    /// The present instant.
    public var now: Timestamp
    /// Who executes the run.
    public var execution: Execution
    /// The pipeline as the scheduler knows it; nil when it does not.
    public var pipeline: PipelineRecord?
    /// Other runs of the pipeline that count against its limit of active runs.
    public var activeRuns: [RunID]
    /// Runs of the pipeline that wait to be started before this one.
    public var runsBefore: [RunID]
    /// The backfill that the run belongs to.
    public var backfill: BackfillRecord?
    /// What the run before this one has come to; nil when nobody has looked.
    public var past: PastRun?
    /// The slots of the process that executes the run, or will.
    public var planner: Planner
    /// The run's log.
    public var log: [RecordedEvent]

    /// Facts of an instant; by default the scheduler runs, nothing else does, and every slot is free.
    public init(
        now: Timestamp,
        execution: Execution = .scheduler,
        pipeline: PipelineRecord? = nil,
        activeRuns: [RunID] = [],
        runsBefore: [RunID] = [],
        backfill: BackfillRecord? = nil,
        past: PastRun? = nil,
        planner: Planner = Planner(),
        log: [RecordedEvent] = []
    ) {
        self.now = now
        self.execution = execution
        self.pipeline = pipeline
        self.activeRuns = activeRuns
        self.runsBefore = runsBefore
        self.backfill = backfill
        self.past = past
        self.planner = planner
        self.log = log
    }
}
