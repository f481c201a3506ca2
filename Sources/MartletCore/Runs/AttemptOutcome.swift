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

    /// An outcome with `result`; retryable unless told otherwise.
    public init(
        _ result: Result,
        exitCode: Int? = nil,
        signal: Int? = nil,
        error: MartletError? = nil,
        retryable: Bool = true,
        values: [String: JSONValue] = [:],
        metrics: [String: Double] = [:],
        outputs: [DatasetOutput] = []
    ) {
        self.result = result
        self.exitCode = exitCode
        self.signal = signal
        self.error = error
        self.retryable = retryable
        self.values = values
        self.metrics = metrics
        self.outputs = outputs
    }

    enum CodingKeys: String, CodingKey {
        case result
        case exitCode = "exit_code"
        case signal, error, retryable, values, metrics, outputs
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

    /// An output with the place and size of what was written.
    public init(name: PortName, dataset: DatasetID, path: String, format: DatasetFormat?, bytes: Int) {
        self.name = name
        self.dataset = dataset
        self.path = path
        self.format = format
        self.bytes = bytes
    }
}
