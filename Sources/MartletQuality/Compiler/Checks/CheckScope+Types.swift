import MartletCore

/// Checks of a column's type.
extension CheckScope {
    /// Whether the column's type is one of `types`; nil is any.
    func typeCheck(
        _ check: Check,
        _ name: String,
        _ types: [String]?,
        _ metric: String
    ) throws(CheckFailure) -> CheckStep {
        let found = try column(name, metric)
        let column = found.column
        guard semantics == .pandas else {
            let isMet = types.map { $0.contains { TypeNames.matches($0, column) } } ?? true
            return .value(isMet, .string(column.type))
        }
        // Nulls change the type that pandas reads whole numbers and truth values as.
        let total = rowCount(nil)
        let values = valueCount(found, nil)
        return .needs([.scalar(total), .scalar(values)]) { (answers) throws(CheckFailure) in
            let hasNulls = try answers.count(values, metric) < answers.count(total, metric)
            let isMet = types.map { $0.contains { TypeNames.matchesPandas($0, column, hasNulls: hasNulls) } } ?? true
            return .value(isMet, .string(TypeNames.pandas(column, hasNulls: hasNulls)))
        }
    }
}
