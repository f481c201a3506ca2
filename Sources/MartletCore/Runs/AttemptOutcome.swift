/// What one attempt of a step came to.
public struct AttemptOutcome: Hashable, Codable, Sendable {
    /// The ways an attempt can end.
    public enum Result: String, Codable, Hashable, Sendable, CaseIterable {
        case success
        case failed
        case skipped
        case timedOut = "timed_out"
        case cancelled
        /// The executing process ended in the middle.
        case interrupted
    }

    /// How the attempt ended.
    public var result: Result
    /// The exit code of its process; nil when a signal ended it or there was no process.
    public var exitCode: Int?
    /// The number of the signal that ended its process; nil when none did.
    public var signal: Int?
    /// Why it did not succeed; nil after a success, and after a skip without a reason.
    public var error: MartletError?
    /// Whether trying again could help; false for errors that stay.
    public var retryable: Bool
    /// The values it reported, by name.
    public var values: [String: JSONValue]
    /// The numbers it reported, by name.
    public var metrics: [String: Double]
    /// The declared outputs it wrote; empty when it did not succeed.
    public var outputs: [DatasetOutput]
    /// What it said of the data it read; nil for a step that is no check.
    public var verdict: CheckVerdict?
    /// What the attempt depended on; nil for a step that is never reused.
    public var fingerprint: StepFingerprint?
    /// The attempt whose results these are; nil when this one ran itself.
    public var reused: ReusedAttempt?
    /// Why no earlier attempt could be reused; nil where that was not asked.
    public var ranBecause: String?

    /// An outcome with `result`; retryable unless told otherwise.
    public init(
        _ result: Result,
        exitCode: Int? = nil,
        signal: Int? = nil,
        error: MartletError? = nil,
        retryable: Bool = true,
        values: [String: JSONValue] = [:],
        metrics: [String: Double] = [:],
        outputs: [DatasetOutput] = [],
        verdict: CheckVerdict? = nil,
        fingerprint: StepFingerprint? = nil,
        reused: ReusedAttempt? = nil,
        ranBecause: String? = nil
    ) {
        self.result = result
        self.exitCode = exitCode
        self.signal = signal
        self.error = error
        self.retryable = retryable
        self.values = values
        self.metrics = metrics
        self.outputs = outputs
        self.verdict = verdict
        self.fingerprint = fingerprint
        self.reused = reused
        self.ranBecause = ranBecause
    }

    enum CodingKeys: String, CodingKey {
        case result
        case exitCode = "exit_code"
        case signal, error, retryable, values, metrics, outputs, verdict, fingerprint, reused
        case ranBecause = "ran_because"
    }
}

/// A dataset as one attempt wrote it.
public struct DatasetOutput: Hashable, Codable, Sendable {
    /// The output's name in the step.
    public var name: PortName
    /// The dataset that was written.
    public var dataset: DatasetID
    /// The file or folder.
    public var path: String
    /// The format that the step declares; nil when it declares none.
    public var format: DatasetFormat?
    /// Size of the file, or of all files in the folder.
    public var bytes: Int
    /// The commit of the run's branch that took it; nil when it is not in a lake.
    public var commit: ObjectID?
    /// The SHA-256 that stands for its files in the lake; see ``DatasetVersion/digest``.
    public var digest: ObjectID?
    /// What the file system said of the files when the lake took them; a file that no longer fits was changed since.
    public var stamp: String?

    /// An output with the place and size of what was written.
    public init(
        name: PortName,
        dataset: DatasetID,
        path: String,
        format: DatasetFormat?,
        bytes: Int,
        commit: ObjectID? = nil,
        digest: ObjectID? = nil,
        stamp: String? = nil
    ) {
        self.name = name
        self.dataset = dataset
        self.path = path
        self.format = format
        self.bytes = bytes
        self.commit = commit
        self.digest = digest
        self.stamp = stamp
    }
}
