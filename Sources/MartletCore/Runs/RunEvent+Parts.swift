/// The items that mapped steps were given; those of one mapped group are mapped together.
public struct MappedSteps: Hashable, Codable, Sendable {
    /// The steps.
    public var steps: [StepID]
    /// One item for each instance, in the order of their indices.
    public var items: [JSONValue]
    /// What each instance is called on screens; nil leaves it to the index.
    public var labels: [String]?

    /// The items of `steps`.
    public init(steps: [StepID], items: [JSONValue], labels: [String]? = nil) {
        self.steps = steps
        self.items = items
        self.labels = labels
    }
}

/// Why a run stopped itself.
public enum RunStop: String, Codable, Hashable, Sendable, CaseIterable {
    /// A step failed, and the pipeline is not to go on then.
    case failFast = "fail_fast"
    /// The run took longer than its timeout.
    case timeout
    /// Someone set the run's state.
    case marked
}

/// Steps that are to run again.
public struct ClearedSteps: Hashable, Codable, Sendable {
    /// The instances; each is as if nothing had happened to it, but for its count of attempts.
    public var steps: [InstanceID]
    /// The manifest the run goes on with; nil keeps the one it has.
    public var manifestHash: String?
    /// The number of that version of the pipeline.
    public var version: Int?
    /// Steps that the run gets by the new manifest.
    public var added: [StepID]
    /// Steps that the new manifest does not have.
    public var removed: [InstanceID]
    /// Who asked for it, or why.
    public var note: String?

    /// The instances, with another manifest if given.
    public init(
        steps: [InstanceID],
        manifestHash: String? = nil,
        version: Int? = nil,
        added: [StepID] = [],
        removed: [InstanceID] = [],
        note: String? = nil
    ) {
        self.steps = steps
        self.manifestHash = manifestHash
        self.version = version
        self.added = added
        self.removed = removed
        self.note = note
    }

    enum CodingKeys: String, CodingKey {
        case steps
        case manifestHash = "manifest_hash"
        case version, added, removed, note
    }
}

/// Steps whose state someone has set.
public struct MarkedSteps: Hashable, Codable, Sendable {
    /// The instances.
    public var steps: [InstanceID]
    /// The state they have from here on.
    public var state: StepState
    /// Who asked for it, or why.
    public var note: String?

    /// The instances and their new state.
    public init(steps: [InstanceID], state: StepState, note: String? = nil) {
        self.steps = steps
        self.state = state
        self.note = note
    }
}

/// A deadline that has passed.
public struct DeadlineMiss: Hashable, Codable, Sendable {
    /// Which of the pipeline's deadlines, from 0.
    public var deadline: Int
    /// When it was due.
    public var due: Timestamp

    /// The `deadline`th deadline, which was due at `due`.
    public init(deadline: Int, due: Timestamp) {
        self.deadline = deadline
        self.due = due
    }
}

/// A writing of a dataset: what pipelines that wait for datasets are told.
public struct DatasetEvent: Hashable, Codable, Sendable {
    /// Its place among all such events of the project, from 1 and rising.
    public var position: Int
    /// The dataset.
    public var dataset: DatasetID
    /// When it was written.
    public var at: Timestamp
    /// The run that wrote it; nil when it came from outside.
    public var run: RunID?
    /// The step that wrote it.
    public var step: InstanceID?
    /// Where it was written, when known.
    public var path: String?
    /// The part of the dataset that was written.
    public var partition: String?

    /// The writing of `dataset` at `at`.
    public init(
        position: Int,
        dataset: DatasetID,
        at: Timestamp,
        run: RunID? = nil,
        step: InstanceID? = nil,
        path: String? = nil,
        partition: String? = nil
    ) {
        self.position = position
        self.dataset = dataset
        self.at = at
        self.run = run
        self.step = step
        self.path = path
        self.partition = partition
    }
}
