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
    /// Most steps of one run that may run at once.
    public static let parallelSteps = 1_000
}
