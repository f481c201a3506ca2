import MartletCore

/// Something a check has to know about the data; equal needs of several checks are answered once.
enum Need: Hashable, Sendable {
    /// One value from the fused scan.
    case scalar(ScalarNeed)
    /// How values group: how many groups, and how many rows share theirs.
    case groups(GroupNeed)
    /// Values at places in a column's order.
    case ranks(RankNeed)
    /// Rows of a query of its own.
    case rows(RowsNeed)
    /// Rows that Swift has to look at.
    case evaluation(EvaluationNeed)
    /// An expression without rows that tells whether the engine takes it.
    case probe(String)

    var isProbe: Bool { if case .probe = self { true } else { false } }
}

/// One value over all rows.
struct ScalarNeed: Hashable, Sendable {
    /// How it is computed.
    enum Form: Hashable, Sendable {
        /// An aggregate.
        case aggregate(String)
        /// How many rows a condition is true for.
        case tally(String)
        /// How many distinct values of an expression are among the rows that a condition is true for.
        case distinctTally(String, of: String)
    }

    /// How it is computed.
    var form: Form
    /// What statistics of files may answer instead.
    var fact: Fact?
    /// The only column that it reads, when it may as well be computed from that column's distinct values.
    var column: String?
    /// Whether the test is dear for each row, so that once per distinct value is worth a pass of its own.
    var isDear = false

    init(_ form: Form, fact: Fact? = nil, column: String? = nil, isDear: Bool = false) {
        self.form = form
        self.fact = fact
        self.column = column
        self.isDear = isDear
    }
}

/// What statistics of files can tell.
enum Fact: Hashable, Sendable {
    case rows
    /// Values of a column that are not null.
    case values(of: String)
    /// Values of a column that are null.
    case nulls(of: String)
    case minimum(of: String)
    case maximum(of: String)
    /// How many values of whole numbers are in a set of them, or are not.
    case members(of: String, Set<Int64>, areIn: Bool)
    /// How many values are outside a range whose ends are inside unless strict.
    case outside(of: String, below: Limit?, above: Limit?)

    /// An end of a range.
    struct Limit: Hashable, Sendable {
        var value: SQLValue
        var isStrict: Bool
    }
}

/// How rows group by some expressions.
struct GroupNeed: Hashable, Sendable {
    /// What they are grouped by.
    var keys: [String]
    /// The rows that take part; nil is all.
    var rows: String?
    /// The only column that is read, when the key is just that and rows are those where it is not null.
    var column: String?
    /// Whether rows that share their group are counted, too.
    var countsShared: Bool
}

/// Values at places in the order of an expression's values that are not null.
struct RankNeed: Hashable, Sendable {
    /// What is ordered.
    var value: String
    /// The rows that take part; nil is all.
    var rows: String?
    /// Places from 1, in the order asked for.
    var ranks: [Int]
    /// How many values there are.
    var count: Int
    /// The column, when the value is just that and all rows take part.
    var column: String?
}

/// Rows of a query of its own.
struct RowsNeed: Hashable, Sendable {
    /// The query.
    var sql: String
    /// What it is for, in words.
    var purpose: String
}
