/// Every limit of the core, in one place; the unit stands last in the name.
public enum Limits {
    /// Longest pipeline, step, dataset or parameter name.
    public static let nameBytes = 200
    /// Largest pipeline or project file read.
    public static let pipelineFileBytes = 4 << 20
    /// Most nodes a pipeline file may hold after its anchors are expanded; more is an expansion attack.
    public static let yamlNodes = 500_000
    /// Most steps in one pipeline.
    public static let stepsPerPipeline = 10_000
    /// Most errors reported for one file.
    public static let diagnosticsPerFile = 100
    /// Deepest nesting of JSON, YAML or an expression.
    public static let nestingDepth = 64
    /// Most operators and filters in one expression.
    public static let expressionOperators = 500
    /// Largest value passed between steps, as JSON.
    public static let valueBytes = 64 << 10
    /// Most values, metrics or outputs one attempt may report.
    public static let reportedNamesPerAttempt = 1_000
    /// Largest frame: a step's context, with the script of an SQL step.
    public static let frameBytes = 8 << 20
    /// Longest line of the message file.
    public static let messageBytes = 1 << 20
    /// Most bytes read from the message file of one attempt.
    public static let messagesBytesPerAttempt = 64 << 20
    /// First part of an attempt's output that its log keeps.
    public static let logHeadBytes = 64 << 20
    /// Last part of an attempt's output that its log keeps when there is more.
    public static let logTailBytes = 1 << 20
    /// Largest retry count.
    public static let retries = 1_000
    /// Longest delay before a retry.
    public static let retryDelaySeconds = 86_400
    /// Time between SIGTERM and SIGKILL.
    public static let terminationGraceSeconds = 5
    /// Seconds between SIGTERM and SIGKILL for a step on Spark, which has a server to tell.
    public static let sparkTerminationGraceSeconds = 15
    /// Most items of a map unless the map says otherwise: Airflow's `max_map_length`.
    public static let mapItems = 1_024
    /// Most items that a map may ask for.
    public static let mapItemsAtMost = 100_000
    /// Most instances of steps in one run, mapped ones included.
    public static let instancesPerRun = 200_000
    /// Most steps at once, over all runs of a scheduler.
    public static let totalSlots = 10_000
    /// Longest time between two looks of the scheduler at files, requests and the wall clock.
    public static let schedulerLookSeconds = 2
    /// Most runs that one look at a schedule makes; the others follow at the next.
    public static let runsPerLook = 1_000
    /// Most writings of datasets that one look takes in.
    public static let datasetEventsPerLook = 10_000
    /// Most steps of one run that may run at once.
    public static let parallelSteps = 1_000
    /// Farthest that the next time of a schedule is looked for.
    public static let scheduleSearchYears = 50
    /// Most cron expressions, instants, holidays or datasets of one schedule.
    public static let scheduleParts = 10_000
    /// Most dates of one backfill.
    public static let backfillDates = 10_000
    /// Most times of a schedule listed at once.
    public static let listedTicks = 10_000
    /// Largest value of a variable, as JSON, and largest connection.
    public static let settingBytes = 64 << 10
    /// Longest description of a variable, connection or pool.
    public static let descriptionBytes = 4 << 10
    /// Largest file of variables or connections that is imported.
    public static let settingsFileBytes = 16 << 20
    /// Shortest text that is masked, in characters: shorter ones stand in every other line by chance.
    public static let maskedCharacters = 3
    /// Most secret text that one attempt may be given.
    public static let secretBytesPerAttempt = 256 << 10
    /// Longest text that is looked for as a whole when masking; longer ones are looked for in parts.
    public static let maskPatternBytes = 256
    /// Largest file of secret keys.
    public static let keyFileBytes = 64 << 10
    /// Longest wait of `martlet connections test` for one connection.
    public static let connectionTestSeconds = 5
    /// Most threads that are kept for the next step once theirs has ended.
    public static let idleThreads = 64
    /// How long such a thread is kept.
    public static let idleThreadSeconds = 5
    /// Most slots of a pool that is limited.
    public static let poolSlots = 1_000_000
}
