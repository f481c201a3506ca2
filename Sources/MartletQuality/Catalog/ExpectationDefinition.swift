import MartletCore

/// What is known of a type of expectation.
public struct ExpectationDefinition: Sendable {
    /// Its type, such as `expect_column_values_to_be_unique`.
    public var type: String
    /// What it looks at.
    public var domain: Domain
    /// Its own arguments, without those that every expectation takes.
    public var arguments: [ArgumentDefinition]
    /// What is expected, in words; `{name}` stands for an argument, `{bounds}` for a range.
    public var prose: String
    /// Whether GX 0.18 has it too.
    public var isInZero18: Bool
    /// Whether Great Expectations has it at all.
    public var isInGreatExpectations: Bool
    /// What it means, given arguments that were read.
    var rule: @Sendable (ReadArguments) -> CheckRule

    /// What an expectation looks at.
    public enum Domain: String, Hashable, Sendable, CaseIterable {
        /// Each value of a column.
        case columnMap = "column_map"
        /// One number or set that a column amounts to.
        case columnAggregate = "column_aggregate"
        case columnPair = "column_pair"
        case multicolumn
        case table
        case query
        /// Each row, by a condition or a closure: Martlet's own.
        case row
    }

    init(
        _ type: String,
        _ domain: Domain,
        _ arguments: [ArgumentDefinition],
        _ prose: String,
        new: Bool = false,
        isInGreatExpectations: Bool = true,
        rule: @escaping @Sendable (ReadArguments) -> CheckRule
    ) {
        self.type = type
        self.domain = domain
        self.arguments = arguments
        self.prose = prose
        self.isInZero18 = isInGreatExpectations && !new
        self.isInGreatExpectations = isInGreatExpectations
        self.rule = rule
    }

    /// Whether it takes `mostly`.
    public var takesMostly: Bool { arguments.contains { $0.name == "mostly" } }

    /// Whether it takes a row condition.
    public var takesRowCondition: Bool { arguments.contains { $0.name == "row_condition" } }

    /// Its argument of that name, also of those that every expectation takes.
    public func argument(_ name: String) -> ArgumentDefinition? {
        arguments.first { $0.name == name }
    }
}

/// Arguments whose values were read, checked and brought into one form.
struct ReadArguments {
    var values: [String: JSONValue] = [:]

    subscript(_ name: String) -> JSONValue {
        values[name] ?? .null
    }

    func text(_ name: String) -> String { self[name].displayText }

    func optionalText(_ name: String) -> String? { self[name].stringValue }

    func flag(_ name: String) -> Bool { self[name] == .bool(true) }

    func number(_ name: String) -> Double? { self[name].doubleValue }

    func whole(_ name: String) -> Int? {
        if case .integer(let value) = self[name] { value } else { nil }
    }

    func list(_ name: String) -> [JSONValue] {
        if case .array(let values) = self[name] { values } else { [] }
    }

    func texts(_ name: String) -> [String] { list(name).map(\.displayText) }

    func pairs(_ name: String) -> [[JSONValue]] {
        list(name).map { element in if case .array(let pair) = element { pair } else { [] } }
    }

    /// The value, when there is one that is not null; `nil` in a conditional expression would be that null.
    func optional(_ name: String) -> JSONValue? {
        guard self[name] != .null else { return nil }
        return self[name]
    }

    var column: String { text("column") }

    var bounds: Bounds {
        Bounds(
            minimum: optional("min_value"),
            maximum: optional("max_value"),
            isMinimumStrict: flag("strict_min"),
            isMaximumStrict: flag("strict_max")
        )
    }
}
