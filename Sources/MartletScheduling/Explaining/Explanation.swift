public import MartletCore

/// Why a step of a run is, or is not, running.
public struct Explanation: Hashable, Sendable {
    /// The step, or the instance of a mapped one.
    public var instance: InstanceID
    /// Where it stands.
    public var state: StepState
    /// What it waits for in the end, or why it has its state: one sentence.
    public var sentence: String
    /// Everything that has to hold for it to run, in the order in which it is looked at.
    public var checks: [ExplanationCheck]
    /// What happened to it so far, and why it was held, as recorded.
    public var history: [ExplanationEntry]

    /// An explanation with its parts.
    public init(
        instance: InstanceID,
        state: StepState,
        sentence: String,
        checks: [ExplanationCheck] = [],
        history: [ExplanationEntry] = []
    ) {
        self.instance = instance
        self.state = state
        self.sentence = sentence
        self.checks = checks
        self.history = history
    }
}

/// Why a run is where it is.
public struct RunExplanation: Hashable, Sendable {
    /// Instances that have the same to say.
    public struct Group: Hashable, Sendable {
        /// The instances, in the order of the run.
        public var instances: [InstanceID]
        /// Where they stand.
        public var state: StepState
        /// What is to be said of each; it goes after the name.
        public var predicate: String

        /// Instances in `state` of which `predicate` is to be said.
        public init(_ instances: [InstanceID], _ state: StepState, _ predicate: String) {
            self.instances = instances
            self.state = state
            self.predicate = predicate
        }
    }

    /// The run.
    public var run: RunID
    /// Where it stands.
    public var state: RunState
    /// Why, in one sentence.
    public var sentence: String
    /// What has to hold for the run to go on.
    public var checks: [ExplanationCheck]
    /// Every step that has not ended; of a run that has ended without success, those that did not end well.
    public var groups: [Group]

    /// An explanation with its parts.
    public init(
        run: RunID,
        state: RunState,
        sentence: String,
        checks: [ExplanationCheck] = [],
        groups: [Group] = []
    ) {
        self.run = run
        self.state = state
        self.sentence = sentence
        self.checks = checks
        self.groups = groups
    }
}

/// One thing that has to hold for a step to run, and whether it does.
public struct ExplanationCheck: Hashable, Sendable {
    /// What is looked at, in the order in which it is.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case executor
        case runState = "run_state"
        case pipelinePaused = "pipeline_paused"
        case runAfter = "run_after"
        case maxActiveRuns = "max_active_runs"
        case backfill
        case stopping
        case branch
        case triggerRule = "trigger_rule"
        case setups
        case between
        case past
        case condition
        case map
        case retry
        case wait
        case answer
        case attempt
        case runSlots = "run_slots"
        case pipelineSlots = "pipeline_slots"
        case order
        case pool
        case stepLimit = "step_limit"
        case stepLimitInRun = "step_limit_in_run"
        case totalSlots = "total_slots"
        case ended
    }

    /// Whether it holds.
    public enum Verdict: String, Codable, Hashable, Sendable, CaseIterable {
        /// It does.
        case passes
        /// It does not yet.
        case blocks
        /// It does not, and will not until somebody changes something.
        case never
        /// It is looked at only once what stands before it holds.
        case later
    }

    /// What is looked at.
    public var kind: Kind
    /// Whether it holds.
    public var verdict: Verdict
    /// How it stands, in numbers and names.
    public var text: String
    /// Instances of the same run that have to change first.
    public var waitsFor: [InstanceID]
    /// Instances of any run that hold what is needed.
    public var heldBy: [AdmissionKey]
    /// What is to be said of the step because of it, after its name; nil when nothing is.
    public var predicate: String?

    /// A check with its outcome.
    public init(
        _ kind: Kind,
        _ verdict: Verdict,
        _ text: String,
        waitsFor: [InstanceID] = [],
        heldBy: [AdmissionKey] = [],
        predicate: String? = nil
    ) {
        self.kind = kind
        self.verdict = verdict
        self.text = text
        self.waitsFor = waitsFor
        self.heldBy = heldBy
        self.predicate = predicate
    }

    /// Whether it keeps the step from running.
    public var isInTheWay: Bool { verdict == .blocks || verdict == .never }
}

/// Something that happened to a step.
public struct ExplanationEntry: Hashable, Sendable {
    /// When it was recorded.
    public var at: Timestamp
    /// What happened, in a line.
    public var text: String

    /// The entry for what happened at `at`.
    public init(at: Timestamp, _ text: String) {
        self.at = at
        self.text = text
    }
}
