import MartletCore
import MartletScheduling

/// The decision core alone: a run as a value, from its start to its end.
enum Decisions {
    /// Events that a run of `manifest` gave, each a transition of a step or of the run.
    static func run(_ manifest: PipelineManifest) throws -> Int {
        let id = RunID(trusted: "run")
        var machine = RunMachine(id: id, manifest: manifest, created: Graph.created(manifest))
        var transitions = 0
        var waiting: [InstanceID] = []
        var clock: Int64 = 0
        func note(_ events: [RunEvent]) {
            transitions += events.count
            for case .stepScheduled(let step) in events { waiting.append(step) }
        }
        func apply(_ command: RunCommand) throws {
            clock += 1
            note(try machine.handle(command, at: Timestamp(microseconds: clock)))
        }
        try apply(.start(Executor(host: "bench", pid: 1)))
        while let step = waiting.popLast() {
            try apply(.admit(step))
            try apply(.finishAttempt(step: step, attempt: 1, outcome: AttemptOutcome(.success, exitCode: 0)))
        }
        guard machine.state == .success else { throw Unfinished(state: machine.state) }
        return transitions
    }

    /// The run did not do all of its work, so that the measurement says nothing.
    struct Unfinished: Error {
        let state: RunState
    }
}
