/// What stands between `{{` and `}}`: names, literals, comparisons, `and`, `or`, `not`, and filters.
///
/// The grammar, loosest first: `a or b`, `a and b`, `not a`, `a == b` (`!= < <= > >=`, no chains), `a | filter(x)`,
/// literals, names with dots, parentheses. Filters: `default(x)`, `json`, `lower`, `upper`.
public indirect enum Expression: Hashable, Sendable {
    case literal(JSONValue)
    /// A name such as `params.month`, and where it starts in the template, in UTF-8 bytes.
    case name(path: [String], offset: Int)
    case not(Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
    case comparison(Expression, Comparison, Expression)
    case filter(Expression, Filter)

    /// The comparison operators.
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
    }

    /// The filters.
    public enum Filter: Hashable, Sendable {
        /// Another value when the name is not defined or null.
        case fallback(Expression)
        case json
        case lower
        case upper
    }

    /// Every name the expression uses.
    public var names: [(path: [String], offset: Int)] {
        switch self {
        case .literal: []
        case .name(let path, let offset): [(path, offset)]
        case .not(let inner): inner.names
        case .and(let left, let right), .or(let left, let right): left.names + right.names
        case .comparison(let left, _, let right): left.names + right.names
        case .filter(let inner, .fallback(let other)): inner.names + other.names
        case .filter(let inner, _): inner.names
        }
    }
}

/// A template or expression that is wrong, or fails when it is worked out.
public struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where in the template, in UTF-8 bytes from its start.
    public let offset: Int
    /// What is wrong.
    public let reason: String
    /// What to do.
    public let remedy: String?

    /// An error with its place, what is wrong there and, when known, what to do.
    public init(offset: Int, reason: String, remedy: String? = nil) {
        self.offset = offset
        self.reason = reason
        self.remedy = remedy
    }

    /// The reason and the remedy.
    public var description: String { [reason, remedy].compactMap(\.self).joined(separator: "; ") }
}

extension Expression {
    /// Works out the value; `lookup` gives that of a name, or nil when it is not defined.
    ///
    /// - Throws: ``TemplateError`` for a name that is not defined and for operands that do not fit.
    public func evaluate(_ lookup: ([String]) -> JSONValue?) throws(TemplateError) -> JSONValue {
        switch self {
        case .literal(let value):
            return value
        case .name(let path, let offset):
            if let value = lookup(path) { return value }
            throw TemplateError(
                offset: offset,
                reason: "\(path.joined(separator: ".")) is not defined",
                remedy: "use \(path.joined(separator: ".")) | default(...) when it may be absent"
            )
        case .not(let inner):
            return .bool(!(try inner.truth(lookup)))
        case .and(let left, let right):
            guard try left.truth(lookup) else { return false }
            return .bool(try right.truth(lookup))
        case .or(let left, let right):
            if try left.truth(lookup) { return true }
            return .bool(try right.truth(lookup))
        case .comparison(let left, let comparison, let right):
            return .bool(try comparison.holds(left.evaluate(lookup), right.evaluate(lookup), at: offset))
        case .filter(let inner, .fallback(let other)):
            if case .name(let path, _) = inner {
                guard let value = lookup(path), value != .null else { return try other.evaluate(lookup) }
                return value
            }
            let value = try inner.evaluate(lookup)
            return value == .null ? try other.evaluate(lookup) : value
        case .filter(let inner, .json):
            return .string(try inner.evaluate(lookup).jsonText)
        case .filter(let inner, .lower):
            return .string(try inner.evaluate(lookup).displayText.lowercased())
        case .filter(let inner, .upper):
            return .string(try inner.evaluate(lookup).displayText.uppercased())
        }
    }

    /// The value as true or false.
    ///
    /// - Throws: ``TemplateError`` when it is neither.
    public func truth(_ lookup: ([String]) -> JSONValue?) throws(TemplateError) -> Bool {
        let value = try evaluate(lookup)
        if case .bool(let truth) = value { return truth }
        throw TemplateError(offset: offset, reason: "\(value.jsonText) is neither true nor false")
    }

    /// Where the first name in the expression starts; 0 when it has none.
    private var offset: Int { names.first?.offset ?? 0 }
}

extension Expression.Comparison {
    func holds(_ left: JSONValue, _ right: JSONValue, at offset: Int) throws(TemplateError) -> Bool {
        // Whole numbers above 2^53 would be rounded as floating-point numbers.
        if case (.integer(let left), .integer(let right)) = (left, right) { return holds(ordered: left, right) }
        if let left = left.doubleValue, let right = right.doubleValue { return holds(ordered: left, right) }
        switch (self, left, right) {
        case (.equal, _, _): return left == right
        case (.notEqual, _, _): return left != right
        case (_, .string(let left), .string(let right)): return holds(ordered: left, right)
        default:
            throw TemplateError(
                offset: offset,
                reason:
                    "\(left.jsonText) \(rawValue) \(right.jsonText) compares \(left.typeName) with \(right.typeName)"
            )
        }
    }

    private func holds<Operand: Comparable>(ordered left: Operand, _ right: Operand) -> Bool {
        switch self {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}
