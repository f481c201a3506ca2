import MartletCore
import MartletScheduling
import MartletTestKit
import Testing

@Suite(.tags(.machine)) struct StepRenderingTests {
    private let manifest = PipelineManifest(
        pipeline: PipelineID(trusted: "churn"),
        params: [ParameterSpec(name: PortName(trusted: "month"), type: .integer, defaultValue: 1)],
        sources: [SourceSpec(dataset: DatasetID(trusted: "raw"), path: "data/raw.csv", format: .csv)],
        steps: [
            StepManifest(
                id: StepID(trusted: "fetch"),
                action: .command(
                    CommandAction(shell: "./fetch '{{ params.month }}' {{ inputs.raw }} > {{ outputs.rows }}")
                ),
                inputs: [InputSpec(name: PortName(trusted: "raw"), dataset: DatasetID(trusted: "raw"))],
                outputs: [
                    OutputSpec(name: PortName(trusted: "rows"), dataset: DatasetID(trusted: "clean"), format: .csv)
                ],
                when: "{{ params.month < 6 }}",
                env: ["DAY": "{{ run.logical_date }}", "HOME": "{{ project.root }}"]
            ),
            StepManifest(
                id: StepID(trusted: "load"),
                action: .sql(SQLAction(text: "SELECT {{ steps.fetch.values.name }}, {{ steps.fetch.state }}")),
                inputs: [InputSpec(name: PortName(trusted: "rows"), dataset: DatasetID(trusted: "clean"))],
                variables: [VariableName(trusted: "region")]
            ),
            StepManifest(
                id: StepID(trusted: "train"),
                action: .python(
                    PythonAction(script: "train.py", arguments: ["--on", "{{ item.day }}", "{{ vars.region }}"])
                )
            ),
        ]
    )

    private func rendering(_ step: String, _ setup: TestSetup, item: JSONValue? = nil) throws -> StepRendering {
        let known = try #require(manifest.step(StepID(trusted: step)))
        let context = try setup.context(
            of: known,
            in: manifest,
            project: "/home/me/churn",
            placed: [:],
            item: item.map { MapPlace(index: 0, count: 1, item: $0, label: "") }
        )
        return StepRendering(of: known, in: context, settings: setup.settings.lookup)
    }

    @Test func aCommandReadsAsPeopleReadIt() throws {
        let setup = TestSetup(
            params: ["month": 7],
            occasion: RunOccasion(logicalDate: Timestamp(rfc3339: "2026-01-02T00:00:00Z"))
        )
        let rendering = try rendering("fetch", setup)
        #expect(rendering.failures.isEmpty)
        #expect(
            rendering.results
                == .object([
                    "command": "./fetch '7' data/raw.csv > steps/fetch/1/outputs/rows.csv", "when": false,
                    "env": .object(["DAY": "2026-01-02T00:00:00.000000Z", "HOME": "."]),
                ])
        )
    }

    @Test func sqlIsWhatTheEngineGets() throws {
        let setup = TestSetup(stubs: [
            InstanceID(StepID(trusted: "fetch")): StepStub(.skipped, values: ["name": "O'Hare"])
        ])
        #expect(try rendering("load", setup).results["sql"] == "SELECT 'O''Hare', 'skipped'")
    }

    @Test func whatIsMissingIsTold() throws {
        #expect(try rendering("load", TestSetup()).failures == ["sql": "steps.fetch.values.name is not defined"])
        let rendering = try rendering("train", TestSetup())
        #expect(rendering.results["python"] == "train.py")
        #expect(rendering.results["args"] == .array(["--on"]))
        #expect(rendering.failures.keys.sorted() == ["args[1]", "args[2]"])
    }

    @Test func itemsAndSettingsAreSeen() throws {
        let setup = TestSetup(variables: [VariableName(trusted: "region"): "eu"])
        let rendering = try rendering("train", setup, item: .object(["day": "mon"]))
        #expect(rendering.results["args"] == .array(["--on", "mon", "eu"]))
    }

    @Test func pathsOfARunAreShownFromItsFolder() throws {
        let context = StepContextDocument(
            runID: RunID(trusted: "r"),
            pipeline: manifest.pipeline,
            step: StepID(trusted: "fetch"),
            attempt: 1,
            startedAt: Timestamp(seconds: 0),
            project: "/p",
            workDirectory: "/tmp/t/runs/r/steps/fetch/1/work",
            inputs: ["raw": .init(dataset: DatasetID(trusted: "raw"), path: "/p/data/raw.csv", format: nil)],
            outputs: ["rows": .init(dataset: DatasetID(trusted: "clean"), path: "/tmp/t/runs/r/steps/x", format: nil)]
        ).relative(toRun: "/tmp/t/runs/r")
        #expect(context.inputs["raw"]?.path == "data/raw.csv")
        #expect(context.outputs["rows"]?.path == "steps/x")
        #expect(context.workDirectory == "steps/fetch/1/work")
        #expect(context.project == ".")
    }
}
