public import MartletCore

/// Something that the scheduler tells whoever watches it.
public enum SchedulerNews: Sendable {
    /// It has read the project and goes to work.
    case ready(pipelines: [PipelineStatus])
    /// A pipeline is new, or has a new version.
    case registered(PipelineStatus)
    /// A file cannot be read; its pipeline goes on with the version it had.
    case problem(source: String, errors: [MartletError])
    /// There is a new run.
    case created(RunID, PipelineID, RunOccasion)
    /// Events of a run have been recorded.
    case recorded(RunID, PipelineID, [RecordedEvent])
    /// A run has ended.
    case ended(RunProjection)
    /// The execution of a run broke off; it continues after the next start.
    case broken(RunID, MartletError)
    /// A request has been answered.
    case answered(RecordedRequest)
    /// Someone is told of something.
    case alert(Alert)
    /// It is about to end.
    case stopping
}

/// A pipeline as it stands.
public struct PipelineStatus: Hashable, Sendable {
    /// Its record.
    public var record: PipelineRecord
    /// Its schedule in words; nil when only people start it.
    public var schedule: String?
    /// When it starts next by time; nil when it does not.
    public var nextRun: Timestamp?

    /// How the pipeline of `record` stands.
    public init(record: PipelineRecord, schedule: String?, nextRun: Timestamp?) {
        self.record = record
        self.schedule = schedule
        self.nextRun = nextRun
    }
}

/// Watches the scheduler; called in order, and must not block.
public protocol SchedulerObserver: Sendable {
    /// Something has happened.
    func heard(_ news: SchedulerNews)
}
