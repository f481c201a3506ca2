/// Something that describes a pipeline: a manifest, or a pipeline written in Swift.
public protocol DescribedPipeline: Sendable {
    /// What Martlet is told of the pipeline.
    var manifest: PipelineManifest { get }
    /// Everything wrong with it.
    var problems: [ManifestProblem] { get }
}

extension PipelineManifest: DescribedPipeline {
    /// The manifest itself.
    public var manifest: PipelineManifest { self }
    /// What ``ManifestValidator`` finds.
    public var problems: [ManifestProblem] { ManifestValidator.problems(in: self) }
}
