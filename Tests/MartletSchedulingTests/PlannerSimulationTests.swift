import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.simulation)) struct PlannerSimulationTests {
    @Test func startsExactlyWhatASlowModelStarts() throws {
        for seed in UInt64(1)...10 {
            var simulation = PlannerSimulation(seed: seed, patience: .max)
            try simulation.run()
        }
    }

    @Test func keepsLimitsWastesNothingAndStarvesNobody() throws {
        for seed in UInt64(1_001)...1_014 {
            var simulation = PlannerSimulation(seed: seed, patience: Int(seed % 7) + 1)
            try simulation.run()
        }
    }
}

/// A planner and the slow model beside it, under random requests, ends and changes of limits.
private struct PlannerSimulation {
    let seed: UInt64
    var planner: Planner
    var model: PlannerModel
    private var random: SeededGenerator
    private var made = 0
    private let isExact: Bool
    /// For each pool the request that has waited longest of those that only slots hold up, and who went past it.
    private var passed: [PoolName: (oldest: Int, count: Int)] = [:]

    init(seed: UInt64, patience: Int) {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        isExact = patience == .max
        let limits = Self.limits(&random, patience: patience)
        planner = Planner(limits: limits)
        model = PlannerModel(limits: limits)
    }

    mutating func run() throws {
        for _ in 0..<120 {
            for _ in 0...random.below(3) { act() }
            try takeGrants()
        }
        try drain()
    }

    private static func limits(_ random: inout SeededGenerator, patience: Int) -> PlannerLimits {
        let pools = ["a", "b", "c"].map { name in
            let slots = random.below(7) - 1
            return Pool(name: PoolName(trusted: name), slots: slots, includesDeferred: random.below(2) == 0)
        }
        return PlannerLimits(totalSlots: random.below(9) + 1, pools: pools, patience: patience)
    }

    private mutating func act() {
        switch random.below(20) {
        case 0..<9: offer()
        case 9..<15:
            guard let key = pick(model.running) else { return }
            planner.release(key)
            model.remove(key)
        case 15:
            guard let key = pick(model.running) else { return }
            let holdsPool = random.below(3) > 0
            planner.suspend(key, holdsPool: holdsPool)
            model.suspend(key, holdsPool: holdsPool)
        case 16:
            guard let key = pick(model.suspended), let request = model.entries[key]?.request else { return }
            if random.below(3) == 0 {
                planner.release(key)
                model.remove(key)
            } else {
                planner.offer(request)
                model.offer(request)
            }
        case 17:
            guard let key = pick(model.waiting), var request = model.entries[key]?.request else { return }
            if random.below(2) == 0 {
                planner.withdraw(key)
                model.remove(key)
            } else {
                request.priority = random.below(4)
                planner.offer(request)
                model.offer(request)
            }
        case 18: pause()
        default:
            guard random.below(4) == 0 else { return }
            let limits = Self.limits(&random, patience: planner.limits.patience)
            planner.setLimits(limits)
            model.limits = limits
            passed = [:]
        }
    }

    private mutating func offer() {
        made += 1
        let pipeline = ["p", "q", "r"][random.below(3)]
        let run = "\(pipeline)\(random.below(4))"
        let step = StepID(trusted: ["x", "y", "z"][random.below(3)])
        let key = AdmissionKey(RunID(trusted: run), InstanceID(step, random.below(4) == 0 ? nil : made))
        // Limits of a step mostly agree between runs, but a new version of a pipeline may change them.
        func limit(_ most: Int) -> Int? { random.below(2) == 0 ? nil : random.below(most) + 1 }
        var request = AdmissionRequest(
            key,
            pipeline: PipelineID(trusted: pipeline),
            pool: PoolName(trusted: ["a", "b", "c", "none", "default_pool"][random.below(20) / 4]),
            poolSlots: random.below(3) == 0 ? random.below(4) + 1 : 1,
            priority: random.below(4),
            logicalDate: random.below(4) == 0 ? nil : noon + .seconds(random.below(5)),
            backfillOrdinal: random.below(5) == 0 ? random.below(3) : nil
        )
        request.limits = ConcurrencyLimits(pipeline: limit(4), run: limit(3), step: limit(2), stepInRun: limit(2))
        let isOffered = planner.offer(request)
        #expect(isOffered == model.offer(request), "seed \(seed)")
    }

