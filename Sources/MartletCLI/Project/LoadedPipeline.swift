import MartletCore

/// A pipeline that is ready to run, and where it came from.
struct LoadedPipeline: Sendable {
    /// The pipeline; nothing is wrong with it.
    var manifest: PipelineManifest
    /// The settings of its project; the defaults when it is in none.
    var project: ProjectFile
    /// The file or program as it was named.
    var file: String
    /// The user's program, when the pipeline is written in Swift; absolute.
    var program: String?

    /// The folder that relative paths start from; absolute.
    var projectRoot: String { project.root }
}
