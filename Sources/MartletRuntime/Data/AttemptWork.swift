import MartletCore

/// An attempt as ``RunData`` sees it: what is launched, and where its data comes from and goes to.
struct AttemptWork: Sendable {
    /// What is launched; the paths of its inputs may still change.
    var launch: AttemptLaunch
    /// The run.
    var run: RunID
    /// The step instance.
    var step: InstanceID
    /// Whether the step's instances each write a part of its datasets.
    var isMapped: Bool
    /// The branch that the run is based on and will be published in.
    var target: BranchName
    /// The hash of the pipeline's manifest.
    var manifestHash: String
    /// What it reads.
    var inputs: [AttemptInput]
    /// Whether an earlier result may be used: nobody has asked for it to be made anew.
    var mayReuse: Bool
    /// Why not, for people.
    var refusal: String?

    /// Whether it has to do with the lake at all.
    var touchesData: Bool { !inputs.isEmpty || !launch.step.outputs.isEmpty || launch.step.cache?.isEnabled == true }
}

/// A dataset that an attempt reads.
struct AttemptInput: Sendable {
    /// Where it comes from.
    enum Origin: Sendable {
        /// Steps of this run wrote it; with indices, it is the folder of all parts.
        case written([(index: Int?, output: DatasetOutput)])
        /// It is a source of the pipeline.
        case source(SourceSpec)
        /// Nobody has written it.
        case nowhere
    }

    /// The step's own name for it.
    var name: String
    /// The dataset.
    var dataset: DatasetID
    /// Where it comes from.
    var origin: Origin
    /// The path the attempt was to be told.
    var path: String
}

/// A dataset as an attempt will find it.
struct ReadInput: Sendable {
    /// The step's own name for it.
    var name: String
    /// Where it is.
    var path: String
    /// How it stands in the lake: one version, or one of each part; empty when it is not in the lake.
    var versions: [DatasetVersion]
}

/// A run whose data is to be published.
struct PublishRequest: Sendable {
    var run: RunID
    var pipeline: PipelineID
    var manifestHash: String
    var root: String
    var params: [String: JSONValue]
    var target: PublishSpec
    /// The parts of each dataset that has parts.
    var parts: [DatasetID: Set<Int>]
    var writings: [Publication.Writing]
    var verdicts: [RunOrigin.Verdict]
}
