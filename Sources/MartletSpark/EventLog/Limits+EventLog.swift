package import MartletCore

extension Limits {
    /// Longest line of a Spark event log that is read; SQL plans make some of them megabytes long.
    package static let sparkEventLineBytes = 64 << 20
    /// Bytes of an event log that are read at once.
    package static let sparkEventReadBytes = 1 << 20
    /// Largest compressed or plain block of an event log written with lz4 or snappy; more than a frame of lz4 may hold is
    /// not read (LZ4 frame format 1.6, block maximum size).
    package static let sparkEventBlockBytes = 4 << 20
    /// Most corrupt lines of which the place is kept; the others are counted.
    package static let sparkCorruptPlaces = 20
    /// Most task times kept for one attempt of a stage; beyond that every second is dropped, then every second of those.
    package static let sparkStageTaskSamples = 1 << 18
    /// Most task times kept for one application.
    package static let sparkTaskSamples = 4 << 20
    /// Most attempts of stages of one application.
    package static let sparkStages = 200_000
    /// Most jobs of one application.
    package static let sparkJobs = 200_000
    /// Most numbers of stages and accumulators in the lists of all jobs and stages of one application.
    package static let sparkKeptIDs = 4 << 20
    /// Most stages of one application, those that were skipped too, of which the job is known.
    package static let sparkStageJobs = 1 << 20
    /// Most SQL executions, and most Connect operations, of one application; of the later ones only the count is kept.
    package static let sparkQueries = 20_000
    /// Most values of SQL metrics of one application.
    package static let sparkMetricValues = 2_000_000
    /// Most nodes of one SQL plan.
    package static let sparkPlanNodes = 5000
    /// Most nodes of all SQL plans of one application.
    package static let sparkPlanNodesTotal = 500_000
    /// Deepest nesting of a SQL plan.
    package static let sparkPlanDepth = 400
    /// Most executors of one application.
    package static let sparkExecutors = 100_000
    /// Longest description, reason or text of a plan node that is kept.
    package static let sparkTextBytes = 600
    /// Most kinds of failure kept for one attempt of a stage.
    package static let sparkFailureKinds = 20
    /// Most names of unknown events that are counted apart.
    package static let sparkUnknownEvents = 200
    /// Most findings of one kind that are told; the others are less bad.
    package static let sparkFindings = 20
    /// Most settings of an application that are kept.
    package static let sparkProperties = 20_000
}
