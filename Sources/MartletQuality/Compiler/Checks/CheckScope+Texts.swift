import MartletCore

/// Tests of values that look at them as text, or at sets of them.
extension CheckScope {
    func textTest(_ column: CheckColumn, _ rule: ValueRule, _ metric: String) throws(CheckFailure) -> RowTest.Unexpected
    {
        let text = asText(column)
        switch rule {
        case .inSet(let values):
            // Here pandas compares moments with texts as they are, and finds none equal; elsewhere it reads them.
            let isUnread = semantics == .pandas && column.kind.isTemporal
            return .condition("NOT (\(members(column, isUnread ? [] : values)))", needsKept: false)
        case .notInSet(let values): return .condition(members(column, values), needsKept: false)
        case .regex(let pattern): return all([pattern], not: true, any: false) { dialect.finds($0, in: text) }
        case .notRegex(let pattern): return all([pattern], not: false, any: true) { dialect.finds($0, in: text) }
        case .regexList(let patterns, let matchAll):
            try requireSome(patterns, "regex_list", metric)
            return all(patterns, not: true, any: !matchAll) { dialect.finds($0, in: text) }
        case .notRegexList(let patterns):
            try requireSome(patterns, "regex_list", metric)
            return all(patterns, not: false, any: true) { dialect.finds($0, in: text) }
        case .like(let pattern, let escape):
            return all([pattern], not: true, any: false) { dialect.like(text, $0, escape: escape) }
        case .notLike(let pattern, let escape):
            return all([pattern], not: false, any: true) { dialect.like(text, $0, escape: escape) }
        case .likeList(let patterns, let matchAll, let escape):
            try requireSome(patterns, "like_pattern_list", metric)
            return all(patterns, not: true, any: !matchAll) { dialect.like(text, $0, escape: escape) }
        case .notLikeList(let patterns, let escape):
            try requireSome(patterns, "like_pattern_list", metric)
            return all(patterns, not: false, any: true) { dialect.like(text, $0, escape: escape) }
        case .lengthBetween(let bounds): return try lengthTest(text, bounds, metric)
        case .lengthEquals(let value): return try lengthTest(text, value, metric)
        default: return try evaluatedTest(column, rule, metric)
        }
    }

    /// Values as text: pandas writes whole numbers of a column with nulls as floats.
    private func asText(_ column: CheckColumn) -> String {
        if column.kind == .text { return column.sql }
        guard semantics == .pandas, column.kind == .integer else { return dialect.text(column.sql) }
        let hasNulls = "(SELECT count(*) > count(\(column.sql)) FROM \(relation))"
        let float = dialect.text("CAST(\(column.sql) AS DOUBLE)")
        return "CASE WHEN \(hasNulls) THEN \(float) ELSE \(dialect.text(column.sql)) END"
    }

    /// What statistics may tell of a set of whole numbers.
    func memberFact(_ column: CheckColumn, _ rule: ValueRule) -> Fact? {
        guard column.kind == .integer, column.isPlain else { return nil }
        let (values, areIn): ([JSONValue], Bool)
        switch rule {
        case .inSet(let given): (values, areIn) = (given, false)
        case .notInSet(let given): (values, areIn) = (given, true)
        default: return nil
        }
        let numbers = values.compactMap { value -> Int64? in
            guard case .integer(let number)? = TypedValue.equal(value, to: column.column, semantics) else { return nil }
            return number
        }
        return .members(of: column.name, Set(numbers), areIn: areIn)
    }

    private func members(_ column: CheckColumn, _ values: [JSONValue]) -> String {
        membership(column.sql, column.column, values)
    }

    /// Patterns put together by AND or OR, denied or not.
    private func all(
        _ patterns: [String],
        not: Bool,
        any: Bool,
        _ test: (String) -> String
    ) -> RowTest.Unexpected {
        let tests = patterns.map(test).joined(separator: any ? " OR " : " AND ")
        return .condition(not ? "NOT (\(tests))" : tests, needsKept: false)
    }

    private func requireSome(_ patterns: [String], _ name: String, _ metric: String) throws(CheckFailure) {
        guard patterns.isEmpty else { return }
        throw invalid("\(name) is empty", remedy: "give at least one pattern", metric)
    }

    private func lengthTest(
        _ text: String,
        _ bounds: Bounds,
        _ metric: String
    ) throws(CheckFailure) -> RowTest.Unexpected {
        guard bounds.minimum != nil || bounds.maximum != nil else {
            throw invalid("min_value and max_value cannot both be open", remedy: "give at least one of them", metric)
        }
        var conditions: [String] = []
        for (bound, comparison) in [
            (bounds.minimum, bounds.isMinimumStrict ? "<=" : "<"),
            (bounds.maximum, bounds.isMaximumStrict ? ">=" : ">"),
        ] {
            guard let bound else { continue }
            guard let number = bound.doubleValue, number.isFinite,
                let whole = Int64(exactly: number.rounded(.towardZero))
            else {
                throw invalid("the length \(bound.jsonText) is not a whole number", remedy: "give a number", metric)
            }
            conditions.append("\(dialect.length(text)) \(comparison) \(dialect.literal(.integer(whole)))")
        }
        return .condition(conditions.joined(separator: " OR "), needsKept: false)
    }

    private func lengthTest(
        _ text: String,
        _ value: JSONValue,
        _ metric: String
    ) throws(CheckFailure) -> RowTest.Unexpected {
        guard let number = value.doubleValue else {
            throw invalid("the length \(value.jsonText) is not a number", remedy: "give a number", metric)
        }
        // No text has a length with a fraction; a bare comparison keeps null null.
        let whole = Int64(exactly: number)
        let literal = whole.map { dialect.literal(.integer($0)) } ?? dialect.double(number)
        return .condition("\(dialect.length(text)) <> \(literal)", needsKept: false)
    }
}
