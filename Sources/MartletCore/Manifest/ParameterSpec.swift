/// A parameter of a run: its type, its limits (as in JSON Schema, draft 2020-12) and its default.
public struct ParameterSpec: Hashable, Codable, Sendable {
    /// The types a parameter may have.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case string, integer, number, boolean
    }

    /// What the parameter is called in `params.<name>` and `MARTLET_PARAM_<NAME>`.
    public var name: PortName
    /// The type that every value must have; an integer also passes as a number.
    public var type: Kind
    /// What the parameter means, for people; nil when it is not described.
    public var description: String?
    /// The value when none is given; nil makes the parameter required.
    public var defaultValue: JSONValue?
    /// Smallest number allowed; nil sets no limit.
    public var minimum: Double?
    /// Largest number allowed; nil sets no limit.
    public var maximum: Double?
    /// A limit that a number must be above; nil sets none.
    public var exclusiveMinimum: Double?
    /// A limit that a number must be below; nil sets none.
    public var exclusiveMaximum: Double?
    /// What a number must be a whole multiple of, above 0; nil allows any.
    public var multipleOf: Double?
    /// Fewest characters of a string; nil sets no limit.
    public var minLength: Int?
    /// Most characters of a string; nil sets no limit.
    public var maxLength: Int?
    /// A regular expression that a string must match somewhere.
    public var pattern: String?
    /// The only values allowed.
    public var choices: [JSONValue]?

    /// A parameter with its type and the most common limits; the others are set afterwards.
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
