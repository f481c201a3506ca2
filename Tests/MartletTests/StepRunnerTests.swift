import Foundation
import MartletCore
import Synchronization
import Testing

@testable import Martlet

@Suite struct StepRunnerTests {
    /// Runs `step` of `pipeline`; returns its exit and its messages.
    private func run(
        _ step: String,
        of pipeline: Pipeline = Fixture.pipeline,
        in document: StepContextDocument
    ) async -> (exit: StepRunner.Exit, messages: [StepMessage]) {
        let box = MessageBox()
        let runner = StepRunner(pipeline: pipeline) { box.add($0) }
        let exit = await runner.run(StepID(trusted: step), in: document)
        return (exit, box.all)
    }

    /// Runs a step whose body is `body`.
    private func run(
        _ body: @escaping @Sendable (StepContext) async throws -> Void
    ) async -> (exit: StepRunner.Exit, messages: [StepMessage]) {
        let pipeline = Pipeline("p") { p in p.step("x", body: body) }
        return await run("x", of: pipeline, in: context(of: "x"))
    }

    @Test func bodyIsGivenItsInputsAndItsResultIsReported() async {
        let document = context(
            of: "stats",
            inputs: ["features": dataset("events/features", "/f"), "clean": dataset("events/clean.csv", "/c")],
            values: ["train": ["auc": 0.75]]
        )
        let (exit, messages) = await run("stats", in: document)
        #expect(exit == .success)
        #expect(
            messages == [
                .progress(StepProgress(done: 1, total: 2, text: "counting")),
                .metric(name: "rows_in.features", value: 3),
                .value(name: PortName(trusted: "result"), value: .object(["rows": 5, "meanScore": 0.75])),
            ]
        )
    }

    @Test func outputsAreWrittenAndValuesDecoded() async throws {
        try await withFolder { folder in
            let path = folder.appending(path: "top.jsonl").path(percentEncoded: false)
            let document = context(
                of: "top",
                outputs: ["top": dataset("events/top", path, .jsonl)],
                values: ["stats": ["result": .object(["rows": 1, "meanScore": 0.5])]]
            )
            let (exit, messages) = await run("top", in: document)
            #expect(exit == .success)
            #expect(messages == [])
            let written = try String(contentsOf: URL(filePath: path), encoding: .utf8)
            #expect(written == "{\"name\":\"a\",\"score\":0.5}\n")
        }
    }

    @Test func severalOutputsArriveAsATuple() async throws {
        try await withFolder { folder in
            let pipeline = Pipeline("p") { p in
                p.step("x", writes: Top.to("a"), Model.to("b")) { context, files in
                    try files.0.write("first")
                    try files.1.write("second")
                }
            }
            let a = folder.appending(path: "a").path(percentEncoded: false)
            let b = folder.appending(path: "b").path(percentEncoded: false)
            let document = context(of: "x", outputs: ["a": dataset("a", a), "b": dataset("b", b)])
            #expect(await run("x", of: pipeline, in: document).exit == .success)
            let written = try String(contentsOfFile: b, encoding: .utf8)
            #expect(written == "second")
        }
    }

    @Test func contextTellsOfTheAttempt() async {
        let (exit, messages) = await run { context in
            context.log("\(context.runID) \(context.step) \(context.attempt) \(context.project.path)", level: .debug)
            context.progress(0.5)
            try context.report("rows", 3)
        }
        #expect(exit == .success)
        #expect(
            messages == [
                .log(level: "debug", text: "churn-1 x 2 /project"),
                .progress(StepProgress(done: 0.5)),
                .value(name: PortName(trusted: "rows"), value: 3),
            ]
        )
    }

    @Test func parametersArriveWithTheirTypes() async {
        let pipeline = Pipeline("p") { p in
            let month = p.parameter("month", default: 1, in: 1...12)
            let mode = p.parameter("mode", default: Mode.fast)
            p.step("x", mode) { context, mode in "\(mode) \(try context[month] + 1)" }
        }
        let document = context(of: "x", params: ["month": 5, "mode": "thorough"])
        let (_, messages) = await run("x", of: pipeline, in: document)
        #expect(messages == [.value(name: PortName(trusted: "result"), value: "thorough 6")])
    }

    @Test func skippingIsNotFailing() async {
        let (exit, messages) = await run { _ in throw StepSkipped("nothing new") }
        #expect(exit == .skipped)
        #expect(exit.rawValue == 99)
        #expect(messages == [.skip(reason: "nothing new")])
    }

    @Test func thrownErrorsBecomeFailures() async {
        struct Odd: Error { var number = 3 }
        let (exit, messages) = await run { _ in throw Odd() }
        #expect(exit == .failed)
        guard case .failure(let error, true) = messages.first else {
            Issue.record("\(messages)")
            return
        }
        #expect(error.code == .stepThrew)
        #expect(error.message == "step x threw: Odd(number: 3)")
        #expect(error.cause?.contains("Odd") == true)
    }

    @Test func permanentFailuresAreNotTriedAgain() async {
        let (exit, messages) = await run { _ in throw PermanentFailure("no data", remedy: "wait") }
        #expect(exit == .failed)
        let error = MartletError(
            .stepThrew,
            "no data",
            reason: "step x says that trying again cannot help",
            remedy: "wait"
        )
        #expect(messages == [.failure(error: error, retry: false)])
    }

    @Test func errorsOfMartletKeepTheirNumbers() async {
        let (_, messages) = await run { _ in throw MartletError(.fileUnreadable, "gone") }
        #expect(messages == [.failure(error: MartletError(.fileUnreadable, "gone"), retry: true)])
    }

    @Test func missingAndMisshapenValuesAreExplained() async {
        let file = ["features": dataset("f", "/f"), "clean": dataset("c", "/c")]
        let missing = await run("stats", in: context(of: "stats", inputs: file))
        #expect(missing.messages.failure?.code == .valueMissing)
        guard case .failure(_, retry: false) = missing.messages.first else {
            Issue.record("wiring is the same the next time")
            return
        }
        let wrong = await run("stats", in: context(of: "stats", inputs: file, values: ["train": ["auc": "high"]]))
        #expect(wrong.messages.failure?.code == .valueInvalid)
        #expect(wrong.messages.failure?.message == "steps.train.values.auc is not a Double")
        let blind = await run("stats", in: context(of: "stats"))
        #expect(blind.messages.failure?.code == .inputMissing)
    }

    @Test func resultsTooLargeToPassOnAreRefused() async {
        let pipeline = Pipeline("p") { p in
            p.step("x") { _ in String(repeating: "x", count: Limits.valueBytes) }
        }
        let (exit, messages) = await run("x", of: pipeline, in: context(of: "x"))
        #expect(exit == .failed)
        #expect(messages.failure?.code == .limitExceeded)
    }

    @Test func onlySwiftStepsAreRun() async {
        let python = await run("train", in: context(of: "train"))
        #expect(python.exit == .failed)
        #expect(python.messages.failure?.reason == "it is a python step, which `martlet` runs by itself")
        let unknown = await run("stat", in: context(of: "stat"))
        #expect(unknown.messages.failure?.remedy == "did you mean stats?")
    }

    @Test func cancelledBodiesSayThatTheyWereStopped() async {
        let pipeline = Pipeline("p") { p in
            p.step("x") { context in
                context.log("waiting")
                try await Task.sleep(for: .seconds(3600))
            }
        }
        let (started, signal) = AsyncStream.makeStream(of: StepMessage.self)
        let attempt = Task {
            await StepRunner(pipeline: pipeline) { signal.yield($0) }.run(StepID(trusted: "x"), in: context(of: "x"))
        }
        var messages = started.makeAsyncIterator()
        #expect(await messages.next() == .log(level: "info", text: "waiting"))
        attempt.cancel()
        #expect(await attempt.value == .stopped)
        let failure = await messages.next().map { [$0].failure?.message }
        #expect(failure == "step x stopped because it was asked to")
    }
}

/// Collects messages from any thread.
private final class MessageBox: Sendable {
    private let messages = Mutex<[StepMessage]>([])

    func add(_ message: StepMessage) { messages.withLock { $0.append(message) } }
    var all: [StepMessage] { messages.withLock { $0 } }
}

extension [StepMessage] {
    /// The error of the only message, when it is a failure.
    var failure: MartletError? {
        if count == 1, case .failure(let error, _) = self[0] { error } else { nil }
    }
}
