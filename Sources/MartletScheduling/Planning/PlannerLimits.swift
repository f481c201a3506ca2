public import MartletCore

/// What all pipelines of a process share, and how patient a waiting instance has to be.
public struct PlannerLimits: Hashable, Sendable {
    /// Instances that run at once, over all pools.
    public var totalSlots: Int
    /// The pools by name; without ``PoolName/defaultPool`` that one is as it is from the start.
    public var pools: [PoolName: Pool]
    /// How many younger instances may be let past the one that has waited longest, before that one has its turn.
    ///
    /// Each gate counts for itself; see ``Planner``. Less than 1 counts as 1.
    public var patience: Int

    /// Limits with the default pool, and others if given; of several pools with one name the last counts.
    public init(totalSlots: Int = 32, pools: [Pool] = [], patience: Int = 100) {
        self.totalSlots = totalSlots
        self.pools = Dictionary(pools.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
        self.patience = patience
    }

    /// The pool of that name; nil when there is none.
    public func pool(_ name: PoolName) -> Pool? { pools[name] ?? (name == .defaultPool ? .standard : nil) }
}
