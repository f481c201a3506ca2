import MartletCore

/// Every limit of the store, in one place; the unit stands last in the name.
enum StoreLimits {
    /// Most changes committed in one transaction; the rest waits for the next one.
    static let changesPerGroup = 512
    /// Most instances of steps held in memory, over all runs in progress; the runs not used lately are let go first.
    static let rememberedSteps = 2 * Limits.instancesPerRun
    /// Most manifests held in memory, and most steps of all of them together.
    static let rememberedManifests = 1_000
    static let rememberedManifestSteps = 2 * Limits.stepsPerPipeline
    /// Requests that are kept after they were answered: the last so many of all.
    static let keptRequests = 10_000
    /// Longest wait for another process to finish writing.
    static let busySeconds = 10.0
}
