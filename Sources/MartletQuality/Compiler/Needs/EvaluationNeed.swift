import MartletCore

/// Rows that Swift has to look at, because SQL has no words for what is tested.
struct EvaluationNeed: Hashable, Sendable {
    /// The check that asks.
    var check: Int
    /// What the test gets, in its order.
    var values: [String]
    /// What is taken of rows that do not pass, beside the values.
    var places: [String]
    /// What stands after FROM.
    var source: String
    /// The rows that take part; nil is all.
    var rows: String?
    /// The only column that is read, when there is one value that is just that.
    var column: String?
    /// Nil counts the rows that do not pass; else how many of them are taken.
    var limit: Int?
    /// Whether a row is as expected.
    var test: EvaluationTest

    static func == (left: EvaluationNeed, right: EvaluationNeed) -> Bool {
        left.check == right.check && left.limit == right.limit
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(check)
        hasher.combine(limit)
    }
}

/// Tells whether values are as expected.
typealias EvaluationTest = @Sendable ([SQLValue]) throws(MartletError) -> Bool

/// What came of looking at rows.
struct Evaluation: Hashable, Sendable {
    /// Rows that do not pass.
    var unexpected = 0
    /// The first of them: values, then places.
    var rows: [[SQLValue]] = []
}