    private mutating func pause() {
        let isPaused = random.below(2) == 0
        if random.below(2) == 0 {
            let pipeline = PipelineID(trusted: ["p", "q", "r"][random.below(3)])
            planner.setPaused(isPaused, pipeline: pipeline)
            if isPaused { model.pausedPipelines.insert(pipeline) } else { model.pausedPipelines.remove(pipeline) }
        } else {
            let run = RunID(trusted: "p\(random.below(4))")
            planner.setPaused(isPaused, run: run)
            if isPaused { model.pausedRuns.insert(run) } else { model.pausedRuns.remove(run) }
        }
    }

    private mutating func pick(_ keys: [AdmissionKey]) -> AdmissionKey? {
        keys.isEmpty ? nil : keys[random.below(keys.count)]
    }

    /// What the planner starts must be allowed one by one; what it leaves must have a reason.
    private mutating func takeGrants() throws {
        while let number = planner.next() {
            let key = planner.entries[number].request.key
            try #require(model.blocked(key) == nil, "seed \(seed): \(key) started, though \(model.blocked(key) ?? "")")
            if isExact { #expect(model.next() == key, "seed \(seed): out of order") } else { notePass(by: key) }
            planner.grant(number)
            model.start(key)
        }
        #expect(planner.grants().isEmpty, "seed \(seed)")
        #expect(planner.runningCount == model.running.count, "seed \(seed)")
        #expect(planner.waitingCount == model.waiting.count, "seed \(seed)")
        for key in model.waiting { #expect(planner.hold(of: key) != nil, "seed \(seed): \(key) waits for nothing") }
        for key in model.startable() {
            // Nothing keeps it but a place kept for another one, which in the end waits for those that run.
            var kept: AdmissionKey? = key
            var chain: Set<AdmissionKey> = []
            while let other = kept, model.blocked(other) == nil {
                try #require(chain.insert(other).inserted, "seed \(seed): \(other) waits for itself")
                kept = planner.hold(of: other)?.keptFor
            }
            #expect(kept != nil, "seed \(seed): \(key) could start")
        }
    }

    /// No more than `patience` starts in a row in a pool may pass the one that has waited longest.
    private mutating func notePass(by key: AdmissionKey) {
        guard let entry = model.entries[key] else { return }
        let pool = entry.request.pool
        // A request whose gate keeps its place for an older one of its pipeline is held up by that, not by slots.
        let oldest = model.heldUpBySlots(in: pool).first { other in
            let reports = planner.numbers[other].map { planner.reports($0) } ?? []
            return reports.allSatisfy { $0.gate == .order || $0.keptFor == nil }
        }
        guard let oldest, let age = model.entries[oldest]?.age, age < entry.age else {
            passed[pool] = nil
            return
        }
        let before = passed[pool].map { $0.oldest == age ? $0.count : 0 } ?? 0
        passed[pool] = (age, before + 1)
        #expect(before + 1 <= planner.limits.patience, "seed \(seed): \(oldest) is passed too often")
    }

    /// With nothing new, all that can ever start does, and nothing is left behind.
    private mutating func drain() throws {
        for name in ["p", "q", "r"] { planner.setPaused(false, pipeline: PipelineID(trusted: name)) }
        for run in model.pausedRuns { planner.setPaused(false, run: run) }
        model.pausedPipelines = []
        model.pausedRuns = []
        for key in model.suspended {
            planner.release(key)
            model.remove(key)
        }
        try takeGrants()
        while let key = pick(model.running) {
            planner.release(key)
            model.remove(key)
            try takeGrants()
        }
        let stuck = Set(model.waiting)
        #expect(stuck == Set(planner.neverStarting()), "seed \(seed): some wait though all is free")
        for key in stuck { planner.withdraw(key) }
        #expect(planner.isEmpty, "seed \(seed): something is left behind")
    }
}

extension SeededGenerator {
    fileprivate mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

extension Planner {
    /// Whether every counter is zero and every queue gone.
    fileprivate var isEmpty: Bool {
        let isIdle = pools.allSatisfy { pool in
            pool.running == 0 && pool.suspended == 0 && pool.waiting == 0 && pool.waitingSlots == 0
                && pool.lines.isEmpty && pool.shares.isEmpty && pool.face == nil
        }
        return isIdle && runningCount == 0 && waitingCount == 0 && numbers.isEmpty && gateNumbers.isEmpty
            && queueNumbers.isEmpty && poolsByRank.items.isEmpty && poolsByAge.items.isEmpty
            && freeEntries.count == entries.count && freeGates.count == gates.count && freeQueues.count == queues.count
    }
}
