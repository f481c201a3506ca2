import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// The whole product of states and commands, so that no pair is left to chance.
@Suite(.tags(.machine)) struct StateTableTests {
    @Test func everyStateHasARow() {
        #expect(Set(StepState.transitions.keys) == Set(StepState.allCases))
        #expect(Set(RunState.transitions.keys) == Set(RunState.allCases))
    }

    /// Clearing gives `restarting`; all else comes by itself.
    @Test func everyStateCanBeReachedAndLeftUnlessFinal() {
        let reachable = StepState.transitions.values.reduce(into: Set([StepState.none, .restarting])) {
            $0.formUnion($1)
        }
        #expect(reachable == Set(StepState.allCases))
        #expect(
            StepState.allCases.filter(\.isTerminal) == [
                .success, .failed, .skipped, .upstreamFailed, .cancelled, .removed,
            ]
        )
        #expect(StepState.allCases.allSatisfy { $0.isTerminal == (StepState.transitions[$0]?.isEmpty ?? false) })
        #expect(RunState.allCases.filter(\.isTerminal) == [.success, .failed, .cancelled])
    }

    /// A run with step `a` in a given state, reached by commands only.
    static func inState(_ state: StepState) throws -> DrivenRun {
        var a = step("a", after: ["first"], retries: 1)
        var slots = 100
        switch state {
        case .scheduled: (a, slots) = (step("a", after: ["first"], retries: 1), 1)
        case .deferred: a.action = .wait(WaitAction(.until(.instant("{{ params.when }}"))))
        case .awaitingInput: a.action = .approve(ApproveAction(message: "sure?"))
        case .removed:
            a = step("a", after: ["first"], map: MapSpec([MapSource(.expression("{{ steps.first.values.n }}"))]))
        default: break
        }
        var run = DrivenRun([step("first"), a, step("other")], slots: slots)
        try run.start()
        switch state {
        case .none: break
        case .scheduled:
            // The one slot goes to `other`, which was there first.
            try run.end("first")
        case .upstreamFailed: try run.end("first", .failed)
        case .cancelled: try run.tell(.cancel(reason: ""))
        case .removed:
            try run.end("first", values: ["n": .array([1, 2])])
            try run.end(all: "a[0] a[1]")
            try run.clear("first")
            try run.end("first", values: ["n": .array([1])])
        case .restarting:
            try run.end("first")
            try run.clear("a")
        case .success, .skipped:
            try run.end("first")
            try run.end("a", state == .success ? .success : .skipped)
        case .upForRetry, .failed:
            try run.end("first")
            try run.end("a", .failed, retryable: state == .upForRetry)
        case .running, .deferred, .awaitingInput: try run.end("first")
        }
        return run
    }

    static func commands(_ step: InstanceID) -> [RunCommand] {
        let results = AttemptOutcome.Result.allCases
        return [
            .start(here), .resume(here), .cancel(reason: ""), .retryDue(step: step), .admit(step), .timeout,
            .queueTimeout(step: step), .hold([step], reason: "full"), .learnPast(PastRun(run: nil)),
            .markRun(.success, note: nil), .markRun(.failed, note: nil),
        ]
            + results.map { .finishAttempt(step: step, attempt: 1, outcome: AttemptOutcome($0)) }
    }

    @Test(arguments: StepState.allCases) func everyCommandMovesAlongTheTable(_ state: StepState) throws {
        let id = InstanceID(StepID(trusted: "a"), state == .removed ? 1 : nil)
        for command in Self.commands(id) {
            var run = try Self.inState(state).machine
            #expect(run.state(id) == state)
            let before = run.instances.map(\.state)
            do {
                let events = try run.handle(command, at: noon)
                // Replaying the events one by one may only use transitions of the table, or what operators may do.
                var replay = try Self.inState(state).machine
                for event in events {
                    let old = replay.instances.map(\.state)
                    replay.evolve(event, at: noon)
                    if case .marked = event { continue }
                    for (from, to) in zip(old, replay.instances.map(\.state)) where from != to {
                        #expect(from.canBecome(to), "\(command.name): \(from) -> \(to)")
                    }
                }
                #expect(replay.instances.map(\.state) == run.instances.map(\.state), "\(command.name)")
                #expect(replay.state == run.state)
            } catch {
                #expect(run.instances.map(\.state) == before, "a refused command must change nothing: \(error)")
            }
        }
    }
}
