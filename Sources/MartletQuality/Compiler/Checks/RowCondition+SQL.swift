import MartletCore

/// Row conditions as SQL.
extension CheckScope {
    /// The SQL of `condition`; nil for nil.
    ///
    /// - Throws: what the columns it names throw, and `.checkArgumentsInvalid` for text that is not one whole expression.
    func rows(_ condition: RowCondition?, _ metric: String) throws(CheckFailure) -> String? {
        guard let condition else { return nil }
        return try sql(condition, metric)
    }

    private func sql(_ condition: RowCondition, _ metric: String) throws(CheckFailure) -> String {
        switch condition {
        case .comparison(let name, let comparison, let value):
            return try compared(try column(name, metric), comparison, value, metric)
        case .nullity(let name, let isNull):
            return "\(try column(name, metric).sql) IS \(isNull ? "" : "NOT ")NULL"
        case .and(let parts): return try joined(parts, " AND ", empty: "TRUE", metric)
        case .or(let parts): return try joined(parts, " OR ", empty: "FALSE", metric)
        case .verbatim(let text):
            try SQLFragment.requireWhole(text, metric, dialect)
            return "(\(text)\n)"
        }
    }

    private func joined(
        _ parts: [RowCondition],
        _ word: String,
        empty: String,
        _ metric: String
    ) throws(CheckFailure) -> String {
        var texts: [String] = []
        for part in parts { texts.append("(\(try sql(part, metric)))") }
        return texts.isEmpty ? empty : texts.joined(separator: word)
    }

    private func compared(
        _ column: CheckColumn,
        _ comparison: RowCondition.Comparison,
        _ value: JSONValue,
        _ metric: String
    ) throws(CheckFailure) -> String {
        let isPandas = semantics == .pandas
        switch comparison {
        case .equal, .notEqual:
            let isEqual = comparison == .equal
            guard let literal = TypedValue.equal(value, to: column.column, semantics).map(dialect.literal) else {
                return isEqual ? "FALSE" : isPandas ? "TRUE" : "\(column.sql) IS NOT NULL"
            }
            // For pandas a missing value differs from all others, so that such rows are in.
            if !isEqual, isPandas { return "\(column.sql) IS DISTINCT FROM \(literal)" }
            return "\(column.sql) \(isEqual ? "=" : "<>") \(literal)"
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let literal = orderable(value, column) else {
                throw unfit(column, "cannot be compared with \(value.jsonText)", metric)
            }
            return "\(column.sql) \(comparison.rawValue) \(dialect.literal(literal))"
        case .isIn, .isNotIn:
            let values: [JSONValue] = if case .array(let values) = value { values } else { [value] }
            let test = membership(column.sql, column.column, values)
            if comparison == .isIn { return test }
            return isPandas ? "(\(test)) IS NOT TRUE" : "NOT (\(test))"
        }
    }

    /// A value that the column can be ordered against; a comparison of text with text is allowed here.
    private func orderable(_ value: JSONValue, _ column: CheckColumn) -> SQLValue? {
        switch column.kind {
        case .integer, .decimal, .floating:
            switch value {
            case .integer(let value): .integer(Int64(value))
            case .number(let value): column.kind == .floating ? .double(value) : .decimal(TypedValue.plain(value))
            default: nil
            }
        case .date, .timestamp, .timestampWithZone:
            TypedValue.moment(value, column.column)
                ?? value.stringValue.flatMap(CivilText.moment).map { .timestamp($0.microseconds, hasZone: false) }
        case .text, .enumeration: value.stringValue.map { .text($0) }
        default: nil
        }
    }
}
