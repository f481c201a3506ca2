import MartletCore
import MartletTestKit
import OrderedCollections
import Testing

struct RunProjectionTests {
    private let train = StepID(trusted: "train")
    private let created = RunCreated(
        pipeline: PipelineID(trusted: "p"),
        manifestHash: "hash",
        params: [:],
        program: nil,
        projectRoot: "/",
        martletVersion: "0.2.0",
        slots: 1
    )

    /// Rows of tables are keyed by place: whatever happens, a place keeps its step.
    @Test(arguments: 1...UInt64(40)) func placesStay(seed: UInt64) throws {
        var log = RandomRunLog(seed: seed)
        var projection = try #require(log.replay(log.next(1)))
        for recorded in log.next(200) {
            let before = projection.steps
            let changed = Set(projection.apply(recorded))
            #expect(projection.steps.count >= before.count)
            for (position, id) in before.keys.enumerated() {
                let now = projection.steps.keys[position]
                #expect(now == id || (id.index == nil && now == InstanceID(id.step, 0)), "seed \(seed)")
                #expect(changed.contains(now) || projection.steps[now] == before[id], "seed \(seed): \(recorded)")
            }
            for id in projection.steps.keys.dropFirst(before.count) { #expect(changed.contains(id)) }
        }
    }

    @Test func aMappedStepKeepsWhatItWas() throws {
        let projection = try replay([
            .attemptStarted(step: InstanceID(train), attempt: 2), .stepsMapped(mapped(["a", "b"], labels: ["one"])),
        ])
        #expect(projection.steps.keys == [InstanceID(train, 0), InstanceID(train, 1)])
        #expect(projection.steps.values.map(\.attempts) == [2, 0])
        // A list of labels that is too short is no fault of the log's reader.
        #expect(projection.steps.values.map(\.label) == ["one", nil])
    }

    @Test func onlyWhatHasAProcessRestarts() throws {
        let instances = (0..<3).map { InstanceID(train, $0) }
        let projection = try replay([
            .stepsMapped(mapped(["a", "b", "c"])), .attemptStarted(step: instances[0], attempt: 1),
            .attemptDeferred(step: instances[1], attempt: 1, state: .deferred),
            .stepResolved(step: instances[2], state: .failed, reason: "no"), .cleared(ClearedSteps(steps: instances)),
        ])
        #expect(projection.steps.values.map(\.state) == [.restarting, .none, .none])
        #expect(projection.steps.values.map(\.attempts) == [1, 1, 0])
        #expect(projection.steps.values.allSatisfy { $0.startedAt == nil && $0.finishedAt == nil && $0.reason == nil })
    }

    @Test func theEndOfAClearedAttemptLeavesNothing() throws {
        let step = InstanceID(train)
        let outcome = AttemptOutcome(.cancelled, error: MartletError(.runCancelled, "stopped"))
        let projection = try replay([
            .attemptStarted(step: step, attempt: 1), .cleared(ClearedSteps(steps: [step])),
            .attemptFinished(AttemptFinished(step: step, attempt: 1, outcome: outcome, state: .none)),
        ])
        #expect(projection.steps[step] == StepSummary(id: step, attempts: 1))
    }

    @Test func onlyARunThatHadEndedIsQueuedAgain() throws {
        let start = RunEvent.runStarted(Executor(host: "here", pid: 7))
        let clear = RunEvent.cleared(ClearedSteps(steps: [InstanceID(train)]))
        let going = try replay([start, clear]).run
        #expect(going.state == .running)
        #expect(going.startedAt != nil)
        let again = try replay([start, .runFinished(state: .failed, reason: "no"), clear]).run
        #expect(again.state == .queued)
        #expect(again.startedAt == nil && again.finishedAt == nil && again.reason == nil)
    }

    @Test func aStepThatComesBackGoesOnInItsRow() throws {
        let (first, second) = (InstanceID(train, 0), InstanceID(train, 1))
        let projection = try replay([
            .stepsMapped(mapped(["a", "b"])), .cleared(ClearedSteps(steps: [], removed: [first, second])),
            .cleared(ClearedSteps(steps: [], added: [train])),
        ])
        #expect(projection.steps.keys == [first, second])
        #expect(projection.steps.values.map(\.state) == [.none, .removed])
    }

    private func mapped(_ items: [String], labels: [String]? = nil) -> MappedSteps {
        MappedSteps(steps: [train], items: items.map { .string($0) }, labels: labels)
    }

    private func replay(_ events: [RunEvent]) throws -> RunProjection {
        let at = Timestamp(microseconds: 1)
        let first = RecordedEvent(sequence: 1, at: at, event: .runCreated(created))
        var projection = try #require(RunProjection(id: RunID(trusted: "p-1"), first: first, steps: [train]))
        for (index, event) in events.enumerated() {
            projection.apply(RecordedEvent(sequence: index + 2, at: at, event: event))
        }
        return projection
    }
}
