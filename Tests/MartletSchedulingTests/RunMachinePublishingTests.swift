import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

/// A run that made data ends when everyone can see it, and not before.
@Suite(.tags(.machine)) struct RunMachinePublishingTests {
    private let commit = ObjectID(hex: String(repeating: "ab", count: 32)) ?? .zero

    private var publication: Publication {
        Publication(branch: .of(RunID(trusted: "p-1")), target: .main, commit: commit)
    }

    /// Ends an attempt that wrote a dataset to the lake.
    private func end(_ id: String, of run: inout DrivenRun, commit: ObjectID?) throws {
        let instance = InstanceID(StepID(trusted: id))
        var outcome = AttemptOutcome(.success)
        outcome.outputs = [
            DatasetOutput(
                name: PortName(trusted: "o"),
                dataset: DatasetID(trusted: id),
                path: "/x",
                format: nil,
                bytes: 1,
                commit: commit
            )
        ]
        try run.tell(.finishAttempt(step: instance, attempt: try run.instance(id).attempts, outcome: outcome))
    }

    @Test func aSuccessWaitsForItsPublication() throws {
        var run = DrivenRun([step("a")])
        try run.start()
        try end("a", of: &run, commit: commit)
        #expect(run.machine.state == .running && run.machine.isToBePublished)
        // Also after a kill.
        try run.restart()
        #expect(run.machine.isToBePublished)
        let events = try run.tell(.publish(.success(publication)))
        #expect(events.map(\.name) == ["published", "run_finished"])
        #expect(run.machine.state == .success && !run.machine.isToBePublished)
        #expect(run.projection?.run.commit == commit && run.projection?.run.published == .main)
        // One that comes too late is no error.
        #expect(try run.tell(.publish(.success(publication))).isEmpty)
    }

    @Test func aRefusedPublicationFailsTheRun() throws {
        var run = DrivenRun([step("a"), step("b")])
        try run.start()
        try end("a", of: &run, commit: commit)
        #expect(!run.machine.isToBePublished)
        try run.end("b")
        let error = MartletError(.publishConflict, "somebody was quicker")
        #expect(try run.tell(.publish(.failure(error))).map(\.name) == ["publish_refused", "run_finished"])
        #expect(run.machine.state == .failed)
        #expect(run.projection?.run.reason == "somebody was quicker (MT3100)")
        // What is run again may be published again.
        try run.clear("b")
        try run.start()
        try run.end("b")
        #expect(run.machine.isToBePublished)
        try run.tell(.publish(.success(publication)))
        #expect(run.machine.state == .success)
    }

    @Test func nothingOfAFailedRunIsPublished() throws {
        var run = DrivenRun([step("a"), step("b")])
        try run.start()
        try end("a", of: &run, commit: commit)
        try run.end("b", .failed)
        #expect(run.machine.state == .failed && !run.machine.isToBePublished)
        #expect(run.projection?.run.published == nil && run.projection?.run.commit == commit)
    }

    @Test func aRunWithoutDataEndsByItself() throws {
        var run = DrivenRun([step("a")])
        try run.start()
        try end("a", of: &run, commit: nil)
        #expect(run.machine.state == .success)
    }

    @Test func cancellingWhileItIsPublishedChangesNothing() throws {
        var run = DrivenRun([step("a")])
        try run.start()
        try end("a", of: &run, commit: commit)
        try run.tell(.cancel(reason: "enough"))
        #expect(run.machine.isToBePublished)
        try run.tell(.publish(.success(publication)))
        #expect(run.machine.state == .success)
    }
}
