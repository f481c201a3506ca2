import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// Random graphs, random outcomes, random order, random interruptions: the same seed gives the same run.
@Suite(.tags(.simulation)) struct RunSimulationTests {
    @Test(arguments: 0..<20) func invariantsHold(_ block: Int) throws {
        for seed in UInt64(block * 100)..<UInt64(block * 100 + 100) {
            var simulation = RunSimulation(seed: seed)
            try simulation.run()
        }
    }
}

struct RunSimulation {
    let seed: UInt64
    var random: SeededGenerator
    var machine: RunMachine
    var log: [(RunEvent, Timestamp)] = []
    var now = noon
    let slots: Int
    let steps: [StepManifest]

    init(seed: UInt64) {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        let count = Int(random.next() % 30) + 1
        var steps: [StepManifest] = []
        for index in 0..<count {
            var after: [String] = []
            for earlier in 0..<index where random.next() % 4 == 0 { after.append("s\(earlier)") }
            steps.append(
                step(
                    "s\(index)",
                    after: after,
                    rule: TriggerRule.allCases[Int(random.next() % UInt64(TriggerRule.allCases.count))],
                    retries: Int(random.next() % 3)
                )
            )
        }
        slots = Int(random.next() % 6) + 1
        self.steps = steps
        self.random = random
        machine = MartletSchedulingTests.machine(steps, slots: slots)
    }

    mutating func run() throws {
        try apply(.start(here))
        var turns = 0
        while !machine.state.isTerminal {
            turns += 1
            try #require(turns < 10_000, "seed \(seed): the run does not end")
            now = now + .milliseconds(Int(random.next() % 5_000))
            let running = machine.steps.indices.filter { machine.steps[$0] == .running }
            #expect(running.count <= slots, "seed \(seed): more steps run than there are slots")
            switch random.next() % 40 {
            case 0: try restart()
            case 1 where turns > 20: try apply(.cancel(reason: "simulated"))
            default: try advance(running)
            }
        }
        let open = machine.steps.filter { !$0.isTerminal }
        #expect(open.isEmpty, "seed \(seed): the run ended with open steps")
        #expect(replayed().steps == machine.steps, "seed \(seed): the log gives another end")
        checkStarts()
    }

    /// Ends a running attempt, or lets the next retry come due.
    private mutating func advance(_ running: [Int]) throws {
        if let next = machine.retryAt.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
            running.isEmpty || random.next() % 3 == 0
        {
            now = max(now, next.value)
            return try apply(.retryDue(step: machine.graph.steps[next.key]))
        }
        guard !running.isEmpty else {
            Issue.record("seed \(seed): nothing runs, nothing waits, and the run goes on")
            return try apply(.cancel(reason: "stuck"))
        }
        let position = running[Int(random.next() % UInt64(running.count))]
        let results: [AttemptOutcome.Result] = [.success, .success, .success, .failed, .skipped, .timedOut]
        let result = machine.isCancelling ? .cancelled : results[Int(random.next() % 6)]
        try apply(
            .finishAttempt(
                step: machine.graph.steps[position],
                attempt: machine.attempts[position],
                outcome: AttemptOutcome(result, retryable: random.next() % 5 != 0)
            )
        )
    }

    /// The executor is killed: all that remains is the log.
    private mutating func restart() throws {
        machine = replayed()
        try apply(.resume(here))
    }

    private func replayed() -> RunMachine {
        var fresh = MartletSchedulingTests.machine(steps, slots: slots)
        for (event, at) in log { fresh.evolve(event, at: at) }
        return fresh
    }

    private mutating func apply(_ command: RunCommand) throws {
        let events = try machine.handle(command, at: now)
        log += events.map { ($0, now) }
    }

    /// No attempt starts twice, none while its step runs, and none after the step has succeeded.
    private func checkStarts() {
        var running: [StepID: Int] = [:]
        var ended: Set<StepID> = []
        for (event, _) in log {
            switch event {
            case .attemptStarted(let step, let attempt):
                #expect(running[step] == nil, "seed \(seed): \(step) started while it ran")
                #expect(!ended.contains(step), "seed \(seed): \(step) started after it had ended")
                running[step] = attempt
            case .attemptFinished(let finished):
                #expect(running.removeValue(forKey: finished.step) == finished.attempt, "seed \(seed)")
                if finished.state.isTerminal { ended.insert(finished.step) }
            default: break
            }
        }
    }
}
