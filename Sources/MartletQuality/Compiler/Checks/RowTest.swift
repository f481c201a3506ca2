import MartletCore

/// What a check of rows tests, before it is counted: the part that counting, sampling and quarantine share.
struct RowTest: Sendable {
    /// What tells that a row is not as expected.
    enum Unexpected: Sendable {
        /// A condition; never true for rows that do not take part, unless `needsKept`.
        case condition(String, needsKept: Bool)
        /// Another row has the same keys.
        case duplicate(keys: [String], column: String?)
        /// A condition on the value and the one before it, which is called `previous` there.
        case ordered(value: String, previous: String, condition: String)
        /// A test in Swift of these values.
        case evaluated([String], column: String?, EvaluationTest)
    }

    /// How a row's values are told.
    enum Shape: Sendable {
        case scalar, pair, object
    }

    /// What is tested, for telling it.
    var values: [CheckColumn]
    /// How it is told.
    var shape: Shape
    /// Rows that the check is about at all; nil is all.
    var rows: String?
    /// Rows of those that have what is tested; nil is all.
    var kept: String?
    /// Whether rows that are not kept count as missing; where nulls are what is tested nothing is missing.
    var countsMissing = true
    /// The other side.
    var unexpected: Unexpected
    /// What statistics of files may tell of the condition.
    var fact: Fact?
    /// Whether testing a row is dear.
    var isDear = false
    /// The name that Great Expectations has for it: `column_values.between`.
    var metric: String

    /// Rows that take part: `rows` and `kept`.
    var taking: String? { SQLCondition.and([rows, kept]) }
}

/// Conditions put together.
enum SQLCondition {
    /// All of `parts` that are there; nil for none.
    static func and(_ parts: [String?]) -> String? {
        let given = parts.compactMap(\.self)
        guard given.count > 1 else { return given.first }
        return given.map { "(\($0))" }.joined(separator: " AND ")
    }

    /// ` WHERE …`, or nothing for nil.
    static func clause(_ condition: String?) -> String { condition.map { " WHERE \($0)" } ?? "" }
}
