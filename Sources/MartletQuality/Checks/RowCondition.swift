public import MartletCore

/// Which rows a check looks at.
public indirect enum RowCondition: Hashable, Sendable {
    case comparison(column: String, Comparison, JSONValue)
    case nullity(column: String, isNull: Bool)
    case and([RowCondition])
    case or([RowCondition])
    /// A condition in the words of the engine, passed on as it is.
    case verbatim(String)

    /// How a column is compared with a value, or with each of a list.
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case isIn = "IN"
        case isNotIn = "NOT_IN"
    }
}
