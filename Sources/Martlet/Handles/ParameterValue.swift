/// A type that a parameter can have: `Int`, `Double`, `String`, `Bool`, or an enumeration of strings.
///
/// ```swift
/// enum Mode: String, CaseIterable, ParameterValue { case fast, thorough }
/// ```
public protocol ParameterValue: ConditionScalar, Hashable {
    /// The type in the manifest.
    static var parameterKind: ParameterSpec.Kind { get }
    /// The only values there are, when they can be counted up.
    static var parameterChoices: [JSONValue]? { get }
    /// The value that `json` stands for, or nil when it is of another type.
    init?(scalarValue json: JSONValue)
}

extension ParameterValue {
    /// Any value of the type.
    public static var parameterChoices: [JSONValue]? { nil }
}

/// A parameter's type that has an order, and so limits.
public protocol ParameterNumber: ParameterValue, Comparable {
    /// The number as the manifest holds limits.
    var limit: Double { get }
}

extension Int: ParameterNumber {
    /// The type `integer`.
    public static var parameterKind: ParameterSpec.Kind { .integer }
    /// The value as a JSON number.
    public var scalarValue: JSONValue { .integer(self) }
    /// The number itself.
    public var limit: Double { Double(self) }

    /// The value that `json` stands for, or nil when it is of another type.
    public init?(scalarValue json: JSONValue) {
        guard case .integer(let value) = json else { return nil }
        self = value
    }
}

extension Double: ParameterNumber {
    /// The type `number`.
    public static var parameterKind: ParameterSpec.Kind { .number }
    /// The value as a JSON number.
    public var scalarValue: JSONValue { .number(self) }
    /// The number itself.
    public var limit: Double { self }

    /// The value that `json` stands for, or nil when it is of another type.
    public init?(scalarValue json: JSONValue) {
        guard let value = json.doubleValue else { return nil }
        self = value
    }
}

extension Bool: ParameterValue {
    /// The type `boolean`.
    public static var parameterKind: ParameterSpec.Kind { .boolean }
    /// The value as true or false in JSON.
    public var scalarValue: JSONValue { .bool(self) }

    /// The value that `json` stands for, or nil when it is of another type.
    public init?(scalarValue json: JSONValue) {
        guard case .bool(let value) = json else { return nil }
        self = value
    }
}

extension String: ParameterValue {
    /// The type `string`.
    public static var parameterKind: ParameterSpec.Kind { .string }
    /// The value as a JSON string.
    public var scalarValue: JSONValue { .string(self) }

    /// The value that `json` stands for, or nil when it is of another type.
    public init?(scalarValue json: JSONValue) {
        guard let value = json.stringValue else { return nil }
        self = value
    }
}

extension ParameterValue where Self: RawRepresentable, RawValue == String {
    /// The type `string`.
    public static var parameterKind: ParameterSpec.Kind { .string }
    /// The value as a JSON string.
    public var scalarValue: JSONValue { .string(rawValue) }

    /// The value that `json` stands for, or nil when it is of another type.
    public init?(scalarValue json: JSONValue) {
        guard let value = json.stringValue.flatMap(Self.init(rawValue:)) else { return nil }
        self = value
    }
}

extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// Every case of the enumeration.
    public static var parameterChoices: [JSONValue]? { allCases.map(\.scalarValue) }
}

/// The limits of a number: `1...12`, `0...` or `...100`.
public protocol ParameterRange<Bound> {
    /// The type of the numbers.
    associatedtype Bound: ParameterNumber
    /// The least number allowed, if there is one.
    var lowestAllowed: Bound? { get }
    /// The greatest number allowed, if there is one.
    var highestAllowed: Bound? { get }
}

extension ClosedRange: ParameterRange where Bound: ParameterNumber {
    /// The lower bound.
    public var lowestAllowed: Bound? { lowerBound }
    /// The upper bound.
    public var highestAllowed: Bound? { upperBound }
}

extension PartialRangeFrom: ParameterRange where Bound: ParameterNumber {
    /// The lower bound.
    public var lowestAllowed: Bound? { lowerBound }
    /// No limit.
    public var highestAllowed: Bound? { nil }
}

extension PartialRangeThrough: ParameterRange where Bound: ParameterNumber {
    /// No limit.
    public var lowestAllowed: Bound? { nil }
    /// The upper bound.
    public var highestAllowed: Bound? { upperBound }
}
