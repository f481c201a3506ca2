import Foundation
import MartletCore
import MartletTestKit
import Testing

struct RunEventJSONTests {
    @Test(arguments: 1...UInt64(50)) func decodingUndoesEncoding(seed: UInt64) throws {
        var log = RandomRunLog(seed: seed)
        for recorded in log.next(60) {
            let text = JSONText.encode(recorded.event)
            #expect(try JSONText.decode(RunEvent.self, from: text) == recorded.event, "seed \(seed): \(text)")
            let members = try JSONText.decode([String: JSONValue].self, from: text)
            #expect(members["type"] == .string(recorded.event.name))
            #expect(members.keys.allSatisfy { $0 == $0.lowercased() })
        }
    }

    @Test func theRandomLogHasEveryKindOfEvent() {
        var log = RandomRunLog(seed: 1)
        #expect(Set(log.next(2_000).map(\.event.name)).count == 18)
    }

    @Test func anUnknownEventIsNamed() throws {
        let error = #expect(throws: DecodingError.self) {
            try JSONText.decode(RunEvent.self, from: #"{"type":"run_paused"}"#)
        }
        #expect(String(describing: try #require(error)).contains("run_paused"))
    }

    /// The permanent format; set `MARTLET_UPDATE_GOLDENS=1` to write the file anew, and never release that.
    @Test func theFormatStays() throws {
        let text = Self.log.map { JSONText.encode($0) + "\n" }.joined()
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE_GOLDENS"] == "1" {
            try text.write(to: Self.golden("run_log.jsonl"), atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: Self.golden("run_log.jsonl"), encoding: .utf8)
        #expect(text == expected)
        #expect(try Self.decode(expected) == Self.log)
    }

    /// What was written before there were schedules means the same as ever.
    @Test func oldLogsStayReadable() throws {
        let text = try String(contentsOf: Self.golden("run_log_v1.jsonl"), encoding: .utf8)
        #expect(try Self.decode(text) == Array(Self.log.prefix(11)))
    }

    private static func decode(_ lines: String) throws -> [RecordedEvent] {
        try lines.split(separator: "\n").map { try JSONText.decode(RecordedEvent.self, from: String($0)) }
    }

    private static func golden(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Goldens/" + name)
    }

    /// Every kind of event with every field; those of before there were schedules first.
    private static let log: [RecordedEvent] = {
        let (ingest, route) = (InstanceID(StepID(trusted: "ingest")), InstanceID(StepID(trusted: "route")))
        let created = RunCreated(
            pipeline: PipelineID(trusted: "flight_delays"),
            manifestHash: "9f86d081884c7d65",
            params: ["month": 1, "full": true, "label": "Größe"],
            program: "/opt/flights",
            projectRoot: "/srv/flights",
            martletVersion: "0.1.0",
            slots: 4
        )
        let failure = AttemptOutcome(
            .failed,
            exitCode: 3,
            signal: 9,
            error: MartletError(
                .exitCode,
                "step ingest failed",
                reason: "it ended with 3",
                remedy: "read its log",
                location: SourceLocation(file: "pipelines/flights.yaml", line: 12, column: 5),
                cause: "exit 3"
            ),
            retryable: false
        )
        let success = AttemptOutcome(
            .success,
            exitCode: 0,
            values: ["auc": 0.71, "names": .array(["a", nil])],
            metrics: ["rows_out": 336_776],
            outputs: [
                DatasetOutput(
                    name: PortName(trusted: "clean"),
                    dataset: DatasetID(trusted: "flights/clean"),
                    path: "/srv/flights/clean.csv",
                    format: .csv,
                    bytes: 1024
                )
            ]
        )
        let events: [RunEvent] = [
            .runCreated(created),
            .runStarted(Executor(host: "laptop", pid: 4711)),
            .stepScheduled(step: ingest),
            .attemptStarted(step: ingest, attempt: 1),
            .attemptFinished(
                AttemptFinished(
                    step: ingest,
                    attempt: 1,
                    outcome: failure,
                    state: .upForRetry,
                    retryAt: Timestamp(microseconds: 1_767_323_050_250_000)
                )
            ),
            .runResumed(Executor(host: "laptop", pid: 4712)),
            .attemptFinished(AttemptFinished(step: ingest, attempt: 2, outcome: success, state: .success)),
            .branchDecided(step: route, follow: [StepID(trusted: "publish")]),
            .stepResolved(
                step: InstanceID(StepID(trusted: "retrain")),
                state: .skipped,
                reason: "route follows publish"
            ),
            .cancelRequested(reason: "interrupted"),
            .runFinished(state: .cancelled, reason: "interrupted"),
        ]
        return (events + later).enumerated().map { index, event in
            let at = Timestamp(microseconds: 1_767_323_045_000_000 + Int64(index) * 1_500)
            return RecordedEvent(sequence: index + 1, at: at, event: event)
        }
    }()

    private static let later: [RunEvent] = {
        let train = StepID(trusted: "train")
        let now = Timestamp(microseconds: 1_767_323_050_250_000)
        var created = RunCreated(
            pipeline: PipelineID(trusted: "flight_delays"),
            manifestHash: "9f86d081884c7d65",
            params: [:],
            program: nil,
            projectRoot: "/srv/flights",
            martletVersion: "0.2.0",
            slots: 4
        )
        created.occasion = RunOccasion(
            kind: .backfill,
            logicalDate: now,
            intervalStart: now,
            intervalEnd: now,
            runAfter: now,
            timezone: "America/New_York",
            timezoneDatabase: "2026a",
            backfill: "flight_delays-20260102T030405Z-abc234",
            ordinal: 3,
            version: 2,
            partition: "eu",
            note: "ada",
            isUnattended: true
        )
        let written = DatasetEvent(
            position: 12,
            dataset: DatasetID(trusted: "flights/raw"),
            at: now,
            run: RunID(trusted: "load-20260102T030405Z-abc234"),
            step: InstanceID(train, 0),
            path: "/srv/flights/raw.csv",
            partition: "eu"
        )
        let cleared = ClearedSteps(
            steps: [InstanceID(train, 3)],
            manifestHash: "2c26b46b68ffc68f",
            version: 3,
            added: [StepID(trusted: "report")],
            removed: [InstanceID(StepID(trusted: "publish"))],
            note: "ada"
        )
        return [
            .runCreated(created),
            .datasetsTaken([written]),
            .stepsMapped(MappedSteps(steps: [train], items: ["a", .object(["k": 1])], labels: ["a", "k"])),
            .stepsHeld(steps: [InstanceID(train, 3)], reason: "pool gpu is full"),
            .attemptDeferred(step: InstanceID(train, 3), attempt: 1, state: .awaitingInput),
            .stopRequested(.failFast, reason: "step train[1] failed"),
            .cleared(cleared),
            .marked(MarkedSteps(steps: [InstanceID(train, 3)], state: .success, note: "ada")),
            .deadlineMissed(DeadlineMiss(deadline: 0, due: now)),
        ]
    }()
}
