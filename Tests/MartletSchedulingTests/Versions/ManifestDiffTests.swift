import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct ManifestDiffTests {
    static let base = PipelineManifest(
        pipeline: PipelineID(trusted: "p"),
        description: "what it was",
        tags: ["a"],
        schedule: ScheduleSpec(cron: "0 6 * * *"),
        params: [ParameterSpec(name: PortName(trusted: "month"), type: .integer, minimum: 1, maximum: 12)],
        sources: [SourceSpec(dataset: DatasetID(trusted: "raw"), path: "raw.csv")],
        steps: [work("a"), work("b", after: ["a"], retries: 1), work("c", after: ["b"])]
    )

    static func changed(_ body: (inout PipelineManifest) -> Void) -> ManifestDiff {
        var other = base
        body(&other)
        return ManifestDiff(from: base, to: other)
    }

    /// The changes as `key: old -> new`.
    static func texts(_ changes: [ManifestDiff.Change]) -> [String] {
        changes.map { "\($0.key): \($0.old?.jsonText ?? "-") -> \($0.new?.jsonText ?? "-")" }
    }

    @Test func theSameIsEmpty() {
        #expect(ManifestDiff(from: Self.base, to: Self.base).isEmpty)
    }

    @Test func keysOfThePipeline() {
        let diff = Self.changed { manifest in
            manifest.description = nil
            manifest.tags = ["a", "b"]
            manifest.schedule = ScheduleSpec(cron: "0 7 * * *", timezone: "Europe/Berlin")
            manifest.params[0].maximum = 6
            manifest.params.append(ParameterSpec(name: PortName(trusted: "full"), type: .boolean, defaultValue: false))
            manifest.sources = []
            manifest.policy.maxActiveRuns = 1
        }
        #expect(
            Self.texts(diff.pipeline) == [
                #"description: "what it was" -> -"#,
                #"params.full: - -> {"default":false,"type":"boolean"}"#,
                "params.month.maximum: 12 -> 6",
                "policy.max_active_runs: 16 -> 1",
                #"schedule.cron: "0 6 * * *" -> "0 7 * * *""#,
                #"schedule.timezone: - -> "Europe/Berlin""#,
                #"sources: [{"dataset":"raw","path":"raw.csv"}] -> -"#,
                #"tags: ["a"] -> ["a","b"]"#,
            ]
        )
        #expect(diff.changed.isEmpty && diff.added.isEmpty && diff.removed.isEmpty && !diff.isReordered)
    }

    @Test func stepsThatComeGoAndChange() {
        let diff = Self.changed { manifest in
            manifest.steps.remove(at: 2)
            manifest.steps.append(work("d", after: ["b"]))
            manifest.steps[1].retry.retries = 3
            manifest.steps[1].action = .python(PythonAction(script: "b.py"))
            manifest.steps[1].limits.pool = PoolName(trusted: "gpu")
        }
        #expect(diff.added.map(\.rawValue) == ["d"])
        #expect(diff.removed.map(\.rawValue) == ["c"])
        #expect(diff.changed.map(\.step.rawValue) == ["b"])
        #expect(
            Self.texts(diff.changed.first?.changes ?? []) == [
                #"command: {"arguments":["/bin/true"]} -> -"#,
                #"limits.pool: "default_pool" -> "gpu""#,
                #"python: - -> {"arguments":[],"requirements":[],"script":"b.py"}"#,
                "retry.retries: 1 -> 3",
            ]
        )
        #expect(diff.pipeline.isEmpty && !diff.isReordered)
    }

    @Test func partsAreComparedByName() {
        let ports = ["x", "y"].map { InputSpec(name: PortName(trusted: $0), dataset: DatasetID(trusted: "d/\($0)")) }
        var old = Self.base
        old.steps[0].inputs = ports
        var new = old
        new.steps[0].inputs = [ports[1], ports[0]]
        let moved = ManifestDiff(from: old, to: new)
        #expect(Self.texts(moved.changed.first?.changes ?? []) == [#"inputs: ["x","y"] -> ["y","x"]"#])
        new.steps[0].inputs[0].dataset = DatasetID(trusted: "e")
        let both = ManifestDiff(from: old, to: new)
        #expect(Self.texts(both.changed.first?.changes ?? []) == [#"inputs.y.dataset: "d/y" -> "e""#])
    }

    @Test func anotherOrderOfSteps() {
        let diff = Self.changed { $0.steps.swapAt(0, 2) }
        #expect(diff.isReordered && !diff.isEmpty)
        #expect(diff.changed.isEmpty && diff.added.isEmpty && diff.removed.isEmpty)
    }

    @Test(arguments: 0..<50) func forwardAndBackAreMirrors(_ seed: Int) {
        let diff = Self.changed { manifest in
            manifest.steps[seed % 3].retry.retries = seed + 7
            if seed % 2 == 0 { manifest.steps.append(work("n\(seed)")) }
            if seed % 5 == 0 { manifest.owner = "ada" }
        }
        var other = Self.base
        other.steps[seed % 3].retry.retries = seed + 7
        if seed % 2 == 0 { other.steps.append(work("n\(seed)")) }
        if seed % 5 == 0 { other.owner = "ada" }
        let back = ManifestDiff(from: other, to: Self.base)
        #expect(back.added == diff.removed && back.removed == diff.added)
        #expect(back.pipeline.map { [$0.old, $0.new] } == diff.pipeline.map { [$0.new, $0.old] })
        #expect(
            back.changed.flatMap(\.changes).map { [$0.old, $0.new] }
                == diff.changed.flatMap(\.changes).map { [$0.new, $0.old] }
        )
    }
}
