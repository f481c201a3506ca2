import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// Random pipelines, outcomes, orders, operators and restarts: the same seed gives the same history.
@Suite(.tags(.simulation)) struct RunSimulationTests {
    @Test(arguments: 0..<25) func invariantsHold(_ block: Int) {
        for seed in UInt64(block * 40)..<UInt64(block * 40 + 40) {
            var simulation = RunSimulation(seed: seed)
            simulation.run()
            // The first one that fails explains most; the rest would only be noise.
            if let problem = simulation.problem {
                Issue.record("seed \(seed): \(problem)")
                return
            }
        }
    }
}

/// A few runs of two pipelines on one clock and one planner.
struct RunSimulation {
    /// A run, and the log that it leaves.
    struct Run {
        var machine: RunMachine
        var log: [RecordedEvent] = []
        var projection: RunProjection?
        let first: PipelineManifest
        var versions: [String: PipelineManifest] = [:]
        /// The run before it, if its steps look at one.
        var before: Int?
    }

    /// An attempt under way somewhere outside.
    struct Process: Hashable {
        var run: Int
        var step: InstanceID
        var attempt: Int
    }

    let seed: UInt64
    var random: SeededGenerator
    var pipelines: RandomPipeline
    var runs: [Run] = []
    var desk: PlannerDesk
    var processes: [Process] = []
    var now = noon
    var interventions: Int
    /// What went wrong first.
    var problem: String?
    private(set) var turns = 0

    init(seed: UInt64) {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        pipelines = RandomPipeline(random: SeededGenerator(seed: seed &+ 0x5EED))
        interventions = random.draw(12)
        let pools = [
            Pool(name: PoolName(trusted: "small"), slots: 2), Pool(name: .defaultPool, slots: 2 + random.draw(4)),
        ]
        desk = PlannerDesk(PlannerLimits(totalSlots: 2 + random.draw(6), pools: pools, patience: 1 + random.draw(9)))
        for name in ["p", "q"] {
            let manifest = pipelines.next(name)
            for day in 0..<(1 + random.draw(2)) { add(manifest, day) }
        }
    }

    private mutating func add(_ manifest: PipelineManifest, _ day: Int) {
        let created = RunCreated(
            pipeline: manifest.pipeline,
            manifestHash: "\(manifest.pipeline)1",
            params: [:],
            program: nil,
            projectRoot: "/project",
            martletVersion: "test",
            slots: 1 + random.draw(6),
            occasion: RunOccasion(logicalDate: noon + .seconds(86_400 * day))
        )
        let machine = RunMachine(
            id: RunID(trusted: "\(manifest.pipeline)-\(day)"),
            manifest: manifest,
            created: created
        )
        runs.append(Run(machine: machine, first: manifest, before: day > 0 ? runs.count - 1 : nil))
        record([.runCreated(created)], runs.count - 1)
    }

    mutating func run() {
        for run in runs.indices { tell(run, .start(here)) }
        settle()
        while problem == nil, !runs.allSatisfy({ $0.machine.state.isTerminal }) || interventions > 0 {
            turns += 1
            if turns > 5_000 { return fail("it does not end") }
            now = now + .milliseconds(random.draw(5_000))
            if interventions > 0, random.happens(oneIn: 6) {
                interventions -= 1
                intervene()
            } else {
                goOn()
            }
            settle()
        }
        for run in runs.indices { checkEnd(of: run) }
    }

    /// Something that comes about by itself.
    private mutating func goOn() {
        var retries: [(run: Int, step: InstanceID, at: Timestamp)] = []
        for (index, run) in runs.enumerated() where run.machine.state == .running {
            for instance in run.machine.instances where instance.state == .upForRetry {
                retries.append((index, instance.id, instance.retryAt ?? now))
            }
        }
        if let queued = runs.firstIndex(where: { $0.machine.state == .queued }), random.happens(oneIn: 3) {
            return tell(queued, .start(here))
        }
        if let retry = retries.min(by: { $0.at < $1.at }), processes.isEmpty || random.happens(oneIn: 3) {
            now = max(now, retry.at)
            return tell(retry.run, .retryDue(step: retry.step))
        }
        if !processes.isEmpty { return end(processes.remove(at: random.draw(processes.count))) }
        if let queued = runs.firstIndex(where: { $0.machine.state == .queued }) { return tell(queued, .start(here)) }
        // What waits for the run before may wait for ever, when that one failed: an operator has to see to it.
        guard let stuck = runs.firstIndex(where: { !$0.machine.state.isTerminal }) else { return }
        let waits = runs[stuck].machine.instances.contains { instance in
            instance.state == .none && instance.step >= 0
                && runs[stuck].machine.manifest.steps[instance.step].past != .ignored
        }
        let tooLarge = runs[stuck].machine.instances.contains {
            $0.state == .scheduled && isTooLarge($0, runs[stuck].machine)
        }
        guard waits || tooLarge else { return fail("\(runs[stuck].machine.id) stands still") }
        tell(stuck, random.happens(oneIn: 2) ? .cancel(reason: "it waits") : .markRun(.failed, note: nil))
    }

    /// Whether a step asks for more slots than its pool will ever have.
    private func isTooLarge(_ instance: StepInstance, _ machine: RunMachine) -> Bool {
        guard let limits = machine.manifest.step(instance.id.step)?.limits else { return false }
        return limits.slots > desk.planner.limits.pool(limits.pool)?.slots ?? 0
    }

