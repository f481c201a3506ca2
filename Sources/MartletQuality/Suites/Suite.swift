public import MartletCore

/// What data has to be like: a list of expectations, in the terms of Great Expectations.
public struct Suite: Hashable, Sendable {
    /// What the suite is called.
    public var name: String
    /// Its id; nil when it has none.
    public var id: String?
    /// The expectations in the order they are written.
    public var expectations: [Expectation]
    /// Values for `{"$PARAMETER": name}` in arguments.
    public var parameters: [String: JSONValue]
    /// Free facts about it.
    public var meta: [String: JSONValue]
    /// Words for people: text, or a list of texts.
    public var notes: JSONValue?
    /// The shape it was written in, so that it is written again in that.
    public var shape: SuiteShape
    /// Members of the document that are not known here, which are kept.
    public var extra: [String: JSONValue]

    /// A suite of `expectations`.
    public init(
        name: String,
        id: String? = nil,
        expectations: [Expectation] = [],
        parameters: [String: JSONValue] = [:],
        meta: [String: JSONValue] = [:],
        notes: JSONValue? = nil,
        shape: SuiteShape = .one,
        extra: [String: JSONValue] = [:]
    ) {
        self.name = name
        self.id = id
        self.expectations = expectations
        self.parameters = parameters
        self.meta = meta
        self.notes = notes
        self.shape = shape
        self.extra = extra
    }
}

/// The shapes that suites are written in.
public enum SuiteShape: String, Hashable, Sendable, CaseIterable {
    /// The JSON of Great Expectations 0.18: `expectation_suite_name`, `expectation_type`.
    case zero18 = "0.18"
    /// The JSON of Great Expectations 1.x: `name`, `type`.
    case one = "1"
    /// Martlet's short YAML form.
    case short
}

/// One expectation as it is written; ``Check`` is what it means.
public struct Expectation: Hashable, Sendable {
    /// Its type, such as `expect_column_values_to_not_be_null`.
    public var type: String
    /// Its arguments as they are written, parameters not yet filled in.
    public var arguments: [String: JSONValue]
    /// Its id; nil when it has none.
    public var id: String?
    /// Free facts about it.
    public var meta: [String: JSONValue]
    /// Words for people: text, or a list of texts.
    public var notes: JSONValue?
    /// A sentence instead of the one that is made of its arguments.
    public var description: String?
    /// How bad it is when it fails.
    public var severity: Severity
    /// Whether the severity is written down; when it is not, it stays so.
    public var saysSeverity: Bool
    /// Members that are not known here, which are kept.
    public var extra: [String: JSONValue]

    /// An expectation of `type`.
    public init(
        type: String,
        arguments: [String: JSONValue] = [:],
        id: String? = nil,
        meta: [String: JSONValue] = [:],
        notes: JSONValue? = nil,
        description: String? = nil,
        severity: Severity = .critical,
        saysSeverity: Bool = false,
        extra: [String: JSONValue] = [:]
    ) {
        self.type = type
        self.arguments = arguments
        self.id = id
        self.meta = meta
        self.notes = notes
        self.description = description
        self.severity = severity
        self.saysSeverity = saysSeverity
        self.extra = extra
    }
}
