public import MartletCore

/// An argument that an expectation takes.
public struct ArgumentDefinition: Hashable, Sendable {
    /// Its name in `kwargs`.
    public var name: String
    /// What values it takes.
    public var kind: ArgumentKind
    /// Whether the expectation cannot do without it.
    public var isRequired: Bool
    /// Whether `null` may be written, and means the same as leaving it out.
    public var allowsNull: Bool
    /// What it is when it is left out.
    public var defaultValue: JSONValue

    /// An argument that has to be given.
    static func required(_ name: String, _ kind: ArgumentKind) -> ArgumentDefinition {
        ArgumentDefinition(name: name, kind: kind, isRequired: true, allowsNull: false, defaultValue: .null)
    }

    /// An argument with a default, for which `null` is no value.
    static func optional(_ name: String, _ kind: ArgumentKind, _ value: JSONValue) -> ArgumentDefinition {
        ArgumentDefinition(name: name, kind: kind, isRequired: false, allowsNull: false, defaultValue: value)
    }

    /// An argument that may be `null`.
    static func nullable(_ name: String, _ kind: ArgumentKind, _ value: JSONValue = .null) -> ArgumentDefinition {
        ArgumentDefinition(name: name, kind: kind, isRequired: false, allowsNull: true, defaultValue: value)
    }
}

/// What values an argument takes; how they are read is in `ArgumentCoercion`.
public enum ArgumentKind: Hashable, Sendable {
    /// The name of a column.
    case column
    /// Names of at least so many columns.
    case columns(atLeast: Int)
    /// Names, or anything that is written as one.
    case names
    /// A number, a date, or a date with a time.
    case bound
    /// A number in a range.
    case number(least: Double?, most: Double?)
    /// A whole number; fractions are cut off.
    case wholeNumber
    case flag
    case text
    /// Texts, at least so many.
    case texts(atLeast: Int)
    /// A list of any values, at least so many.
    case values(atLeast: Int)
    /// A list of lists of two.
    case pairs
    case choice([String])
    /// `{quantiles, value_ranges}`.
    case quantiles
    /// `{values, weights}` or `{bins, weights}`; other objects are for the run to refuse.
    case object
    /// One character.
    case escape
    /// A format that Python's `strptime` takes.
    case dateFormat
    /// SQL that may hold `{batch}`.
    case query
    /// A flag or the name of an interpolation.
    case relativeError
    /// A condition as text or as an object; see ``RowConditionReader``.
    case rowCondition

    /// What is taken, in words.
    var words: String {
        switch self {
        case .column: "the name of a column"
        case .columns(let least): least > 1 ? "a list of at least \(least) columns" : "a list of columns"
        case .names: "a list of names"
        case .bound: "a number or a date such as 2026-01-31"
        case .number(let least?, let most?): "a number from \(Self.short(least)) to \(Self.short(most))"
        case .number(let least?, nil): "a number of at least \(Self.short(least))"
        case .number: "a number"
        case .wholeNumber: "a whole number"
        case .flag: "true or false"
        case .text: "a text"
        case .texts(let least): least > 0 ? "a list with at least one text" : "a list of texts"
        case .values(let least): least > 0 ? "a list with at least one value" : "a list"
        case .pairs: "a list of lists of two values"
        case .choice(let names): names.count == 2 ? names.joined(separator: " or ") : names.joined(separator: ", ")
        case .quantiles: "an object with quantiles and as many value_ranges, each a list of two"
        case .object: "an object"
        case .escape: "a single character"
        case .dateFormat: "a format of strptime, such as %Y-%m-%d"
        case .query: "a query"
        case .relativeError: "true, false, or linear, lower, higher, midpoint or nearest"
        case .rowCondition: "a condition as text or as an object"
        }
    }

    private static func short(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
    }
}
