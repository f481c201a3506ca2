public import MartletCore

/// Decides which of the instances that are ready start, for all runs of all pipelines of a process.
///
/// A value: it reads no clock and starts nothing. The owner offers what is ready, takes ``grants()``, and tells what
/// has ended; after anything that frees a slot or offers a request it asks for grants again.
///
/// **Gates.** An instance starts when its pipeline and run are not paused, its run, its pipeline, its step (in all
/// runs, and in its run) are below their limits, its pool has enough free slots, and fewer instances run than there
/// are slots in total. A request that needs more slots than are free does not hold up smaller ones.
///
/// **Order.** Among those that can start: (1) those whose turn has come by age, the oldest first; (2) backfills after
/// all others; (3) the greater priority; (4) the pipeline whose running instances hold fewer slots of the pool, and of
/// several the one whose last turn in it is longest ago, where a pipeline that newly asks takes its place at the end;
/// (5) a backfill's ordinal, the earlier logical date, the lower index of a mapped step, the older request.
///
/// **Age.** Each gate with a limit counts how many younger requests it has let past the oldest that only slots hold up.
/// After ``PlannerLimits/patience`` of them the oldest is due: it goes before all others at every gate, its pool keeps
/// free slots for it until there are enough, and the limits of its pipeline and steps keep a place for it. A run's limit
/// keeps none, lest the run stand still for one step that waits for a crowded pool. So at most one in `patience + 1`
/// starts through a gate is by age, and a request with `k` older ones before it at its gate waits for no more than
/// `(k + 1) * (patience + 1)` starts through that gate.
///
/// **Cost.** Blocked requests wait in queues within queues (pool, pipeline, step, run), and each queue shows its best
/// to the one above only while its gate is open. A transition costs O(log n) in the number of waiting requests for
/// each queue that the gates concerned open or close: of a run and of a step one per size of request, plus one for
/// each step with a limit over all runs that waits in the run.
public struct Planner: Sendable {
    /// Total slots, pools and patience; set them with ``setLimits(_:)``.
    public internal(set) var limits: PlannerLimits
    /// Instances that run.
    public internal(set) var runningCount = 0
    /// Requests that wait.
    public internal(set) var waitingCount = 0

    /// The number of each request known.
    var numbers: [AdmissionKey: Int] = [:]
    var entries: [Entry] = []
    var freeEntries: [Int] = []
    var lastSequence = 0
    var lastTurn = 0

    var gates: [Gate] = []
    var freeGates: [Int] = []
    var gateNumbers: [GateName: Int] = [:]
    var pausedPipelines: Set<PipelineID> = []
    var pausedRuns: Set<RunID> = []

    var queues: [Queue] = []
    var freeQueues: [Int] = []
    var queueNumbers: [QueueName: Int] = [:]
    /// Where each request (even) and queue (odd) stands in the heaps of the queue it is in.
    var rankPlaces: [Int] = []
    var agePlaces: [Int] = []

    var pools: [PoolState] = []
    var poolNumbers: [PoolName: Int] = [:]
    /// The pools that have something that can start, and where each stands.
    var poolsByRank = IndexedHeap<Rank>()
    var poolsByAge = IndexedHeap<Age>()
    var poolRankPlaces: [Int] = []
    var poolAgePlaces: [Int] = []
    /// As in ``Gate``, for the total slots.
    var passes = 0
    var isDue = false

    /// A planner that nothing waits in.
    public init(limits: PlannerLimits = PlannerLimits()) { self.limits = limits }

    /// Lets `request` wait; false when it runs already.
    ///
    /// A request that waits is replaced. One that is suspended gives up what it held, as it does in Airflow, and asks
    /// anew; both keep their age.
    @discardableResult public mutating func offer(_ request: AdmissionRequest) -> Bool {
        var sequence: Int?
        if let known = numbers[request.key] {
            if case .running = entries[known].phase { return false }
            sequence = entries[known].age.sequence
            remove(known)
        }
        let number = insert(request, sequence: sequence)
        entries[number].phase = .waiting
        enqueue(number)
        return true
    }

    /// Counts `request` as running, whatever the limits: it does run, as after a restart.
    public mutating func adopt(_ request: AdmissionRequest) {
        if let known = numbers[request.key] {
            if case .running = entries[known].phase { return }
            remove(known)
        }
        take(insert(request, sequence: nil))
    }

    /// Takes back a request that waits, or does nothing when it does not.
    public mutating func withdraw(_ key: AdmissionKey) {
        guard let number = numbers[key], case .waiting = entries[number].phase else { return }
        remove(number)
    }

    /// Gives back all that an instance holds, running or suspended, or does nothing when it holds nothing.
    public mutating func release(_ key: AdmissionKey) {
        guard let number = numbers[key] else { return }
        if case .waiting = entries[number].phase { return }
        remove(number)
    }

    /// Gives back what a running instance does not need while it is deferred, until it is offered again.
    ///
    /// It still counts for the limits of its step, and for the pool if that includes deferred instances and
    /// `holdsPool`; an instance that waits for a person's input does not hold its pool.
    public mutating func suspend(_ key: AdmissionKey, holdsPool: Bool = true) {
        guard let number = numbers[key], case .running = entries[number].phase else { return }
        leaveSlots(number)
        entries[number].phase = .suspended(holdsPool: holdsPool)
        if holdsPool {
            let pool = entries[number].pool
            pools[pool].suspended += entries[number].request.poolSlots
            refresh(pool: pool)
        }
    }

    /// All that can start now, in order; each counts as running from here on.
    public mutating func grants() -> [AdmissionKey] {
        var granted: [AdmissionKey] = []
        while let number = next() {
            granted.append(entries[number].request.key)
            grant(number)
        }
        return granted
    }

    /// Takes back and gives back whatever is left of a run that has ended, and forgets that it was paused.
    public mutating func forget(_ run: RunID) {
        pausedRuns.remove(run)
        // Nothing is left of most: then no request is looked at.
        guard gateNumbers[.run(run)] != nil else { return }
        for (key, number) in numbers where key.run == run { remove(number) }
    }

    /// Replaces the limits; instances that run go on, even where more run than the new limits let start.
    public mutating func setLimits(_ limits: PlannerLimits) {
        self.limits = limits
        for pool in pools.indices {
            pools[pool].setting = limits.pool(pools[pool].name)
            refresh(pool: pool)
        }
        // Whose turn it is may not be able to start any more.
        for gate in gates.indices where gates[gate].isDue { reassign(gate) }
    }

    /// Stops starts of the pipeline, or allows them again.
    public mutating func setPaused(_ isPaused: Bool, pipeline: PipelineID) {
        if isPaused { pausedPipelines.insert(pipeline) } else { pausedPipelines.remove(pipeline) }
        setPaused(isPaused, gate: .pipeline(pipeline))
    }

    /// Stops starts of the run, or allows them again.
    public mutating func setPaused(_ isPaused: Bool, run: RunID) {
        if isPaused { pausedRuns.insert(run) } else { pausedRuns.remove(run) }
        setPaused(isPaused, gate: .run(run))
    }
}
