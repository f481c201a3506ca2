public import MartletCore

/// The pipelines of a project as its files define them.
public struct PipelineDefinitions: Sendable {
    /// One pipeline.
    public struct Definition: Sendable {
        /// The pipeline, its defaults resolved.
        public var manifest: PipelineManifest
        /// The file or program it was read from; relative to the project root.
        public var source: String
        /// The user's program, for a pipeline written in Swift.
        public var program: String?

        /// A pipeline that was read from `source`.
        public init(manifest: PipelineManifest, source: String, program: String? = nil) {
            self.manifest = manifest
            self.source = source
            self.program = program
        }
    }

    /// A file that cannot be read.
    public struct Problem: Sendable {
        /// The file.
        public var source: String
        /// All that is wrong in it.
        public var errors: [MartletError]

        /// What is wrong in `source`.
        public init(source: String, errors: [MartletError]) {
            self.source = source
            self.errors = errors
        }
    }

    /// The pipelines, by name each once.
    public var pipelines: [Definition]
    /// Files that cannot be read.
    public var problems: [Problem]

    /// What the files of a project say.
    public init(pipelines: [Definition] = [], problems: [Problem] = []) {
        self.pipelines = pipelines
        self.problems = problems
    }
}

/// Reads the pipelines of a project.
public protocol PipelineReading: Sendable {
    /// Reads all files.
    func read() -> PipelineDefinitions
    /// A text that changes when a file does; cheap, for it is asked often.
    var stamp: String { get }
}
