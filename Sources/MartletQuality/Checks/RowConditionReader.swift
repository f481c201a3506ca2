public import MartletCore

/// Reads row conditions in the three forms that suites have them in.
///
/// JSON objects are those of Great Expectations 1.9 and later; text is for the parser that the suite names beside it:
/// `great_expectations` reads `col("x") > 5`, the others pass the text on to the engine.
public enum RowConditionReader {
    /// The parsers that a suite may name.
    static let parsers = ["great_expectations", "great_expectations__experimental__", "pandas", "spark"]

    /// The condition that `value` is, for `parser`.
    ///
    /// - Throws: ``Problem`` when it cannot be read.
    public static func condition(_ value: JSONValue, parser: String?) throws(Problem) -> RowCondition {
        switch value {
        case .string(let text):
            return switch parser {
            case "great_expectations", "great_expectations__experimental__": try ColumnTerm.condition(text)
            default: .verbatim(text)
            }
        case .object:
            let condition = try object(value)
            let leaves = condition.leafCount
            if leaves > Limits.rowConditions {
                throw Problem("it has \(leaves) conditions, and \(Limits.rowConditions) is the most")
            }
            if case .and(let parts) = condition { return .and(parts.flatMap(\.conjuncts)) }
            return condition
        default: throw Problem("it is neither text nor an object")
        }
    }

    /// What is wrong with a condition, as a clause.
    public struct Problem: Error, Hashable, Sendable {
        /// The clause.
        public var message: String

        init(_ message: String) { self.message = message }
    }

    private static let types = ["comparison", "nullity", "and", "or", "pass_through"]

    private static func object(_ value: JSONValue) throws(Problem) -> RowCondition {
        guard let type = value["type"]?.stringValue else {
            throw Problem("it has no type (\(types.joined(separator: ", ")))")
        }
        switch type {
        case "comparison": return try comparison(value)
        case "nullity":
            guard case .bool(let isNull)? = value["is_null"] else { throw Problem("a nullity has no is_null") }
            return .nullity(column: try column(value), isNull: isNull)
        case "and":
            let parts = try conditions(value)
            if parts.contains(where: \.holdsOr) { throw Problem("an and cannot hold an or") }
            return .and(parts)
        case "or":
            let parts = try conditions(value)
            if parts.contains(where: \.holdsOr) { throw Problem("an or cannot hold another") }
            return .or(parts)
        case "pass_through":
            guard let text = value["pass_through_filter"]?.stringValue else {
                throw Problem("a pass_through has no pass_through_filter")
            }
            return .verbatim(text)
        default:
            let nearest = NearestName.of(type, among: types).map { "; did you mean \($0)?" } ?? ""
            throw Problem("there is no type of condition \(type)\(nearest)")
        }
    }

    private static func conditions(_ value: JSONValue) throws(Problem) -> [RowCondition] {
        guard case .array(let parts)? = value["conditions"] else { throw Problem("it has no list of conditions") }
        var read: [RowCondition] = []
        for part in parts { read.append(try object(part)) }
        return read
    }

    private static func column(_ value: JSONValue) throws(Problem) -> String {
        guard let name = value["column"]?["name"]?.stringValue ?? value["column"]?.stringValue else {
            throw Problem("it names no column")
        }
        return name
    }

    private static func comparison(_ value: JSONValue) throws(Problem) -> RowCondition {
        let column = try column(value)
        guard let name = value["operator"]?.stringValue, let comparison = RowCondition.Comparison(rawValue: name) else {
            let names = RowCondition.Comparison.allCases.map(\.rawValue).joined(separator: " ")
            throw Problem("\(value["operator"]?.displayText ?? "null") is no operator (\(names))")
        }
        guard let parameter = value["parameter"], parameter != .null else {
            throw Problem("\(column) is compared with null, which is what nullity is for")
        }
        if comparison == .isIn || comparison == .isNotIn {
            guard case .array(let elements) = parameter else { throw Problem("\(name) takes a list") }
            let areNumbers = elements.allSatisfy { $0.doubleValue != nil }
            guard areNumbers || elements.allSatisfy({ $0.stringValue != nil }) else {
                throw Problem("the list of \(name) holds neither only numbers nor only texts")
            }
        }
        return .comparison(column: column, comparison, parameter)
    }
}

extension RowCondition {
    fileprivate var leafCount: Int {
        switch self {
        case .and(let parts), .or(let parts): parts.reduce(0) { $0 + $1.leafCount }
        default: 1
        }
    }

    /// The parts of an and, and of those in it.
    fileprivate var conjuncts: [RowCondition] {
        if case .and(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
    }

    fileprivate var holdsOr: Bool {
        switch self {
        case .or: true
        case .and(let parts): parts.contains(where: \.holdsOr)
        default: false
        }
    }
}
