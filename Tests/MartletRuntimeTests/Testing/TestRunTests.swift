import Foundation
import MartletCore
import MartletScheduling
import MartletTestKit
import OrderedCollections
import Testing

@testable import MartletRuntime

/// Runs with stubs; what is not stubbed goes to a launcher without processes.
@Suite(.tags(.machine)) struct TestRunTests {
    private static func step(
        _ id: String,
        _ action: StepAction = .command(CommandAction(arguments: ["/bin/sh", "-c", "exit 0"])),
        reads: [String] = [],
        writes: [String] = [],
        after: [String] = [],
        retries: Int = 0,
        map: MapSpec? = nil
    ) -> StepManifest {
        StepManifest(
            id: StepID(trusted: id),
            action: action,
            inputs: reads.map { InputSpec(name: PortName(trusted: $0), dataset: DatasetID(trusted: $0)) },
            outputs: writes.map {
                OutputSpec(name: PortName(trusted: $0), dataset: DatasetID(trusted: $0), format: .csv)
            },
            after: after.map(StepID.init(trusted:)),
            retry: RetryPolicy(retries: retries, delaySeconds: 3_600),
            map: map
        )
    }

    private static let manifest = PipelineManifest(
        pipeline: PipelineID(trusted: "demo"),
        sources: [SourceSpec(dataset: DatasetID(trusted: "raw"), path: "nowhere.csv", format: .csv)],
        steps: [
            step("fetch", reads: ["raw"], writes: ["rows"], retries: 2),
            step("each", reads: ["rows"], map: MapSpec([MapSource(.values(["a", "b"]))])),
            step("ask", .approve(ApproveAction(message: "ok?")), after: ["each"]),
            step("last", after: ["ask"]),
        ]
    )

    private func run(
        _ setup: TestSetup,
        _ manifest: PipelineManifest = manifest,
        base: FakeLauncher = FakeLauncher(),
        timeout: Duration = .seconds(600),
        clock: any Clock<Duration> = ContinuousClock(),
        place: Scratch
    ) async throws -> TestRunResult {
        let dependencies = RunService.Dependencies(
            store: InMemoryRunStore(),
            launcher: base,
            time: SystemTime(),
            ids: SeededIDs(),
            clock: clock,
            executor: Executor(host: "test", pid: 1)
        )
        let configuration = TestRun.Configuration(
            manifest: manifest,
            project: place.path + "/project",
            scratch: place.path + "/scratch",
            timeout: timeout
        )
        return try await TestRun(configuration, dependencies).run(setup)
    }

    private func instance(_ text: String) throws -> InstanceID { try #require(InstanceID(text)) }

    @Test func stubsAnswerAndTheRestRuns() async throws {
        let place = try Scratch()
        let rows = FixtureRows([["n": 1], ["n": 2]])
        let setup = TestSetup(
            fixtures: [
                DatasetID(trusted: "raw"): .text("x\n", format: .csv),
                DatasetID(trusted: "rows"): .rows(rows, format: nil),
            ],
            stubs: [
                try instance("fetch"): StepStub(failures: 2, values: ["count": 2], metrics: ["rows_out": 2]),
                try instance("each[1]"): StepStub(values: ["of": "b"]),
                try instance("ask"): StepStub(answer: "approve"),
            ]
        )
        let base = FakeLauncher()
        let result = try await run(setup, base: base, place: place)
        #expect(result.projection.run.state == .success)
        // Three attempts an hour apart did not take two hours.
        let fetch = try #require(result.projection.steps[instance("fetch")])
        #expect(fetch.attempts == 3 && fetch.outcome?.values == ["count": 2])
        #expect(fetch.outcome?.metrics == ["rows_out": 2])
        #expect(result.projection.steps[try instance("each[1]")]?.outcome?.values == ["of": "b"])
        #expect(result.projection.steps[try instance("ask")]?.outcome?.values == ["answer": "approve"])
        #expect(base.launched.map { String($0.prefix { $0 != "#" }) }.sorted() == ["each", "last"])
        let output = try #require(result.outputs(of: DatasetID(trusted: "rows")).first)
        #expect(try String(contentsOfFile: output.path, encoding: .utf8) == "n\n1\n2\n")
        // What the next step was given is the fixture.
        let next = try #require(result.launches.first { $0.step.id.rawValue == "each" })
        #expect(next.context.inputs["rows"]?.path == output.path)
        #expect(!FileManager.default.fileExists(atPath: place.path + "/project"))
        #expect(result.folder.hasPrefix(place.path + "/scratch/.martlet/runs/demo-"))
    }

    @Test func fixturesOfOutputsComeBeforeThoseOfDatasets() async throws {
        let place = try Scratch()
        let rows = PortName(trusted: "rows")
        let setup = TestSetup(
            fixtures: [DatasetID(trusted: "rows"): .text("dataset", format: nil)],
            stubs: [
                try instance("fetch"): StepStub(outputs: [rows: .text("output", format: .jsonl)]),
                try instance("each"): StepStub(), try instance("ask"): StepStub(answer: "reject"),
            ]
        )
        let result = try await run(setup, place: place)
        let output = try #require(result.outputs(of: DatasetID(trusted: "rows")).first)
        #expect(try String(contentsOfFile: output.path, encoding: .utf8) == "output")
        #expect(output.format == .jsonl && output.path.hasSuffix(".jsonl"))
        #expect(result.projection.steps[try instance("ask")]?.state == .skipped)
        #expect(result.projection.steps[try instance("last")]?.state == .skipped)
    }

    @Test func anotherCommandTakesTheStepsPlace() async throws {
        let place = try Scratch()
        let failing = StepStub(command: CommandAction(arguments: ["/bin/sh", "-c", "exit 7"]))
        let manifest = PipelineManifest(
            pipeline: PipelineID(trusted: "p"),
            steps: [Self.step("each", map: MapSpec([MapSource(.values([1, 2]))]))]
        )
        let result = try await run(TestSetup(stubs: [try instance("each[1]"): failing]), manifest, place: place)
        #expect(result.projection.steps[try instance("each[0]")]?.state == .success)
        #expect(result.projection.steps[try instance("each[1]")]?.outcome?.exitCode == 7)
    }

    @Test func aStubWithoutAFixtureWritesAnEmptyFile() async throws {
        let place = try Scratch()
        let manifest = PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: [Self.step("a", writes: ["x"])])
        let result = try await run(TestSetup(stubs: [try instance("a"): StepStub()]), manifest, place: place)
        #expect(result.outputs(of: DatasetID(trusted: "x")).map(\.bytes) == [0])
    }

    @Test func aMissingFixtureIsAnError() async throws {
        let place = try Scratch()
        let setup = TestSetup(fixtures: [DatasetID(trusted: "raw"): .file("/nowhere/raw.csv")])
        let error = await #expect(throws: MartletError.self) { try await self.run(setup, place: place) }
        #expect(error?.code == .fileUnreadable)
    }

    @Test func aRunThatTakesTooLongIsEnded() async throws {
        let place = try Scratch()
        let sleeping = CommandAction(arguments: ["/bin/sh", "-c", "sleep 1000"])
        let manifest = PipelineManifest(
            pipeline: PipelineID(trusted: "slow"),
            steps: [Self.step("a", .command(sleeping))]
        )
        // Its time is over as soon as it has begun.
        let result = try await run(TestSetup(), manifest, timeout: .zero, place: place)
        #expect(result.isTimedOut)
        #expect(result.projection.run.state == .cancelled)
        #expect(result.projection.run.reason != nil)
    }

    @Test func templatesOfALaunchedStepAreSeen() async throws {
        let place = try Scratch()
        let action = CommandAction(arguments: [
            "/bin/sh", "-c", "{{ inputs.raw }} {{ outputs.x }} {{ attempt.number }}",
        ])
        var step = Self.step("a", .command(action), reads: ["raw"], writes: ["x"], retries: 1)
        step.when = "{{ run.kind == 'manual' }}"
        let manifest = PipelineManifest(
            pipeline: PipelineID(trusted: "p"),
            sources: [SourceSpec(dataset: DatasetID(trusted: "raw"), path: "data/raw.csv")],
            steps: [step, Self.step("b", after: ["a"])]
        )
        let setup = TestSetup(stubs: [try instance("a"): StepStub(.failed)])
        let result = try await run(setup, manifest, place: place)
        let rendering = try #require(result.rendering(of: instance("a"), in: manifest))
        #expect(rendering.results["command"] == .array(["/bin/sh", "-c", "data/raw.csv steps/a/2/outputs/x.csv 2"]))
        #expect(rendering.results["when"] == true)
        #expect(result.rendering(of: try instance("b"), in: manifest) == nil)
    }
}
