import Foundation
public import MartletCore
import MartletRuntime
import MartletScheduling
import OrderedCollections
public import Testing

/// What became of a pipeline under test.
public struct PipelineTestResult: Sendable {
    private let result: TestRunResult
    private let manifest: PipelineManifest
    private let project: String
    private let scratch: TestScratch

    init(_ result: TestRunResult, manifest: PipelineManifest, project: String, scratch: TestScratch) {
        self.result = result
        self.manifest = manifest
        self.project = project
        self.scratch = scratch
    }

    /// How the run ended.
    public var state: RunState { result.projection.run.state }

    /// Why it ended so; nil after a success.
    public var reason: String? { result.projection.run.reason }

    /// The run's folder; it goes away with this result.
    public var folder: String { result.folder }

    /// The run's log.
    public var events: [RecordedEvent] { result.events }

    /// Every attempt, as in `train#1`, in the order in which they were launched.
    public var attempts: [String] { result.launches.map { "\($0.context.instance)#\($0.context.attempt)" } }

    /// What became of a step, or of one instance of a mapped one as in `train[2]`.
    ///
    /// A name that no step has is recorded as an issue.
    public func step(_ name: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) -> TestedStep {
        guard let id = InstanceID(name), let summary = result.projection.steps[id] ?? first(of: id) else {
            let known = manifest.steps.map(\.id.rawValue)
            let nearest = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
            Issue.record("pipeline \(manifest.pipeline) has no step \(name)\(nearest)", sourceLocation: sourceLocation)
            return TestedStep(StepSummary(id: InstanceID(StepID(trusted: name))), log: "", rendering: nil)
        }
        let log = RunLayout(root: folder).attempt(summary.id, max(1, summary.attempts)).log
        return TestedStep(
            summary,
            log: String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self),
            rendering: result.rendering(of: summary.id, in: manifest)?.results
        )
    }

    /// A mapped step is spoken for by its first instance.
    private func first(of id: InstanceID) -> StepSummary? {
        id.index == nil ? result.projection.steps[InstanceID(id.step, 0)] : nil
    }

    /// All instances of a step.
    public func instances(of step: String) -> [TestedStep] {
        result.projection.steps.values.filter { $0.id.step.rawValue == step }.map {
            TestedStep($0, log: "", rendering: result.rendering(of: $0.id, in: manifest)?.results)
        }
    }

    /// The files that the run wrote of a dataset; several when mapped steps wrote it, none when nothing did.
    public func files(of dataset: String) -> [String] {
        result.outputs(of: DatasetID(trusted: dataset)).map(\.path)
    }

    /// The rows that the run wrote of a dataset, as texts by column.
    ///
    /// - Throws: ``MartletError`` MT1055 when it has none; Parquet files need `martlet` to be found.
    public func rows(of dataset: String) async throws(MartletError) -> [[String: String]] {
        let reader = TestPrograms.tables(result.projection.run, project: project, scratch: scratch.path)
        var rows: [[String: String]] = []
        let outputs = result.outputs(of: DatasetID(trusted: dataset))
        if outputs.isEmpty { throw MartletError(.rowsUnreadable, "the run wrote no dataset \(dataset)") }
        for output in outputs {
            let table = try await reader.read(output.path, format: output.format)
            rows += table.rows.map { row in
                Dictionary(zip(table.columns, row), uniquingKeysWith: { first, _ in first })
            }
        }
        return rows
    }
}

/// What became of one step of a pipeline under test.
public struct TestedStep: Sendable {
    private let summary: StepSummary
    /// What its last attempt printed.
    public let log: String
    /// What its templates became in its last attempt, in the shape of YAML; nil when it was never launched.
    ///
    /// Paths start from the project's folder or from the run's.
    public let rendering: JSONValue?

    init(_ summary: StepSummary, log: String, rendering: JSONValue?) {
        self.summary = summary
        self.log = log
        self.rendering = rendering
    }

    /// Where the step stands.
    public var state: StepState { summary.state }
    /// How many attempts were started.
    public var attempts: Int { summary.attempts }
    /// The values that its last attempt reported.
    public var values: [String: JSONValue] { summary.outcome?.values ?? [:] }
    /// The numbers that its last attempt reported.
    public var metrics: [String: Double] { summary.outcome?.metrics ?? [:] }
    /// Why its last attempt did not succeed.
    public var error: MartletError? { summary.outcome?.error }
    /// Why it has its state, where that is not plain.
    public var reason: String? { summary.reason }
}
