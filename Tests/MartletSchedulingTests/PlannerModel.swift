import MartletCore

@testable import MartletScheduling

/// What a planner ought to do, found by looking at everything anew each time; it knows no turns by age.
struct PlannerModel {
    enum Phase {
        case waiting, running
        case suspended(holdsPool: Bool)
    }

    struct Entry {
        var request: AdmissionRequest
        var age: Int
        var phase: Phase
    }

    struct ShareName: Hashable {
        var pool: PoolName
        var pipeline: PipelineID
    }

    var limits: PlannerLimits
    var entries: [AdmissionKey: Entry] = [:]
    var pausedPipelines: Set<PipelineID> = []
    var pausedRuns: Set<RunID> = []
    private var turns: [ShareName: Int] = [:]
    private var lastAge = 0
    private var lastTurn = 0

    init(limits: PlannerLimits) { self.limits = limits }

    var waiting: [AdmissionKey] { keys { if case .waiting = $0 { true } else { false } } }
    var running: [AdmissionKey] { keys { if case .running = $0 { true } else { false } } }
    var suspended: [AdmissionKey] { keys { if case .suspended = $0 { true } else { false } } }

    private func keys(_ isMeant: (Phase) -> Bool) -> [AdmissionKey] {
        entries.values.filter { isMeant($0.phase) }.sorted { $0.age < $1.age }.map(\.request.key)
    }

    @discardableResult mutating func offer(_ request: AdmissionRequest) -> Bool {
        var age: Int?
        if let known = entries[request.key] {
            if case .running = known.phase { return false }
            age = known.age
            remove(request.key)
        }
        lastAge += 1
        entries[request.key] = Entry(request: request, age: age ?? lastAge, phase: .waiting)
        let share = ShareName(pool: request.pool, pipeline: request.pipeline)
        if turns[share] == nil {
            lastTurn += 1
            turns[share] = lastTurn
        }
        return true
    }

    mutating func start(_ key: AdmissionKey) {
        entries[key]?.phase = .running
        guard let request = entries[key]?.request else { return }
        lastTurn += 1
        turns[ShareName(pool: request.pool, pipeline: request.pipeline)] = lastTurn
    }

    mutating func suspend(_ key: AdmissionKey, holdsPool: Bool) {
        entries[key]?.phase = .suspended(holdsPool: holdsPool)
        forgetIdleTurns()
    }

    mutating func remove(_ key: AdmissionKey) {
        entries[key] = nil
        forgetIdleTurns()
    }

    private mutating func forgetIdleTurns() {
        let active = entries.values.filter { if case .suspended = $0.phase { false } else { true } }
        let names = Set(active.map { ShareName(pool: $0.request.pool, pipeline: $0.request.pipeline) })
        turns = turns.filter { names.contains($0.key) }
    }

    /// Everything that limits count, as it is now.
    private struct Counts {
        var running = 0
        var slots: [PoolName: Int] = [:]
        var held: [ShareName: Int] = [:]
        var gates: [String: Int] = [:]
    }

    private func counts() -> Counts {
        var counts = Counts()
        for entry in entries.values {
            let request = entry.request
            let names = gateNames(request)
            var stepNames = names[2...]
            switch entry.phase {
            case .waiting: continue
            case .running:
                counts.running += 1
                counts.slots[request.pool, default: 0] += request.poolSlots
                counts.held[ShareName(pool: request.pool, pipeline: request.pipeline), default: 0] += request.poolSlots
                stepNames = names[...]
            case .suspended(let holdsPool):
                if holdsPool, limits.pool(request.pool)?.includesDeferred == true {
                    counts.slots[request.pool, default: 0] += request.poolSlots
                }
            }
            for name in stepNames { counts.gates[name, default: 0] += 1 }
        }
        return counts
    }

    private func gateNames(_ request: AdmissionRequest) -> [String] {
        let (run, step) = (request.key.run, request.key.instance.step)
        return ["\(request.pipeline)", "run \(run)", "\(request.pipeline) \(step)", "run \(run) \(step)"]
    }

    /// What keeps the request from starting now; nil when nothing does.
    func blocked(_ key: AdmissionKey) -> String? {
        entries[key].map { blocked($0.request, counts()) } ?? "it is not known"
    }

    private func blocked(_ request: AdmissionRequest, _ counts: Counts) -> String? {
        if let gate = blockedByGate(request, counts) { return gate }
        guard let pool = limits.pool(request.pool) else { return "there is no such pool" }
        if pool.slots >= 0, counts.slots[request.pool, default: 0] + request.poolSlots > pool.slots {
            return "its pool is full"
        }
        return counts.running >= limits.totalSlots ? "all slots are taken" : nil
    }

    private func blockedByGate(_ request: AdmissionRequest, _ counts: Counts) -> String? {
        if pausedPipelines.contains(request.pipeline) { return "its pipeline is paused" }
        if pausedRuns.contains(request.key.run) { return "its run is paused" }
        let own = request.limits
        for (name, limit) in zip(gateNames(request), [own.pipeline, own.run, own.step, own.stepInRun]) {
            if let limit, counts.gates[name, default: 0] >= limit { return "\(name) is full" }
        }
        return nil
    }

    /// What could start now.
    func startable() -> [AdmissionKey] {
        let counts = counts()
        return waiting.filter { key in entries[key].map { blocked($0.request, counts) == nil } ?? false }
    }

    /// What starts next.
    func next() -> AdmissionKey? {
        let counts = counts()
        return startable().compactMap { entries[$0] }.min { goesFirst($0, $1, counts) }?.request.key
    }

    private func goesFirst(_ left: Entry, _ right: Entry, _ counts: Counts) -> Bool {
        let (one, other) = (left.request, right.request)
        if (one.backfillOrdinal == nil) != (other.backfillOrdinal == nil) { return one.backfillOrdinal == nil }
        if one.priority != other.priority { return one.priority > other.priority }
        let (share, otherShare) = (share(one), share(other))
        let (held, heldByOther) = (counts.held[share, default: 0], counts.held[otherShare, default: 0])
        if held != heldByOther { return held < heldByOther }
        let (turn, turnOfOther) = (turns[share, default: 0], turns[otherShare, default: 0])
        if turn != turnOfOther { return turn < turnOfOther }
        let (own, its) = (place(one), place(other))
        return own == its ? left.age < right.age : own.lexicographicallyPrecedes(its)
    }

    private func share(_ request: AdmissionRequest) -> ShareName {
        ShareName(pool: request.pool, pipeline: request.pipeline)
    }

    private func place(_ request: AdmissionRequest) -> [Int] {
        let date = request.logicalDate.map { Int($0.microseconds) } ?? .max
        return [request.backfillOrdinal ?? 0, date, request.key.instance.index ?? -1]
    }

    /// The requests in the pool that nothing but slots holds up and that could have as many as they need.
    func heldUpBySlots(in pool: PoolName) -> [AdmissionKey] {
        guard let limit = limits.pool(pool) else { return [] }
        let counts = counts()
        return waiting.filter { key in
            guard let request = entries[key]?.request, request.pool == pool else { return false }
            return blockedByGate(request, counts) == nil && (limit.slots < 0 || request.poolSlots <= limit.slots)
        }
    }
}
