public import MartletCore

/// What came of a suite on some data.
public struct ValidationResult: Hashable, Sendable {
    /// The suite, with the values of its parameters in their places.
    public var suite: Suite
    /// What its expectations mean; as many as expectations.
    public var checks: [Check]
    /// What came of them; as many as expectations.
    public var outcomes: [CheckOutcome]
    /// Which data it was.
    public var data: ValidatedData
    /// Whose semantics decided where engines disagree.
    public var semantics: Semantics
    /// The engine and its version.
    public var engine: String
    /// The version of Martlet.
    public var version: String
    /// The run's name; nil when it has none.
    public var runName: String?
    /// When it was made.
    public var time: Timestamp
    /// Values that were given for parameters.
    public var parameters: [String: JSONValue]
    /// Columns whose values are not shown, compared without regard to case.
    public var masked: Set<String>
    /// Free facts, such as the run and step it belongs to; they go to `meta`.
    public var meta: [String: JSONValue]

    /// A result with these parts.
    public init(
        suite: Suite,
        checks: [Check],
        outcomes: [CheckOutcome],
        data: ValidatedData,
        semantics: Semantics,
        engine: String,
        version: String,
        runName: String? = nil,
        time: Timestamp,
        parameters: [String: JSONValue] = [:],
        masked: Set<String> = [],
        meta: [String: JSONValue] = [:]
    ) {
        self.suite = suite
        self.checks = checks
        self.outcomes = outcomes
        self.data = data
        self.semantics = semantics
        self.engine = engine
        self.version = version
        self.runName = runName
        self.time = time
        self.parameters = parameters
        self.masked = masked
        self.meta = meta
    }

    /// Whether every expectation is met; true for a suite without expectations.
    public var success: Bool { outcomes.allSatisfy(\.success) }

    /// How many expectations are met.
    public var successCount: Int { outcomes.count(where: \.success) }

    /// The worst severity among expectations that are not met; nil when all are.
    public var worstSeverity: Severity? {
        zip(suite.expectations, outcomes).filter { !$1.success }.map { $0.0.severity }.max()
    }
}
