import Foundation
import MartletCore
import MartletTestKit
import Testing

@Suite struct ManifestTests {
    /// A sound manifest of random shape.
    private static func manifest(_ random: inout SeededGenerator) -> PipelineManifest {
        let count = Int.random(in: 1...8, using: &random)
        var steps: [StepManifest] = []
        for index in 0..<count {
            let before = steps.randomElement(using: &random)?.id
            let action: StepAction =
                switch Int.random(in: 0..<5, using: &random) {
                case 0:
                    .command(CommandAction(shell: "echo " + random.nastyText().replacingOccurrences(of: "{", with: "")))
                case 1: .command(CommandAction(arguments: ["echo", "{{ params.month }}"]))
                case 2: .python(PythonAction(script: "a.py", arguments: ["x"], requirements: ["numpy==1"]))
                case 3: .sql(SQLAction(text: "SELECT 1"))
                default: .swift(SwiftAction(valueInputs: []))
                }
            let input = steps.first?.outputs.first?.dataset
            steps.append(
                StepManifest(
                    id: StepID(trusted: "s\(index)"),
                    description: Bool.random(using: &random) ? "d" : nil,
                    action: action,
                    inputs: input.map { [InputSpec(name: PortName(trusted: "i"), dataset: $0)] } ?? [],
                    outputs: [
                        OutputSpec(
                            name: PortName(trusted: "o"),
                            dataset: DatasetID(trusted: "d/x\(index)"),
                            format: DatasetFormat.allCases.randomElement(using: &random)
                        )
                    ],
                    values: Bool.random(using: &random) ? [PortName(trusted: "v")] : nil,
                    after: before.map { [$0] } ?? [],
                    triggerRule: TriggerRule.allCases.randomElement(using: &random) ?? .always,
                    when: before.map { "{{ steps.\($0).state == 'success' }}" },
                    retry: RetryPolicy(retries: Int.random(in: 0...9, using: &random), delaySeconds: 0.5),
                    timeoutSeconds: Bool.random(using: &random) ? 2.5 : nil,
                    env: ["KEY": "value"],
                    skipExitCodes: [99]
                )
            )
        }
        let month = ParameterSpec(
            name: PortName(trusted: "month"),
            type: .integer,
            defaultValue: 1,
            minimum: 1,
            maximum: 12
        )
        return PipelineManifest(pipeline: PipelineID(trusted: "p"), params: [month], steps: steps)
    }

    @Test func generatedManifestsAreSoundAndSurviveJSON() throws {
        let seed: UInt64 = 20_260_107
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let manifest = Self.manifest(&random)
            let text = JSONText.encode(manifest)
            let problems = ManifestValidator.problems(in: manifest)
            #expect(problems.isEmpty, "seed \(seed): \(problems.map(\.error.message))")
            let decoded = try JSONText.decode(PipelineManifest.self, from: text)
            #expect(decoded == manifest, "seed \(seed)")
            #expect(JSONText.encode(decoded) == text, "seed \(seed)")
            #expect(PipelineGraph(manifest).order != nil)
        }
    }

    private func step(_ id: String, after: [String] = [], shell: String? = "true") -> StepManifest {
        var action = CommandAction(shell: shell ?? "")
        if shell == nil { action.shell = nil }
        return StepManifest(
            id: StepID(trusted: id),
            action: .command(action),
            after: after.map(StepID.init(trusted:))
        )
    }

    private func problems(_ steps: [StepManifest]) -> [String] {
        ManifestValidator.problems(in: PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: steps))
            .map { "\($0.error.code) \($0.pathText)" }
    }

    @Test func problemsHavePaths() {
        #expect(problems([]) == ["MT1004 steps"])
        #expect(problems([step("a"), step("a")]) == ["MT1007 steps[1].id"])
        #expect(problems([step("a", after: ["b"])]) == ["MT1008 steps[0].after[0]"])
        #expect(problems([step("a", after: ["a"])]) == ["MT1009 steps[0].after[0]"])
        #expect(problems([step("a", after: ["b"]), step("b", after: ["a"])]) == ["MT1009 steps[0].id"])
        #expect(problems([step("a", shell: nil)]) == ["MT1005 steps[0].command"])
        #expect(problems([step("a", shell: "")]) == ["MT1005 steps[0].command"])
        #expect(problems([step("a", shell: "{{ params.x }}")]) == ["MT1013 steps[0].command"])
        #expect(problems([step("a", shell: "{{ run.id.x }}")]) == ["MT1013 steps[0].command"])
        let wired = SwiftAction(valueInputs: [ValueReference(step: StepID(trusted: "no"), name: PortName(trusted: "v"))]
        )
        #expect(
            problems([StepManifest(id: StepID(trusted: "a"), action: .swift(wired))]) == [
                "MT1008 steps[0].swift.value_inputs[0]"
            ]
        )
        var slow = step("a")
        slow.retry.delaySeconds = 90_000
        slow.retry.maxDelaySeconds = -1
        #expect(problems([slow]) == ["MT1005 steps[0].retry_delay", "MT1005 steps[0].max_retry_delay"])
    }

    @Test func missingThingsNameTheirSection() {
        let manifest = PipelineManifest(
            pipeline: PipelineID(trusted: "p"),
            steps: [step("a", shell: "{{ steps.b.state }}")]
        )
        #expect(ManifestValidator.problems(in: manifest).map(\.missing) == [.steps])
    }

    @Test(.timeLimit(.minutes(30))) func manyProblemsAreFoundQuickly() {
        let steps = (0..<10_000).map { step("s\($0)", after: ["gone\($0)"], shell: "{{ steps.gone\($0).state }}") }
        let found = problems(steps)
        #expect(found.count >= Limits.diagnosticsPerFile && found.count < 2 * Limits.diagnosticsPerFile)
    }

    @Test func anActionHasOneKind() {
        #expect(throws: DecodingError.self) {
            try JSONText.decode(StepAction.self, from: #"{"sql":{"text":"a"},"branch":{"cases":[]}}"#)
        }
    }

    @Test(
        arguments: [
            ("a.csv", .csv), ("A.CSV.GZ", .csv), ("x.jsonl", .jsonl), ("x.ndjson", .jsonl), ("d/x.parquet", .parquet),
            ("x", nil), ("x.txt", nil), (".gz", nil),
        ] as [(String, DatasetFormat?)]
    )
    func formatsOfFileNames(name: String, format: DatasetFormat?) { #expect(DatasetFormat(fileName: name) == format) }
}