    private mutating func end(_ process: Process) {
        let machine = runs[process.run].machine
        let position = machine.position(of: process.step)
        let results: [AttemptOutcome.Result] = [.success, .success, .success, .success, .failed, .skipped, .timedOut]
        var result = results[random.draw(results.count)]
        // What is to be ended mostly is, and sometimes ends by itself just before.
        if let position, machine.isToBeEnded(position), random.draw(4) > 0 { result = .cancelled }
        let items = (0..<random.draw(4)).map { JSONValue.integer($0) }
        let outcome = AttemptOutcome(result, retryable: random.draw(5) > 0, values: ["n": .array(items)])
        tell(process.run, .finishAttempt(step: process.step, attempt: process.attempt, outcome: outcome))
    }

    /// Something that an operator, or a fault, does.
    private mutating func intervene() {
        let run = random.draw(runs.count)
        let machine = runs[run].machine
        let some = machine.instances.filter { $0.state != .removed }.map(\.id).filter { _ in random.happens(oneIn: 4) }
        switch random.draw(12) {
        case 0, 1: restart()
        case 2: tell(run, .cancel(reason: "simulated"))
        case 3 where machine.state == .running: tell(run, .timeout)
        case 4: tell(run, .markRun(random.happens(oneIn: 2) ? .success : .failed, note: nil))
        case 5, 6: tell(run, .mark(some, [.success, .failed, .skipped][random.draw(3)], note: nil))
        case 7:
            if let step = machine.scheduled.first { tell(run, .queueTimeout(step: step)) }
        default: clear(run, some)
        }
    }

    private mutating func clear(_ run: Int, _ steps: [InstanceID]) {
        let machine = runs[run].machine
        let request = ClearRequest(
            run: machine.id,
            steps: steps,
            downstream: random.happens(oneIn: 2),
            upstream: random.happens(oneIn: 4),
            onlyFailed: random.happens(oneIn: 3)
        )
        var latest: (manifest: PipelineManifest, hash: String, version: Int)?
        if random.happens(oneIn: 3) {
            let version = runs[run].versions.count + 2
            let name = machine.manifest.pipeline.rawValue
            latest = (pipelines.next(name, version: version), "\(name)\(version)", version)
        }
        // Refused when there is nothing to clear.
        guard let cleared = try? machine.selection(for: request, latest: latest) else { return }
        if let latest { runs[run].versions[latest.hash] = latest.manifest }
        tell(run, .clear(cleared, manifest: latest?.manifest))
    }

    /// The process that executes all runs is killed: all that remains is the logs.
    private mutating func restart() {
        processes = []
        desk = PlannerDesk(desk.planner.limits)
        for run in runs.indices {
            let replay = replayed(run)
            if let difference = difference(runs[run].machine, replay) { return fail("replay: \(difference)") }
            runs[run].machine = replay
            adopt(run)
        }
        for run in runs.indices where runs[run].machine.state == .running { tell(run, .resume(here)) }
        for run in runs.indices { checkProcesses(of: run) }
    }

    /// What waits outside, and what waits for a slot, goes on as it was.
    private mutating func adopt(_ run: Int) {
        let machine = runs[run].machine
        for instance in machine.instances {
            guard let request = machine.admissionRequest(of: instance.id, priorities: machine.priorities) else {
                continue
            }
            switch instance.state {
            case .scheduled: desk.planner.offer(request)
            case .deferred, .awaitingInput:
                desk.planner.adopt(request)
                desk.planner.suspend(request.key, holdsPool: instance.state == .deferred)
                processes.append(Process(run: run, step: instance.id, attempt: instance.attempts))
            default: break
            }
        }
    }

    func replayed(_ run: Int) -> RunMachine {
        let old = runs[run]
        var fresh = RunMachine(
            id: old.machine.id,
            manifest: old.first,
            created: old.machine.created,
            manifests: old.versions
        )
        for recorded in old.log { fresh.evolve(recorded.event, at: recorded.at) }
        return fresh
    }

    /// Lets runs learn of those before them, and starts what may start, until nothing more follows.
    private mutating func settle() {
        for run in runs.indices {
            guard problem == nil, runs[run].machine.state == .running else { continue }
            let past = runs[run].before.map { before in
                let states = Dictionary(grouping: runs[before].machine.instances, by: \.id.step)
                return PastRun(run: runs[before].machine.id, states: states.mapValues { $0.map(\.state) })
            }
            let known = past ?? PastRun(run: nil)
            if runs[run].machine.past != known { tell(run, .learnPast(known)) }
        }
        while problem == nil {
            let granted = desk.planner.grants()
            if granted.isEmpty { break }
            for key in granted {
                guard let run = runs.firstIndex(where: { $0.machine.id == key.run }) else { continue }
                tell(run, .admit(key.instance))
            }
        }
        checkSlots()
    }

    mutating func tell(_ run: Int, _ command: RunCommand) {
        guard problem == nil else { return }
        // Commands that do not fit are refused, and change nothing: that too is part of the game.
        guard let events = try? runs[run].machine.handle(command, at: now) else { return }
        if case .admit(let step) = command, events.isEmpty {
            return fail("\(step) was let start and did not: \(String(describing: runs[run].machine.state(step)))")
        }
        desk.note(events, of: runs[run].machine)
        record(events, run)
        check(run, events, command)
    }

    mutating func record(_ events: [RunEvent], _ run: Int) {
        for event in events {
            let recorded = RecordedEvent(sequence: runs[run].log.count + 1, at: now, event: event)
            runs[run].log.append(recorded)
            if runs[run].projection == nil {
                let ids = runs[run].first.steps.map(\.id)
                runs[run].projection = RunProjection(id: runs[run].machine.id, first: recorded, steps: ids)
            } else {
                runs[run].projection?.apply(recorded)
            }
        }
    }

    mutating func fail(_ text: String) { if problem == nil { problem = "turn \(turns): \(text)" } }
}
