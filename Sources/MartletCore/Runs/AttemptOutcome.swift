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

    public var result: Result
    public var exitCode: Int?
    public var signal: Int?
    public var error: MartletError?
    /// Whether trying again could help; false for errors that stay.
    public var retryable: Bool
    public var values: [String: JSONValue]
    public var metrics: [String: Double]
    public var outputs: [DatasetOutput]

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
    public var name: PortName
    public var dataset: DatasetID
    /// The file or folder.
    public var path: String
    public var format: DatasetFormat?
    /// Size of the file, or of all files in the folder.
    public var bytes: Int

    public init(name: PortName, dataset: DatasetID, path: String, format: DatasetFormat?, bytes: Int) {
        self.name = name
        self.dataset = dataset
        self.path = path
        self.format = format
        self.bytes = bytes
    }
}
