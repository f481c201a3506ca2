// What a step needs to start, what it may see, and how many of it may run at once.
extension StepOption {
    /// Takes slots of a pool that steps of all pipelines share, instead of one slot of the default pool.
    public static func pool(_ name: String, slots: Int = 1) -> Self {
        change {
            $0.limits.pool = PoolName(trusted: name)
            $0.limits.slots = slots
        }
    }

    /// Takes so many slots of its pool for one instance.
    public static func slots(_ count: Int) -> Self { change { $0.limits.slots = count } }

    /// Sets the step's weight; of steps that wait for slots, the one with the greater effective weight goes first.
    public static func priority(_ weight: Int, _ rule: WeightRule? = nil) -> Self {
        change {
            $0.limits.priority = weight
            $0.limits.weightRule = rule ?? $0.limits.weightRule
        }
    }

    /// Lets so many instances of the step run at once, over all runs of the pipeline and within one run.
    public static func maxActive(_ count: Int? = nil, perRun: Int? = nil) -> Self {
        change {
            $0.limits.maxActive = count
            $0.limits.maxActivePerRun = perRun
        }
    }

    /// Fails the step when it waits longer for a slot.
    public static func queueTimeout(_ duration: Duration) -> Self {
        change { $0.limits.queueTimeoutSeconds = duration.seconds }
    }

    /// Counts an attempt as dead when it says nothing for so long: no message, no output.
    public static func heartbeat(_ duration: Duration) -> Self { change { $0.heartbeatSeconds = duration.seconds } }

    /// Waits until the step succeeded, or was skipped, in the run before this one.
    public static var dependsOnPast: Self { change { $0.past = .sameStep } }

    /// Waits until the step and those directly after it succeeded, or were skipped, in the run before this one.
    public static var waitForDownstream: Self { change { $0.past = .downstream } }

    /// Lets the step see variables of the project.
    public static func variables(_ names: String...) -> Self {
        let names = names.map(VariableName.init(trusted:))
        return change { step in step.variables += names.filter { !step.variables.contains($0) } }
    }

    /// Lets the step see connections of the project.
    public static func connections(_ ids: String...) -> Self {
        let ids = ids.map(ConnectionID.init(trusted:))
        return change { step in step.connections += ids.filter { !step.connections.contains($0) } }
    }
}
