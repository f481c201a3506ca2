import MartletCore

/// One query, and the needs that its answer meets.
struct Scan: Hashable, Sendable {
    /// What kind of query it is.
    enum Kind: String, Hashable, Sendable {
        /// One row of aggregates over all rows.
        case fused
        /// One row of aggregates over a column's distinct values.
        case dictionary
        /// Groups of rows.
        case groups
        /// Values at places of an order.
        case ranks
        /// A query that a check has of its own.
        case rows
        /// Rows that Swift looks at.
        case evaluation
        /// Expressions without rows.
        case probe
    }

    var kind: Kind
    /// In the order of what the query selects.
    var needs: [Need]
    /// The query.
    var sql: String

    /// What the scan does, in words.
    var purpose: String {
        switch kind {
        case .fused: "one pass over all rows: \(needs.count) value\(needs.count == 1 ? "" : "s")"
        case .dictionary:
            "one pass over the distinct values of a column: \(needs.count) value\(needs.count == 1 ? "" : "s")"
        case .groups: "groups of equal values"
        case .ranks: "values at places in the order of a column"
        case .rows: if case .rows(let need) = needs.first { need.purpose } else { "a query of its own" }
        case .evaluation: "values that Swift looks at"
        case .probe: "whether the engine takes \(needs.count) expression\(needs.count == 1 ? "" : "s"); reads no rows"
        }
    }
}
