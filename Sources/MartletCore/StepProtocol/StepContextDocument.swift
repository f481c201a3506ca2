/// What an attempt is told at its start: the JSON that `MARTLET_CONTEXT` names, and the first frame a runner sends.
public struct StepContextDocument: Hashable, Codable, Sendable {
    /// A dataset given to a step, or asked of it.
    public struct Dataset: Hashable, Codable, Sendable {
        public var dataset: DatasetID
        /// The file or folder; absolute.
        public var path: String
        public var format: DatasetFormat?

        public init(dataset: DatasetID, path: String, format: DatasetFormat?) {
            self.dataset = dataset
            self.path = path
            self.format = format
        }
    }

    public var runID: RunID
    public var pipeline: PipelineID
    public var step: StepID
    /// 1 for the first attempt.
    public var attempt: Int
    /// When the run started.
    public var startedAt: Timestamp
    /// The project's root folder; absolute.
    public var project: String
    /// A folder for this attempt's scratch files; absolute.
    public var workDirectory: String
    public var params: [String: JSONValue]
    public var inputs: [String: Dataset]
    public var outputs: [String: Dataset]
    /// The values that steps before this one reported, by step and name.
    public var values: [String: [String: JSONValue]]
    /// The states of the steps before this one.
    public var states: [String: StepState]

    public init(
        runID: RunID,
        pipeline: PipelineID,
        step: StepID,
        attempt: Int,
        startedAt: Timestamp,
        project: String,
        workDirectory: String,
        params: [String: JSONValue] = [:],
        inputs: [String: Dataset] = [:],
        outputs: [String: Dataset] = [:],
        values: [String: [String: JSONValue]] = [:],
        states: [String: StepState] = [:]
    ) {
        self.runID = runID
        self.pipeline = pipeline
        self.step = step
        self.attempt = attempt
        self.startedAt = startedAt
        self.project = project
        self.workDirectory = workDirectory
        self.params = params
        self.inputs = inputs
        self.outputs = outputs
        self.values = values
        self.states = states
    }

    enum CodingKeys: String, CodingKey {
        case runID = "run_id"
        case pipeline, step, attempt
        case startedAt = "started_at"
        case project
        case workDirectory = "work_dir"
        case params, inputs, outputs, values, states
    }
}
