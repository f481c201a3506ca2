/// What a check said of data: short enough for the log of a run; the whole of it is in a file of its own.
public struct CheckVerdict: Hashable, Codable, Sendable {
    /// What the check came to.
    public enum State: String, Hashable, Codable, Sendable, CaseIterable {
        case passed
        /// Something is not as expected, but not so bad that it blocks.
        case warned
        case failed
    }

    /// An expectation that the data did not meet.
    public struct Failure: Hashable, Codable, Sendable {
        /// Tells the check from others of its suite, from run to run: the expectation's id, or its type and column.
        public var check: String
        /// The type of the expectation.
        public var type: String
        /// The column it is about; nil when it is about none or several.
        public var column: String?
        /// How bad it is.
        public var severity: Severity
        /// What was expected, in a sentence.
        public var expected: String
        /// What was seen instead.
        public var observed: String
        /// Rows or values that are not as expected, where they are counted.
        public var unexpectedCount: Int?

        /// An expectation with what was seen.
        public init(
            check: String,
            type: String,
            column: String? = nil,
            severity: Severity,
            expected: String,
            observed: String,
            unexpectedCount: Int? = nil
        ) {
            self.check = check
            self.type = type
            self.column = column
            self.severity = severity
            self.expected = expected
            self.observed = observed
            self.unexpectedCount = unexpectedCount
        }

        enum CodingKeys: String, CodingKey {
            case check, type, column, severity, expected, observed
            case unexpectedCount = "unexpected_count"
        }
    }

    /// Rows that were put aside.
    public struct Quarantine: Hashable, Codable, Sendable {
        /// Rows that were read.
        public var total: Int
        /// Rows that were put aside.
        public var bad: Int

        /// `bad` of `total` rows.
        public init(total: Int, bad: Int) {
            self.total = total
            self.bad = bad
        }
    }

    /// The name of the suite.
    public var suite: String
    /// What the check came to.
    public var state: State
    /// How many expectations were held against the data.
    public var evaluated: Int
    /// How many of them it met.
    public var successful: Int
    /// Those it did not meet, the worst first; at most ``Limits/verdictFailures`` are kept.
    public var failures: [Failure]
    /// The checks that the data met, as ``Failure/check`` names them; nil in the log of a run, which need not keep them.
    public var met: [String]?
    /// Rows that were put aside; nil when none could be.
    public var quarantine: Quarantine?
    /// Exactly what was looked at; empty when it is not in the lake.
    public var data: [DatasetVersion]
    /// The SHA-256 of the whole result.
    public var result: ObjectID?
    /// The file with the whole result; absolute.
    public var path: String?

    /// What a check by `suite` came to.
    public init(
        suite: String,
        state: State,
        evaluated: Int,
        successful: Int,
        failures: [Failure] = [],
        met: [String]? = nil,
        quarantine: Quarantine? = nil,
        data: [DatasetVersion] = [],
        result: ObjectID? = nil,
        path: String? = nil
    ) {
        self.suite = suite
        self.state = state
        self.evaluated = evaluated
        self.successful = successful
        self.failures = failures
        self.met = met
        self.quarantine = quarantine
        self.data = data
        self.result = result
        self.path = path
    }
}
