/// What an attempt is told at its start: the JSON that `MARTLET_CONTEXT` names, and the first frame a runner sends.
public struct StepContextDocument: Hashable, Codable, Sendable {
    /// A dataset given to a step, or asked of it.
    public struct Dataset: Hashable, Codable, Sendable {
        /// The dataset's name in the pipeline.
        public var dataset: DatasetID
        /// The file or folder; absolute.
        public var path: String
        /// The file format; nil, and left out of the JSON, when it is not known.
        public var format: DatasetFormat?
        /// How an input stands in the lake; nil for outputs, and for what is not one version of the lake.
        public var version: DatasetVersion?

        /// A dataset with its place on disk.
        public init(dataset: DatasetID, path: String, format: DatasetFormat?, version: DatasetVersion? = nil) {
            self.dataset = dataset
            self.path = path
            self.format = format
            self.version = version
        }
    }

    /// The run that the attempt belongs to.
    public var runID: RunID
    /// The pipeline of that run.
    public var pipeline: PipelineID
    /// The step that is tried.
    public var step: StepID
    /// 1 for the first attempt.
    public var attempt: Int
    /// When the run started.
    public var startedAt: Timestamp
    /// The project's root folder; absolute.
    public var project: String
    /// A folder for this attempt's scratch files; absolute.
    public var workDirectory: String
    /// The run's parameters by name.
    public var params: [String: JSONValue]
    /// The datasets to read, by the step's own names for them.
    public var inputs: [String: Dataset]
    /// The datasets to write and where, by the step's own names for them.
    public var outputs: [String: Dataset]
    /// The values that steps before this one reported, by step and name.
    public var values: [String: [String: JSONValue]]
    /// The states of the steps before this one.
    public var states: [String: StepState]
    /// Why there is the run, and the time it stands for.
    public var occasion: RunOccasion
    /// What a mapped step's instance is for; nil for others.
    public var map: MapPlace?

    /// A context with these parts; both folders are absolute.
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
        states: [String: StepState] = [:],
        occasion: RunOccasion = RunOccasion(),
        map: MapPlace? = nil
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
        self.occasion = occasion
        self.map = map
    }

    /// The instance of the step that is tried.
    public var instance: InstanceID { InstanceID(step, map?.index) }

    enum CodingKeys: String, CodingKey {
        case runID = "run_id"
        case pipeline, step, attempt
        case startedAt = "started_at"
        case project
        case workDirectory = "work_dir"
        case params, inputs, outputs, values, states, occasion, map
    }
}

/// What an instance of a mapped step is for.
public struct MapPlace: Hashable, Codable, Sendable {
    /// Its index, from 0.
    public var index: Int
    /// How many instances there are.
    public var count: Int
    /// Its item.
    public var item: JSONValue
    /// What it is called.
    public var label: String

    /// The instance with `index` of `count`.
    public init(index: Int, count: Int, item: JSONValue, label: String) {
        self.index = index
        self.count = count
        self.item = item
        self.label = label
    }
}
