extension CheckRule {
    /// The columns that the rule names, in their order; empty for a table, a query or a condition.
    public var columns: [String] {
        switch self {
        case .values(let column, _), .statistic(let column, _, _), .distinctValues(let column, _, _),
            .mostCommonValue(let column, _, _), .quantiles(let column, _), .divergence(let column, _):
            [column]
        case .pair(let a, let b, _, _): [a, b]
        case .multicolumn(let columns, _, _), .closure(let columns): columns
        case .table(.columnExists(let column, _)), .table(.columnType(let column, _)): [column]
        case .table, .unexpectedRows, .queryComparison, .condition: []
        }
    }
}
