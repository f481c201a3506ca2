public import MartletCore

/// Makes logs at random: every kind of event, in orders that no machine would produce.
///
/// What a store does with a log must not depend on the log making sense.
public struct RandomRunLog: Sendable {
    /// The run that the log is about.
    public let run: RunID
    /// A stand-in for the manifest's SHA-256.
    public let hash: String
    /// The run's pipeline, of six steps at most.
    public let manifest: PipelineManifest
    /// The sequence of the last event made.
    public private(set) var lastSequence = 0
    /// The date that the run stands for, if it does for any; no other seed's run has it.
    private let date: Timestamp
    private var generator: SeededGenerator

    /// The log that follows from `seed`.
    public init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        let pipeline = PipelineID(trusted: "pipeline_\(seed % 3)")
        run = RunID(of: pipeline, at: Timestamp(microseconds: Int64(seed) * 1_000_000), suffix: "run\(seed)")
        hash = "hash-\(seed)"
        date = Timestamp(microseconds: Int64(seed) * 3_600_000_000)
        let steps = (0..<Int.random(in: 0...6, using: &generator)).map { StepID(trusted: "step-\($0)") }
        manifest = PipelineManifest(
            pipeline: pipeline,
            description: "Größe \u{1F426} of \(seed)",
            steps: steps.map { StepManifest(id: $0, action: .command(CommandAction(shell: "echo '\($0)'"))) }
        )
    }

    /// The next `count` events; the first of all creates the run.
    public mutating func next(_ count: Int) -> [RecordedEvent] {
        (0..<count).map { _ in
            lastSequence += 1
            let at = time()
            return RecordedEvent(sequence: lastSequence, at: at, event: lastSequence == 1 ? creation() : event())
        }
    }

    /// What `log` comes to when it is applied event by event; nil for an empty log.
    public func replay(_ log: [RecordedEvent]) -> RunProjection? {
        guard let first = log.first else { return nil }
        var projection = RunProjection(id: run, first: first, steps: manifest.steps.map(\.id))
        for event in log.dropFirst() { projection?.apply(event) }
        return projection
    }

    private mutating func creation() -> RunEvent {
        .runCreated(
            RunCreated(
                pipeline: manifest.pipeline,
                manifestHash: hash,
                params: values(),
                program: maybe(text()),
                projectRoot: "/tmp/" + text(),
                martletVersion: "0.1.0",
                slots: number(),
                occasion: occasion()
            )
        )
    }

    private mutating func occasion() -> RunOccasion {
        RunOccasion(
            kind: any(RunKind.self),
            logicalDate: maybe(date),
            intervalStart: maybe(time()),
            intervalEnd: maybe(time()),
            runAfter: maybe(time()),
            timezone: maybe("Europe/Athens"),
            timezoneDatabase: maybe("2026a"),
            backfill: maybe(text()),
            ordinal: maybe(number()),
            version: maybe(number()),
            partition: maybe(text()),
            note: maybe(text()),
            isUnattended: Bool.random(using: &generator)
        )
    }

    private mutating func event() -> RunEvent {
        switch Int.random(in: 0..<22, using: &generator) {
        case 0: creation()
        case 1: .runStarted(Executor(host: text(), pid: number()))
        case 2: .runResumed(Executor(host: text(), pid: number()))
        case 3, 4: .stepScheduled(step: step())
        case 5, 6: .attemptStarted(step: step(), attempt: Int.random(in: 1...3, using: &generator))
        case 7...9: .attemptFinished(attempt())
        case 10: .stepResolved(step: step(), state: any(StepState.self), reason: text())
        case 11: .branchDecided(step: step(), follow: [step().step, step().step])
        case 12: .cancelRequested(reason: text())
        case 13: .runFinished(state: any(RunState.self), reason: maybe(text()))
        case 14: .datasetsTaken((0..<Int.random(in: 0...3, using: &generator)).map { _ in writing() })
        case 15, 16: .stepsMapped(items())
        case 17: .stepsHeld(steps: [step(), step()], reason: text())
        case 18:
            .attemptDeferred(
                step: step(),
                attempt: Int.random(in: 1...3, using: &generator),
                state: any(StepState.self)
            )
        case 19: .cleared(clearing())
        case 20: .marked(MarkedSteps(steps: [step(), step()], state: any(StepState.self), note: maybe(text())))
        default:
            Bool.random(using: &generator)
                ? .stopRequested(any(RunStop.self), reason: text())
                : .deadlineMissed(DeadlineMiss(deadline: number(), due: time()))
        }
    }

    private mutating func writing() -> DatasetEvent {
        DatasetEvent(
            position: Int.random(in: 1...1_000, using: &generator),
            dataset: DatasetID(trusted: "flights/raw"),
            at: time(),
            run: maybe(run),
            step: maybe(step()),
            path: maybe(text()),
            partition: maybe(text())
        )
    }

    private mutating func items() -> MappedSteps {
        let count = Int.random(in: 0...4, using: &generator)
        return MappedSteps(
            steps: [step().step, step().step],
            items: (0..<count).map { .integer($0) },
            labels: maybe((0..<count).map { _ in text() })
        )
    }

    private mutating func clearing() -> ClearedSteps {
        ClearedSteps(
            steps: [step(), step()],
            manifestHash: maybe(hash),
            version: maybe(number()),
            added: Bool.random(using: &generator) ? [step().step] : [],
            removed: Bool.random(using: &generator) ? [step()] : [],
            note: maybe(text())
        )
    }

    private mutating func attempt() -> AttemptFinished {
        let error = MartletError(
            ErrorCode(2000 + Int.random(in: 1...16, using: &generator)),
            text(),
            reason: maybe(text()),
            remedy: maybe(text()),
            location: maybe(SourceLocation(file: text(), line: maybe(number()), column: maybe(number()))),
            cause: maybe(text())
        )
        let output = DatasetOutput(
            name: PortName(trusted: "out"),
            dataset: DatasetID(trusted: "flights/clean"),
            path: text(),
            format: maybe(any(DatasetFormat.self)),
            bytes: number()
        )
        let outcome = AttemptOutcome(
            any(AttemptOutcome.Result.self),
            exitCode: maybe(number()),
            signal: maybe(number()),
            error: maybe(error),
            retryable: Bool.random(using: &generator),
            values: values(),
            metrics: ["rows": Double(number()), "auc": Double.random(in: -1...1, using: &generator)],
            outputs: Bool.random(using: &generator) ? [output] : []
        )
        return AttemptFinished(
            step: step(),
            attempt: Int.random(in: 1...3, using: &generator),
            outcome: outcome,
            state: any(StepState.self),
            retryAt: maybe(Timestamp(microseconds: Int64(number())))
        )
    }

    /// A step of the manifest, or one that it does not have, as a whole or an instance of it.
    private mutating func step() -> InstanceID {
        let step = StepID(trusted: "step-\(Int.random(in: 0...7, using: &generator))")
        return InstanceID(step, maybe(Int.random(in: 0...5, using: &generator)))
    }

    private mutating func time() -> Timestamp {
        Timestamp(microseconds: Int64.random(in: -1_000_000...2_000_000_000_000_000, using: &generator))
    }

    // Whole numbers with a fraction of zero are left out: JSON does not tell 2.0 from 2.
    private mutating func values() -> [String: JSONValue] {
        let choices: [JSONValue] = [
            .null, .bool(true), .integer(number()), .number(0.25), .string(text() + "\u{0}"), .array([1, "two", nil]),
            .object([text(): .object(["deep": .array([])])]),
        ]
        var values: [String: JSONValue] = [:]
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            values[text()] = choices.randomElement(using: &generator)
        }
        return values
    }

    private mutating func text() -> String {
        let texts = [
            "", "plain", "déjà vu", "日本語 \u{1F426}\u{200D}\u{2B1B}", "\"quoted\" \\ 'single' %s ?1",
            "two\nlines\ttab\r\n", "a/b", "\u{7}\u{1B}[0m", "e\u{301}", "\u{10FFFF}",
        ]
        return texts.randomElement(using: &generator) ?? ""
    }

    private mutating func number() -> Int {
        [0, 1, -1, 99, 336_776, 1 << 40, -(1 << 40)].randomElement(using: &generator) ?? 0
    }

    private mutating func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &generator) ? value : nil }

    private mutating func any<Choice: CaseIterable>(_ type: Choice.Type) -> Choice where Choice.AllCases == [Choice] {
        type.allCases[Int.random(in: 0..<type.allCases.count, using: &generator)]
    }
}
