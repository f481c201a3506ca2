import MartletCore
import MartletTestKit
import OrderedCollections
import Testing

@testable import MartletCLI

/// The live view as values: no terminal is needed to see what it draws.
@Suite(.tags(.machine)) struct LivePictureTests {
    let start = Timestamp(microseconds: 1_767_268_800_000_000)

    private func picture(
        _ events: [RunEvent],
        steps: [String],
        progress: [InstanceID: StepProgress] = [:]
    ) throws -> LivePicture {
        let created = RunCreated(
            pipeline: PipelineID(trusted: "flights"),
            manifestHash: "",
            params: [:],
            program: nil,
            projectRoot: "/",
            martletVersion: "",
            slots: 4
        )
        let first = RecordedEvent(sequence: 1, at: start, event: .runCreated(created))
        let ids = steps.map { StepID(trusted: $0) }
        var projection = try #require(RunProjection(id: RunID(trusted: "r"), first: first, steps: ids))
        var attempts: [InstanceID: Timestamp] = [:]
        for (index, event) in events.enumerated() {
            projection.apply(RecordedEvent(sequence: index + 2, at: start + .seconds(index), event: event))
            if case .attemptStarted(let step, _) = event { attempts[step] = start + .seconds(index) }
        }
        return LivePicture(
            projection: projection,
            attemptStart: attempts,
            progress: progress,
            now: start + .seconds(10),
            style: .none
        )
    }

    private func finished(_ step: String, _ state: StepState, _ outcome: AttemptOutcome) -> RunEvent {
        .attemptFinished(
            AttemptFinished(step: InstanceID(StepID(trusted: step)), attempt: 1, outcome: outcome, state: state)
        )
    }

    @Test func statesTimesAndProgress() throws {
        let train = InstanceID(StepID(trusted: "train"))
        let lines = try picture(
            [
                .runStarted(Executor(host: "h", pid: 1)),
                .attemptStarted(step: InstanceID(StepID(trusted: "ingest")), attempt: 1),
                finished("ingest", .success, AttemptOutcome(.success, metrics: ["rows_out": 336_776])),
                .attemptStarted(step: train, attempt: 1),
            ],
            steps: ["ingest", "train", "report"],
            progress: [train: StepProgress(done: 1, total: 4, text: "epoch 1")]
        ).lines(width: 80, height: 24)
        #expect(
            lines == [
                "▶ flights  1/3 steps  10s",
                "  ✓ ingest  success       1.0s  336,776 rows",
                "  ▶ train   running       7.0s  █████░░░░░░░░░░░░░░░ 25% epoch 1",
                "  ◷ report  waiting             ",
            ]
        )
    }

    @Test(arguments: [20, 40, 80, 200]) func noLineIsWiderThanTheTerminal(_ width: Int) throws {
        let long = String(repeating: "long", count: 20)
        let lines = try picture(
            [
                .runStarted(Executor(host: "h", pid: 1)),
                .attemptStarted(step: InstanceID(StepID(trusted: long)), attempt: 3),
                finished(
                    long,
                    .failed,
                    AttemptOutcome(.failed, error: MartletError(.exitCode, "two\nlines\u{1b}[2J" + long))
                ),
            ],
            steps: [long, "b"]
        ).lines(width: width, height: 24)
        for line in lines { #expect(line.count < width && !line.contains("\n"), "\(line)") }
    }

    @Test func aTallPipelineShowsWhatMattersAndCountsTheRest() throws {
        let steps = (0..<100).map { "s\($0)" }
        var events: [RunEvent] = [.runStarted(Executor(host: "h", pid: 1))]
        for index in 0..<50 {
            events.append(.attemptStarted(step: InstanceID(StepID(trusted: "s\(index)")), attempt: 1))
            events.append(finished("s\(index)", index == 7 ? .failed : .success, AttemptOutcome(.success)))
        }
        events.append(.attemptStarted(step: InstanceID(StepID(trusted: "s99")), attempt: 1))
        let lines = try picture(events, steps: steps).lines(width: 80, height: 12)
        #expect(lines.count <= 11)
        #expect(lines.contains { $0.contains("▶ s99") })
        #expect(lines.contains { $0.contains("✕ s7") })
        #expect(lines.last?.contains("49 success") == true)
    }
}
