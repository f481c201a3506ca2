// What a manifest may hold beside its steps.
extension Limits {
    /// Most groups in one pipeline.
    public static let groupsPerPipeline = 5_000
    /// Most groups that a group may lie in, itself counted.
    public static let groupDepth = 16
    /// Most waits of one step for another in one pipeline, those that follow from groups included.
    public static let dependenciesPerPipeline = 1_000_000
    /// Most lists that one map may combine.
    public static let mapSources = 8
    /// Most slots that one instance of a step may take.
    public static let slotsPerStep = 100_000
    /// Greatest and, below zero, least weight of a step; sums over a whole pipeline stay far from overflow.
    public static let priority = 1_000_000
    /// Most runs or instances that a limit may allow at once.
    public static let activeAtMost = 100_000
    /// Shortest silence of an attempt that may count as death.
    public static let heartbeatSeconds = 1
    /// Longest timeout, deadline or wait for a slot: a year.
    public static let policySeconds = 366 * 86_400
    /// Most past runs that a deadline's average may be made of.
    public static let averagedRuns = 1_000
    /// Most deadlines of one pipeline.
    public static let deadlinesPerPipeline = 20
}
