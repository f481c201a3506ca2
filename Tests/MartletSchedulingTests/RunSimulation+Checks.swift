import MartletCore

@testable import MartletScheduling

// What must hold after every command.
extension RunSimulation {
    mutating func check(_ run: Int, _ events: [RunEvent], _ command: RunCommand) {
        follow(events, run)
        let machine = runs[run].machine
        // Counting anew costs the size of the run: now and then is often enough, for a wrong count stays wrong.
        let found = differences(machine, runs[run].projection) + (turns % 4 == 0 ? miscounts(machine) : [])
        if let first = found.first { fail("\(machine.id), \(command.name): \(first)") }
        if machine.state.isTerminal, let open = machine.instances.first(where: { !$0.state.isTerminal }) {
            fail("\(machine.id), \(command.name): it has ended, and \(open.id) is \(open.state)")
        }
        checkProcesses(of: run)
    }

    /// Attempts begin outside where the log says so, each once and with a number one higher than the last.
    private mutating func follow(_ events: [RunEvent], _ run: Int) {
        for event in events {
            switch event {
            case .attemptStarted(let step, let attempt), .attemptDeferred(let step, let attempt, _):
                let last = processes.filter { $0.run == run && $0.step == step }.map(\.attempt).max() ?? 0
                if attempt <= last { fail("\(step) starts attempt \(attempt) after attempt \(last)") }
                processes.append(Process(run: run, step: step, attempt: attempt))
            case .attemptFinished(let finished):
                processes.removeAll { $0.run == run && $0.step == finished.step && $0.attempt == finished.attempt }
            default:
                break
            }
        }
    }

    /// Every active instance has one attempt under way, which is its last: none is lost and none doubled.
    mutating func checkProcesses(of run: Int) {
        for instance in runs[run].machine.instances where instance.state.isActive {
            let mine = processes.filter { $0.run == run && $0.step == instance.id && $0.attempt == instance.attempts }
            if mine.count != 1 { fail("\(instance.id) is \(instance.state) with \(mine.count) attempts under way") }
        }
    }

    /// Counters are what counting anew gives.
    private func miscounts(_ machine: RunMachine) -> [String] {
        var found: [String] = []
        func compare(_ name: String, _ kept: Int, _ test: (StepState) -> Bool) {
            let counted = machine.instances.count { $0.step >= 0 && test($0.state) }
            if kept != counted { found.append("\(name): \(kept), not \(counted)") }
        }
        compare("unfinished", machine.unfinishedCount) { !$0.isTerminal }
        compare("active", machine.activeCount) { $0.isActive }
        compare("scheduled", machine.scheduledCount) { $0 == .scheduled }
        compare("retries", machine.retryCount) { $0 == .upForRetry }
        var anew = machine
        anew.recountAll()
        for step in machine.counts.indices where machine.counts[step] != anew.counts[step] {
            found.append("counts before \(machine.graph.edges.steps[step])")
        }
        for (old, new) in zip(machine.instances, anew.instances) where old.step >= 0 && old.counts != new.counts {
            found.append("counts before \(old.id)")
        }
        for (step, members) in machine.members.enumerated() {
            let states = members.map { machine.instances[$0].state }
            let open = (states.count { !$0.isTerminal }, states.count { $0 == .none })
            if machine.open[step] != open { found.append("open instances of \(machine.graph.edges.steps[step])") }
        }
        return found
    }

    /// No pool, run, step or pipeline runs more than it may.
    mutating func checkSlots() {
        var (total, pools) = (0, [PoolName: Int]())
        var (steps, active) = ([String: Int](), [PipelineID: Int]())
        for run in runs.map(\.machine) {
            var inRun = [StepID: Int]()
            var running = 0
            for instance in run.instances where instance.state.isActive {
                guard let limits = run.manifest.step(instance.id.step)?.limits else { continue }
                inRun[instance.id.step, default: 0] += 1
                steps["\(run.manifest.pipeline) \(instance.id.step)", default: 0] += 1
                guard instance.state == .running || instance.state == .restarting else { continue }
                running += 1
                pools[limits.pool, default: 0] += limits.slots
            }
            total += running
            active[run.manifest.pipeline, default: 0] += running
            if running > run.created.slots { fail("\(run.id) runs \(running) of \(run.created.slots)") }
            // Limits that changed with the manifest hold for what starts from then on.
            guard run.manifestHash.hasSuffix("1") else { continue }
            for (step, count) in inRun {
                if let most = run.manifest.step(step)?.limits.maxActivePerRun, count > most {
                    fail("\(step) runs \(count)")
                }
            }
        }
        if total > desk.planner.limits.totalSlots { fail("\(total) steps run") }
        guard runs.allSatisfy({ $0.versions.isEmpty }) else { return }
        for (pool, used) in pools where used > desk.planner.limits.pool(pool)?.slots ?? 0 {
            fail("pool \(pool): \(used)")
        }
        for run in runs.map(\.machine) {
            if let most = run.manifest.policy.maxActiveSteps, active[run.manifest.pipeline] ?? 0 > most {
                fail("pipeline \(run.manifest.pipeline) runs \(active[run.manifest.pipeline] ?? 0)")
            }
            for step in run.manifest.steps {
                let count = steps["\(run.manifest.pipeline) \(step.id)"] ?? 0
                if let most = step.limits.maxActive, count > most { fail("step \(step.id) runs \(count)") }
            }
        }
    }

    mutating func checkEnd(of run: Int) {
        let machine = runs[run].machine
        if let difference = difference(machine, replayed(run)) { fail("replay: \(difference)") }
        let counts = machine.instances.map { ($0.id, $0.attempts) }
        for (id, attempts) in counts {
            let started = runs[run].log.count { recorded in
                switch recorded.event {
                // A step that was not mapped at first, or not yet, goes on as its first instance.
                case .attemptStarted(let step, _), .attemptDeferred(let step, _, _):
                    step == id || id.index == 0 && step == InstanceID(id.step)
                default: false
                }
            }
            if started != attempts { fail("\(id) counts \(attempts) attempts, and its log \(started)") }
        }
    }

    /// Where two machines of one run differ; nil when they do not.
    func difference(_ one: RunMachine, _ other: RunMachine) -> String? {
        if one.state != other.state { return "\(one.state) and \(other.state)" }
        if one.instances.count != other.instances.count { return "\(one.instances.count) and \(other.instances.count)" }
        if one.counts != other.counts { return "counts" }
        if one.cuts != other.cuts || one.cutters != other.cutters { return "what branches left out" }
        for (left, right) in zip(one.instances, other.instances) {
            let same =
                left.id == right.id && left.step == right.step && left.state == right.state
                && left.attempts == right.attempts && left.retryAt == right.retryAt && left.values == right.values
                && left.attemptsBeforeClear == right.attemptsBeforeClear && left.reason == right.reason
                && left.interruptions == right.interruptions && left.scheduledAt == right.scheduledAt
            if !same { return "\(left) and \(right)" }
        }
        return nil
    }
}
