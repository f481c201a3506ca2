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
    public static var parameterChoices: [JSONValue]? { nil }
}

/// A parameter's type that has an order, and so limits.
public protocol ParameterNumber: ParameterValue, Comparable {
    /// The number as the manifest holds limits.
    var limit: Double { get }
}

extension Int: ParameterNumber {
    public static var parameterKind: ParameterSpec.Kind { .integer }
    public var scalarValue: JSONValue { .integer(self) }
    public var limit: Double { Double(self) }

    public init?(scalarValue json: JSONValue) {
        guard case .integer(let value) = json else { return nil }
        self = value
    }
}

extension Double: ParameterNumber {
    public static var parameterKind: ParameterSpec.Kind { .number }
    public var scalarValue: JSONValue { .number(self) }
    public var limit: Double { self }

    public init?(scalarValue json: JSONValue) {
        guard let value = json.doubleValue else { return nil }
        self = value
    }
}

extension Bool: ParameterValue {
    public static var parameterKind: ParameterSpec.Kind { .boolean }
    public var scalarValue: JSONValue { .bool(self) }

    public init?(scalarValue json: JSONValue) {
        guard case .bool(let value) = json else { return nil }
        self = value
    }
}

extension String: ParameterValue {
    public static var parameterKind: ParameterSpec.Kind { .string }
    public var scalarValue: JSONValue { .string(self) }

    public init?(scalarValue json: JSONValue) {
        guard let value = json.stringValue else { return nil }
        self = value
    }
}

extension ParameterValue where Self: RawRepresentable, RawValue == String {
    public static var parameterKind: ParameterSpec.Kind { .string }
    public var scalarValue: JSONValue { .string(rawValue) }

    public init?(scalarValue json: JSONValue) {
        guard let value = json.stringValue.flatMap(Self.init(rawValue:)) else { return nil }
        self = value
    }
}

extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
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
    public var lowestAllowed: Bound? { lowerBound }
    public var highestAllowed: Bound? { upperBound }
}

extension PartialRangeFrom: ParameterRange where Bound: ParameterNumber {
    public var lowestAllowed: Bound? { lowerBound }
    public var highestAllowed: Bound? { nil }
}

extension PartialRangeThrough: ParameterRange where Bound: ParameterNumber {
    public var lowestAllowed: Bound? { nil }
    public var highestAllowed: Bound? { upperBound }
}
