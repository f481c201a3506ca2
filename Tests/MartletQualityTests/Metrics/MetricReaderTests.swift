import MartletCore
import MartletQuality
import Testing

@Suite
struct MetricReaderTests {
    private let run = RunID(trusted: "p-1")

    private func log(_ events: [(Int, RunEvent)]) -> [RecordedEvent] {
        let created = RunCreated(
            pipeline: PipelineID(trusted: "p"),
            manifestHash: "0",
            params: [:],
            program: nil,
            projectRoot: "/",
            martletVersion: "0",
            slots: 1
        )
        return ([(0, .runCreated(created))] + events).enumerated().map { index, item in
            RecordedEvent(sequence: index + 1, at: Timestamp(microseconds: Int64(item.0) * 1_000_000), event: item.1)
        }
    }

    private func finished(_ step: String, _ outcome: AttemptOutcome, index: Int? = nil) -> RunEvent {
        .attemptFinished(
            AttemptFinished(
                step: InstanceID(StepID(trusted: step), index),
                attempt: 1,
                outcome: outcome,
                state: outcome.result == .success ? .success : .failed
            )
        )
    }

    private func output(_ name: String, _ dataset: String, _ bytes: Int) -> DatasetOutput {
        DatasetOutput(
            name: PortName(trusted: name),
            dataset: DatasetID(trusted: dataset),
            path: "x",
            format: nil,
            bytes: bytes
        )
    }

    private let start = RunEvent.runStarted(Executor(host: "h", pid: 1))

    private func texts(_ reading: MetricReader.Reading?) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: (reading?.values ?? [:]).map { ($0.key.description, $0.value) })
    }

    @Test
    func aRunLeavesDurationsSizesAndWhatStepsReport() {
        let outcome = AttemptOutcome(.success, metrics: ["rows": 5, "loss": 0.5], outputs: [output("o", "d/x", 100)])
        let reading = MetricReader.reading(
            of: run,
            log: log([
                (1, start), (2, .attemptStarted(step: InstanceID(StepID(trusted: "a")), attempt: 1)),
                (5, finished("a", outcome)), (6, .runFinished(state: .success, reason: nil)),
            ])
        )
        #expect(reading?.succeeded == true)
        #expect(
            texts(reading) == [
                "run:duration": 5, "step:a:duration": 3, "step:a:loss": 0.5, "dataset:d/x:bytes": 100,
                "dataset:d/x:rows": 5,
            ]
        )
    }

    @Test
    func metricsAreOfTheOutputThatTheyName() {
        let outcome = AttemptOutcome(
            .success,
            metrics: ["left.rows": 1, "right.rows": 2, "rows": 3, "other.rows": 4],
            outputs: [output("left", "l", 0), output("right", "r", 0)]
        )
        let reading = MetricReader.reading(
            of: run,
            log: log([(1, finished("a", outcome)), (2, .runFinished(state: .success, reason: nil))])
        )
        let values = texts(reading)
        #expect(values["dataset:l:rows"] == 1)
        #expect(values["dataset:r:rows"] == 2)
        #expect(values["step:a:rows"] == 3)
        #expect(values["step:a:other.rows"] == 4)
    }

    @Test
    func copiesOfAStepCountTogether() {
        let events: [(Int, RunEvent)] = (0..<3).map { index in
            (
                index,
                finished("a", AttemptOutcome(.success, metrics: ["n": 2], outputs: [output("o", "d", 7)]), index: index)
            )
        }
        let values = texts(
            MetricReader.reading(of: run, log: log(events + [(9, .runFinished(state: .success, reason: nil))]))
        )
        #expect(values["step:a:n"] == 6)
        #expect(values["dataset:d:bytes"] == 21)
    }

    @Test
    func failuresAndNumbersThatAreNoneAreLeftOut() {
        let reading = MetricReader.reading(
            of: run,
            log: log([
                (1, start), (2, finished("a", AttemptOutcome(.failed, metrics: ["n": 1]))),
                (3, finished("b", AttemptOutcome(.success, metrics: ["n": .nan, "m": .infinity]))),
                (4, .runFinished(state: .failed, reason: "a failed")),
            ])
        )
        #expect(reading?.succeeded == false)
        #expect(texts(reading) == ["run:duration": 3, "step:b:duration": 0])
    }

    @Test
    func aRunThatGoesOnHasNone() {
        #expect(MetricReader.reading(of: run, log: log([(1, start)])) == nil)
        #expect(MetricReader.reading(of: run, log: []) == nil)
    }
}
