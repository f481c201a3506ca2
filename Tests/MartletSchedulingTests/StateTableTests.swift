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

    @Test func everyStateCanBeReachedAndLeftUnlessFinal() {
        let reachable = StepState.transitions.values.reduce(into: Set([StepState.none])) { $0.formUnion($1) }
        #expect(reachable == Set(StepState.allCases))
        #expect(StepState.allCases.filter(\.isTerminal) == [.success, .failed, .skipped, .upstreamFailed, .cancelled])
        #expect(RunState.allCases.filter(\.isTerminal) == [.success, .failed, .cancelled])
    }

    /// A machine with step `a` in a given state, reached by commands only.
    static func inState(_ state: StepState) throws -> RunMachine {
        var run = machine([step("first"), step("a", after: ["first"], retries: 1), step("other")])
        _ = try run.handle(.start(here), at: noon)
        if state == .none { return run }
        switch state {
        case .scheduled:
            run = machine([step("x"), step("a", retries: 1)], slots: 1)
            _ = try run.handle(.start(here), at: noon)
        case .upstreamFailed: _ = try run.end("first", .failed)
        case .cancelled: _ = try run.handle(.cancel(reason: ""), at: noon)
        default:
            _ = try run.end("first", .success)
            switch state {
            case .success: _ = try run.end("a", .success)
            case .skipped: _ = try run.end("a", .skipped)
            case .upForRetry: _ = try run.end("a", .failed)
            case .failed: _ = try run.end("a", .failed, retryable: false)
            default: break
            }
        }
        return run
    }

    static let commands: [RunCommand] =
        [
            .start(here), .resume(here), .cancel(reason: ""), .retryDue(step: StepID(trusted: "a")),
        ]
        + [AttemptOutcome.Result.success, .failed, .skipped, .timedOut, .cancelled, .interrupted].map {
            .finishAttempt(step: StepID(trusted: "a"), attempt: 1, outcome: AttemptOutcome($0))
        }

    @Test(arguments: StepState.allCases) func everyCommandMovesAlongTheTable(_ state: StepState) throws {
        for command in Self.commands {
            var run = try Self.inState(state)
            #expect(run.state("a") == state)
            let before = run.steps
            do {
                let events = try run.handle(command, at: noon)
                // Replaying the events one by one may only use transitions of the table.
                var replay = try Self.inState(state)
                for event in events {
                    let old = replay.steps
                    replay.evolve(event, at: noon)
                    for (from, to) in zip(old, replay.steps) where from != to {
                        #expect(from.canBecome(to), "\(command.name): \(from) -> \(to)")
                    }
                }
                #expect(replay.steps == run.steps, "\(command.name)")
                #expect(replay.state == run.state)
            } catch {
                #expect(run.steps == before, "a refused command must change nothing: \(error)")
            }
        }
    }
}
