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
        #expect(Set(log.next(500).map(\.event.name)).count == 10)
    }

    @Test func anUnknownEventIsNamed() throws {
        let error = #expect(throws: DecodingError.self) {
            try JSONText.decode(RunEvent.self, from: #"{"type":"run_paused"}"#)
        }
        #expect(String(describing: try #require(error)).contains("run_paused"))
    }

    /// The permanent format; set `MARTLET_UPDATE_GOLDENS=1` to write the file anew, and never release that.
    @Test func theFormatStays() throws {
        let golden = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent()
            .deletingLastPathComponent()
            .appendingPathComponent("Goldens/run_log.jsonl")
        let text = Self.log.map { JSONText.encode($0) + "\n" }.joined()
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE_GOLDENS"] == "1" {
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: golden, encoding: .utf8)
        #expect(text == expected)
        let decoded = try expected.split(separator: "\n").map {
            try JSONText.decode(RecordedEvent.self, from: String($0))
        }
        #expect(decoded == Self.log)
    }

    /// A run that shows every kind of event with every field.
    private static let log: [RecordedEvent] = {
        let (ingest, route) = (StepID(trusted: "ingest"), StepID(trusted: "route"))
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
            .stepResolved(step: StepID(trusted: "retrain"), state: .skipped, reason: "route follows publish"),
            .cancelRequested(reason: "interrupted"),
            .runFinished(state: .cancelled, reason: "interrupted"),
        ]
        return events.enumerated().map { index, event in
            let at = Timestamp(microseconds: 1_767_323_045_000_000 + Int64(index) * 1_500)
            return RecordedEvent(sequence: index + 1, at: at, event: event)
        }
    }()
}
