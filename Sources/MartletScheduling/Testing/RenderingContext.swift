public import MartletCore

extension TestSetup {
    /// What a step of `manifest` would be told in this test, without a run: the steps before it have come to their
    /// stubs.
    ///
    /// - Parameters:
    ///   - step: the step.
    ///   - manifest: the pipeline.
    ///   - project: the project's folder; absolute.
    ///   - placed: the fixtures by dataset.
    ///   - item: what a mapped step's instance is for; nil for others.
    /// - Returns: a context whose paths start from the project and from the run's folder.
    /// - Throws: ``MartletError`` MT1015 for parameters that do not fit.
    public func context(
        of step: StepManifest,
        in manifest: PipelineManifest,
        project: String,
        placed: [DatasetID: PlacedFixture],
        item: MapPlace? = nil
    ) throws(MartletError) -> StepContextDocument {
        let start = occasion.logicalDate ?? Timestamp(microseconds: 0)
        var context = StepContextDocument(
            runID: RunID(of: manifest.pipeline, at: start, suffix: "test"),
            pipeline: manifest.pipeline,
            step: step.id,
            attempt: 1,
            startedAt: start,
            project: project,
            workDirectory: "steps/\(step.id)/1/work",
            params: try manifest.resolveParameters(params),
            occasion: occasion,
            map: item
        )
        for other in manifest.steps where other.id != step.id {
            let stub = stubs[InstanceID(other.id)] ?? StepStub()
            let state: StepState =
                switch stub.ending {
                case .success: .success
                case .failed: .failed
                case .skipped: .skipped
                }
            context.states[other.id.rawValue] = state
            context.values[other.id.rawValue] = stub.values
        }
        for input in step.inputs {
            context.inputs[input.name.rawValue] = dataset(input.dataset, manifest, placed)
        }
        for output in step.outputs {
            context.outputs[output.name.rawValue] = StepContextDocument.Dataset(
                dataset: output.dataset,
                path: Self.place(of: output, by: step.id),
                format: output.format
            )
        }
        return context.relative()
    }

    private func dataset(
        _ id: DatasetID,
        _ manifest: PipelineManifest,
        _ placed: [DatasetID: PlacedFixture]
    ) -> StepContextDocument.Dataset {
        if let fixture = placed[id] { return .init(dataset: id, path: fixture.path, format: fixture.format) }
        if let source = manifest.sources.first(where: { $0.dataset == id }) {
            return .init(dataset: id, path: source.path, format: source.format)
        }
        for step in manifest.steps {
            guard let output = step.outputs.first(where: { $0.dataset == id }) else { continue }
            return .init(dataset: id, path: Self.place(of: output, by: step.id), format: output.format)
        }
        return .init(dataset: id, path: "", format: nil)
    }

    private static func place(of output: OutputSpec, by step: StepID) -> String {
        "steps/\(step)/1/outputs/\(output.name)\(output.format.map { ".\($0.rawValue)" } ?? "")"
    }
}
