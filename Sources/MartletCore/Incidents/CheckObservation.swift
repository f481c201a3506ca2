/// What a check said of a dataset once: the news that incidents are made of.
///
/// Passes are as welcome as failures: they end incidents, and tell which version was good last. Texts are masked
/// before they come here.
public struct CheckObservation: Hashable, Codable, Sendable {
    /// The pipeline whose run checked.
    public var pipeline: PipelineID
    /// What was checked.
    public var dataset: DatasetID
    /// Tells the checks of a dataset apart, and is the same in every run: `flights/unique(id)`, `anomaly/rows`.
    public var check: String
    /// How bad a failure is.
    public var severity: Severity
    /// Whether the data was as expected.
    public var passed: Bool
    /// Whether the step tries again after this failure, which may pass then.
    public var willRetry: Bool
    /// When it was seen.
    public var at: Timestamp

    /// The run; nil outside of runs.
    public var run: RunID?
    /// The step instance that checked.
    public var step: InstanceID?
    /// The partition, as the run names it: `2026-01-02`, `region=eu`.
    public var partition: String?
    /// The class of partitions it stands for, which is part of what makes two failures the same; nil when all
    /// partitions are one class.
    public var partitionClass: String?
    /// The data that was checked.
    public var data: DataVersion
    /// When that data was written; nil when it is not known.
    public var writtenAt: Timestamp?
    /// What the data was made from; tells which input changed since the check passed last.
    public var inputs: [DatasetVersion]
    /// The code that made it.
    public var code: CodeVersion?

    /// What the check is, in a sentence.
    public var title: String
    /// What was expected, for people.
    public var expected: String?
    /// What was observed, for people.
    public var observed: String?
    /// How many values or rows were not as expected.
    public var unexpectedCount: Int?
    /// How many were looked at.
    public var elementCount: Int?
    /// Some values that were not as expected, masked; at most ``Limits/incidentSamples`` are kept.
    public var samples: [String]
    /// How the number developed, and where its bounds are; nil where there is none.
    public var trend: Trend?
    /// A report of the whole validation: a path in the project, or an address.
    public var report: String?

    /// An observation; what is not given is not known.
    public init(
        pipeline: PipelineID,
        dataset: DatasetID,
        check: String,
        severity: Severity,
        passed: Bool,
        willRetry: Bool = false,
        at: Timestamp,
        run: RunID? = nil,
        step: InstanceID? = nil,
        partition: String? = nil,
        partitionClass: String? = nil,
        data: DataVersion = DataVersion(),
        writtenAt: Timestamp? = nil,
        inputs: [DatasetVersion] = [],
        code: CodeVersion? = nil,
        title: String,
        expected: String? = nil,
        observed: String? = nil,
        unexpectedCount: Int? = nil,
        elementCount: Int? = nil,
        samples: [String] = [],
        trend: Trend? = nil,
        report: String? = nil
    ) {
        self.pipeline = pipeline
        self.dataset = dataset
        self.check = check
        self.severity = severity
        self.passed = passed
        self.willRetry = willRetry
        self.at = at
        self.run = run
        self.step = step
        self.partition = partition
        self.partitionClass = partitionClass
        self.data = data
        self.writtenAt = writtenAt
        self.inputs = inputs
        self.code = code
        self.title = title
        self.expected = expected
        self.observed = observed
        self.unexpectedCount = unexpectedCount
        self.elementCount = elementCount
        self.samples = samples
        self.trend = trend
        self.report = report
    }

    /// Data as a check saw it.
    public struct DataVersion: Hashable, Codable, Sendable {
        /// The commit of the lake; nil for data outside of it.
        public var commit: ObjectID?
        /// The SHA-256 that stands for its files; nil when it is not known.
        public var digest: ObjectID?

        /// A version; nothing is known unless told otherwise.
        public init(commit: ObjectID? = nil, digest: ObjectID? = nil) {
            self.commit = commit
            self.digest = digest
        }

        /// The commit, or the digest, in short; nil when neither is known.
        public var short: String? { (commit ?? digest)?.short }
    }

    /// The latest values of a number, oldest first, and its bounds.
    public struct Trend: Hashable, Codable, Sendable {
        /// At most ``Limits/incidentTrendPoints``, the last of them the one observed.
        public var values: [Double]
        /// The least value expected; nil is open.
        public var lower: Double?
        /// The greatest value expected; nil is open.
        public var upper: Double?

        /// Values with their bounds.
        public init(values: [Double], lower: Double? = nil, upper: Double? = nil) {
            self.values = values
            self.lower = lower
            self.upper = upper
        }
    }

    enum CodingKeys: String, CodingKey {
        case pipeline, dataset, check, severity, passed, at, run, step, partition, data, inputs, code, title, expected,
            observed, samples, trend, report
        case willRetry = "will_retry"
        case partitionClass = "partition_class"
        case writtenAt = "written_at"
        case unexpectedCount = "unexpected_count"
        case elementCount = "element_count"
    }
}
