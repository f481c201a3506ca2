/// Every limit of the store, in one place; the unit stands last in the name.
enum StoreLimits {
    /// Most appends committed in one transaction; the rest waits for the next one.
    static let appendsPerGroup = 512
    /// Most steps held in memory, over all runs in progress; the runs used least recently are let go first.
    static let rememberedSteps = 20_000
    /// Most manifests whose step ids are held in memory.
    static let rememberedManifests = 16
    /// Longest wait for another process to finish writing.
    static let busySeconds = 10.0
}
