/// What a run says of data it made: all that is needed to find out where the data came from.
public struct RunOrigin: Hashable, Codable, Sendable {
    /// The run.
    public var id: RunID
    /// Its pipeline.
    public var pipeline: PipelineID
    /// The step instance whose outputs these are; nil for a commit of the run as a whole.
    public var step: InstanceID?
    /// The number of the attempt.
    public var attempt: Int?
    /// The code that ran.
    public var code: CodeVersion
    /// The parameters of the run.
    public var params: [String: JSONValue]
    /// The SHA-256 of what the step ran in: interpreter, requirements, variables.
    public var environment: ObjectID?
    /// What the step read.
    public var inputs: [DatasetVersion]
    /// What checks said of this state.
    public var verdicts: [Verdict]

    /// The origin of what a run made.
    public init(
        id: RunID,
        pipeline: PipelineID,
        step: InstanceID? = nil,
        attempt: Int? = nil,
        code: CodeVersion,
        params: [String: JSONValue] = [:],
        environment: ObjectID? = nil,
        inputs: [DatasetVersion] = [],
        verdicts: [Verdict] = []
    ) {
        self.id = id
        self.pipeline = pipeline
        self.step = step
        self.attempt = attempt
        self.code = code
        self.params = params
        self.environment = environment
        self.inputs = inputs
        self.verdicts = verdicts
    }

    /// What a check said.
    public struct Verdict: Hashable, Codable, Sendable {
        /// The check: a step, or a suite that it ran.
        public var check: String
        /// `passed`, `warned`, `failed` or `skipped`.
        public var state: String
        /// The SHA-256 of its full result; nil when it keeps none.
        public var result: ObjectID?

        /// Exactly what was looked at; nil when that is not known.
        public var data: [DatasetVersion]?

        /// A verdict of `check`.
        public init(check: String, state: String, result: ObjectID? = nil, data: [DatasetVersion]? = nil) {
            self.check = check
            self.state = state
            self.result = result
            self.data = data
        }
    }
}

/// The code that a run executes.
public struct CodeVersion: Hashable, Codable, Sendable {
    /// The SHA-256 of the pipeline's manifest.
    public var manifest: String
    /// The commit that git has checked out in the project; nil without git.
    public var git: String?
    /// Whether the project's files are as in that commit; nil without git.
    public var isClean: Bool?

    /// A version of code.
    public init(manifest: String, git: String? = nil, isClean: Bool? = nil) {
        self.manifest = manifest
        self.git = git
        self.isClean = isClean
    }

    enum CodingKeys: String, CodingKey {
        case manifest, git
        case isClean = "clean"
    }
}

/// A dataset as it stood in the lake when it was read or written.
public struct DatasetVersion: Hashable, Codable, Sendable {
    /// The dataset.
    public var dataset: DatasetID
    /// A commit that has it so.
    public var commit: ObjectID
    /// The SHA-256 that stands for its files; equal for equal files, in whichever commit.
    public var digest: ObjectID

    /// A dataset with the state it had in `commit`.
    public init(dataset: DatasetID, commit: ObjectID, digest: ObjectID) {
        self.dataset = dataset
        self.commit = commit
        self.digest = digest
    }
}
