public import MartletCore

/// What a collection of garbage removed, or would remove.
public struct CollectReport: Hashable, Codable, Sendable {
    /// Branches that were too old.
    public var expiredBranches: [BranchName] = []
    /// Objects in the lake before.
    public var objects = 0
    /// Objects that something refers to.
    public var liveObjects = 0
    /// Packs that were removed, without and with something left to be copied.
    public var removedPacks = 0
    /// Packs that were written with what was left of others.
    public var writtenPacks = 0
    /// Packs that could have been removed and were not, because a writer came to rely on them meanwhile.
    public var keptPacks = 0
    /// Bytes that the disk has back.
    public var freedBytes = 0
}

/// What garbage collection goes by.
public struct CollectOptions: Sendable {
    /// How long objects that nothing refers to are kept, by the time of their pack, in seconds.
    public var graceSeconds = Limits.garbageGraceSeconds
    /// Objects to keep with all they need, besides what refs and the workspace say.
    public var keeping: [ObjectID] = []
    /// Branches that do not expire, because a run or a workspace is on them.
    public var inUse: Set<BranchName> = []
    /// Whether only to say what would be removed.
    public var isDryRun = false
    /// Whether to go on when an object that is referred to is missing; what only it refers to goes then.
    public var ignoresDamage = false
    /// Who asks, for the journal.
    public var by = "martlet gc"

    /// The usual options.
    public init() {}
}
