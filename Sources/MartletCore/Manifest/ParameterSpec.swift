/// A parameter of a run: its type, its limits (as in JSON Schema, draft 2020-12) and its default.
public struct ParameterSpec: Hashable, Codable, Sendable {
    /// The types a parameter may have.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case string, integer, number, boolean
    }

    public var name: PortName
    public var type: Kind
    public var description: String?
    /// The value when none is given; nil makes the parameter required.
    public var defaultValue: JSONValue?
    public var minimum: Double?
    public var maximum: Double?
    public var exclusiveMinimum: Double?
    public var exclusiveMaximum: Double?
    public var multipleOf: Double?
    public var minLength: Int?
    public var maxLength: Int?
    /// A regular expression that a string must match somewhere.
    public var pattern: String?
    /// The only values allowed.
    public var choices: [JSONValue]?

    public init(
        name: PortName,
        type: Kind,
        description: String? = nil,
        defaultValue: JSONValue? = nil,
        minimum: Double? = nil,
        maximum: Double? = nil,
        choices: [JSONValue]? = nil
    ) {
        self.name = name
        self.type = type
        self.description = description
        self.defaultValue = defaultValue
        self.minimum = minimum
        self.maximum = maximum
        self.choices = choices
    }

    enum CodingKeys: String, CodingKey {
        case name, type, description
        case defaultValue = "default"
        case minimum, maximum
        case exclusiveMinimum = "exclusive_minimum"
        case exclusiveMaximum = "exclusive_maximum"
        case multipleOf = "multiple_of"
        case minLength = "min_length"
        case maxLength = "max_length"
        case pattern
        case choices = "enum"
    }
}
