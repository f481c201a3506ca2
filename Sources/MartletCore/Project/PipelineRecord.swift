/// A pipeline as the scheduler knows it: its newest version and what operators have set.
public struct PipelineRecord: Hashable, Codable, Sendable {
    /// The pipeline.
    public var pipeline: PipelineID
    /// The number of its newest version, from 1.
    public var version: Int
    /// The SHA-256 under which the store keeps the manifest of that version.
    public var manifestHash: String
    /// The file or program it was read from; relative to the project root.
    public var source: String
    /// The user's program, when the pipeline is written in Swift.
    public var program: String?
    /// Whether the scheduler starts nothing of it.
    public var isPaused: Bool
    /// Why it is paused, or who did it; nil while it is not.
    public var pauseNote: String?
    /// When the scheduler first saw it.
    public var registeredAt: Timestamp
    /// When its newest version was seen first.
    public var versionAt: Timestamp
    /// The last writing of any dataset before it was registered: older ones do not start it.
    public var datasetsFrom: Int

    /// A record with these columns.
    public init(
        pipeline: PipelineID,
        version: Int,
        manifestHash: String,
        source: String,
        program: String? = nil,
        isPaused: Bool = false,
        pauseNote: String? = nil,
        registeredAt: Timestamp,
        versionAt: Timestamp,
        datasetsFrom: Int = 0
    ) {
        self.pipeline = pipeline
        self.version = version
        self.manifestHash = manifestHash
        self.source = source
        self.program = program
        self.isPaused = isPaused
        self.pauseNote = pauseNote
        self.registeredAt = registeredAt
        self.versionAt = versionAt
        self.datasetsFrom = datasetsFrom
    }
}

/// One version of a pipeline.
public struct PipelineVersion: Hashable, Codable, Sendable {
    /// The pipeline.
    public var pipeline: PipelineID
    /// Its number, from 1.
    public var number: Int
    /// The SHA-256 under which the store keeps its manifest.
    public var manifestHash: String
    /// When it was seen first.
    public var at: Timestamp

    /// Version `number` of `pipeline`.
    public init(pipeline: PipelineID, number: Int, manifestHash: String, at: Timestamp) {
        self.pipeline = pipeline
        self.number = number
        self.manifestHash = manifestHash
        self.at = at
    }
}
