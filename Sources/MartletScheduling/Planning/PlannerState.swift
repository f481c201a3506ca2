import MartletCore

/// A request that the planner knows.
struct Entry: Sendable {
    enum Phase: Sendable {
        case waiting
        case running
        case suspended(holdsPool: Bool)
    }

    var request: AdmissionRequest
    var age: Age
    var phase: Phase
    /// Its pool and gates, by number.
    var pool: Int
    var gates: Gates
    /// The queue it waits in; meaningless when it does not wait.
    var queue = 0

    struct Gates: Sendable {
        var pipeline: Int
        var run: Int
        var step: Int
        var stepInRun: Int
    }
}

/// What a limit counts.
enum GateName: Hashable, Sendable {
    case pipeline(PipelineID)
    case run(RunID)
    case step(PipelineID, StepID)
    case stepInRun(RunID, StepID)
}

/// Something that instances of one pipeline share: a count, and the queues that wait for it to fall.
struct Gate: Sendable {
    let name: GateName
    var isPaused = false
    var used = 0
    /// Requests that refer to the gate, waiting or not.
    var members = 0
    var queues: [Int] = []
    /// Younger requests let past the oldest since that one came to be the oldest.
    var passes = 0
    /// Whether the oldest has its turn.
    var isDue = false
    /// The queue in which that one waits, which shows nothing else.
    var dueQueue: Int?

    /// Whether the gate keeps a place for the one whose turn it is, while that one waits for slots.
    ///
    /// A run's gate does not: a run would stand still because one of its steps waits for a crowded pool. Its steps
    /// are finite in number, so that the oldest meets an open gate in the end; those of a pipeline are not.
    var keepsPlace: Bool { if case .run = name { false } else { true } }
}

/// The requests that wait at one gate, and the queues of those that wait at a further gate as well.
struct Queue: Sendable {
    /// The queue this one waits in; nil for a line of a pool.
    var parent: Int?
    /// The gate the queue waits at; nil for a line.
    var gate: Int?
    /// What the gate's count has to be below.
    var limit: Int
    var pool: Int
    /// How many slots of the pool each request in it takes.
    var slots: Int
    /// Whether the queue holds a pipeline's requests in a line, for whose order the pipeline's share counts.
    var isShare: Bool
    /// Requests and queues in it, whether they show anything or not.
    var members = 0
    var byRank = IndexedHeap<Rank>()
    var byAge = IndexedHeap<Age>()
    /// What it shows to the queue above; nil when nothing in it may start.
    var face: Face?

    var isLimited: Bool { limit != .max }
}

/// The two requests of a queue that matter to the queue above.
struct Face: Equatable, Sendable {
    /// The one that goes first, and where it stands.
    var first: Rank
    /// The one that has waited longest.
    var oldest: Age

    /// Shows only a request whose turn has come.
    static func due(_ age: Age) -> Face { Face(first: Rank(due: age), oldest: age) }
}

/// Finds a queue again.
struct QueueName: Hashable, Sendable {
    var parent: Int
    var gate: Int
    var limit: Int
}

/// A pool: what is taken of it, and who waits for it.
struct PoolState: Sendable {
    let name: PoolName
    /// Nil when there is no such pool.
    var setting: Pool?
    var running = 0
    /// Slots of deferred instances that keep them if the pool says so.
    var suspended = 0
    var waiting = 0
    var waitingSlots = 0
    /// The waiting requests by how many slots they need, the fewest first.
    var lines: [Line] = []
    var shares: [Int: Share] = [:]
    var passes = 0
    var isDue = false
    var face: Face?

    struct Line: Sendable {
        var slots: Int
        var queue: Int
    }

    /// What a pipeline has of the pool.
    struct Share: Sendable {
        var held = 0
        var turn: Int
        var queues: [Int] = []
    }

    /// The slots there are.
    var size: Int { setting.map { $0.slots < 0 ? .max : $0.slots } ?? 0 }
    var used: Int { running + (setting?.includesDeferred == true ? suspended : 0) }
    /// The slots that are free; less than 0 after the pool has shrunk.
    var open: Int { size == .max ? .max : size - used }
}
