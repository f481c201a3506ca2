import MartletCore

/// What a step waits for beyond other steps, and what it may see: the keys of these that `defaults` and steps share.
struct StepPlace {
    var pool: PoolName?
    var priority: Int?
    var weightRule: WeightRule?
    var queueTimeoutSeconds: Double?
    var heartbeatSeconds: Double?
    var dependsOnPast: Bool?
    var waitsForDownstream: Bool?
    var variables: [VariableName] = []
    var connections: [ConnectionID] = []
    var cache: CacheSpec?

    init() {}

    init(_ diagnostics: Diagnostics, _ node: YAMLNode) {
        pool = diagnostics.name(node.entry("pool"), as: PoolName.self)
        priority = diagnostics.integer(node.entry("priority"))
        weightRule = diagnostics.choice(node.entry("weight_rule"), "weight rule")
        queueTimeoutSeconds = diagnostics.seconds(node.entry("queue_timeout"))
        heartbeatSeconds = diagnostics.seconds(node.entry("heartbeat"))
        dependsOnPast = diagnostics.bool(node.entry("depends_on_past"))
        waitsForDownstream = diagnostics.bool(node.entry("wait_for_downstream"))
        variables = diagnostics.names(node.entry("variables"), as: VariableName.self) ?? []
        connections = diagnostics.names(node.entry("connections"), as: ConnectionID.self) ?? []
        cache = diagnostics.cache(node.entry("cache"))
    }

    /// What a step has that says this, with `defaults` where it says nothing; names add up.
    func over(_ defaults: StepPlace) -> StepPlace {
        var place = StepPlace()
        place.pool = pool ?? defaults.pool
        place.priority = priority ?? defaults.priority
        place.weightRule = weightRule ?? defaults.weightRule
        place.queueTimeoutSeconds = queueTimeoutSeconds ?? defaults.queueTimeoutSeconds
        place.heartbeatSeconds = heartbeatSeconds ?? defaults.heartbeatSeconds
        place.dependsOnPast = dependsOnPast ?? defaults.dependsOnPast
        // A step that does not look at the past at all does not look at what came after it there.
        place.waitsForDownstream = waitsForDownstream ?? (dependsOnPast == false ? false : defaults.waitsForDownstream)
        place.variables = defaults.variables + variables.filter { !defaults.variables.contains($0) }
        place.connections = defaults.connections + connections.filter { !defaults.connections.contains($0) }
        place.cache = cache ?? defaults.cache
        return place
    }

    /// What the step waits for in the run before.
    var past: PastRule {
        waitsForDownstream == true ? .downstream : dependsOnPast == true ? .sameStep : .ignored
    }

    /// The step's limits, with those of its own keys in `node`.
    func limits(_ diagnostics: Diagnostics, _ node: YAMLNode) -> StepLimits {
        let plain = StepLimits()
        return StepLimits(
            pool: pool ?? plain.pool,
            slots: diagnostics.integer(node.entry("slots")) ?? plain.slots,
            priority: priority ?? plain.priority,
            weightRule: weightRule ?? plain.weightRule,
            maxActive: diagnostics.integer(node.entry("max_active")),
            maxActivePerRun: diagnostics.integer(node.entry("max_active_per_run")),
            queueTimeoutSeconds: queueTimeoutSeconds
        )
    }
}
