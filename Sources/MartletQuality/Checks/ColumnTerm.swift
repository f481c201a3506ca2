import MartletCore

/// Conditions written as `col("x") > 5`: the words of the parser `great_expectations`.
///
/// A condition is a column and either `.notnull()` or a comparison with a number, a text in quotes, or
/// `date("2026-01-31")`. Great Expectations passes over anything that stands after the first term; here that is an error,
/// because it would not be what the author meant.
enum ColumnTerm {
    static func condition(_ text: String) throws(RowConditionReader.Problem) -> RowCondition {
        var rest = text.trimmed[...]
        guard take(#"col(""#, from: &rest), let quote = rest.firstIndex(of: "\"") else { throw unreadable(text) }
        let column = String(rest[..<quote])
        rest = rest[rest.index(after: quote)...]
        guard !column.isEmpty, take(")", from: &rest) else { throw unreadable(text) }
        skipSpace(&rest)
        if rest.lowercased().hasPrefix(".notnull()") {
            rest = rest.dropFirst(".notnull()".count)
            try end(rest, text)
            return .nullity(column: column, isNull: false)
        }
        // The longer operators first, as < begins <=.
        let operators: [RowCondition.Comparison] = [
            .greaterOrEqual, .lessOrEqual, .equal, .notEqual, .greater, .less,
        ]
        guard let comparison = operators.first(where: { rest.hasPrefix($0.rawValue) }) else { throw unreadable(text) }
        rest = rest.dropFirst(comparison.rawValue.count)
        skipSpace(&rest)
        let value = try operand(&rest, text)
        try end(rest, text)
        return .comparison(column: column, comparison, value)
    }

    /// `condition` in these words; nil when they cannot say it.
    static func text(of condition: RowCondition) -> String? {
        switch condition {
        case .nullity(let column, isNull: false): return #"col("\#(column)").notnull()"#
        case .comparison(let column, let comparison, let value):
            guard comparison != .isIn, comparison != .isNotIn else { return nil }
            switch value {
            case .integer, .number: return #"col("\#(column)") \#(comparison.rawValue) \#(ExactJSON.line(value))"#
            case .string(let text) where !text.contains("\""):
                return #"col("\#(column)") \#(comparison.rawValue) "\#(text)""#
            default: return nil
            }
        default: return nil
        }
    }

    private static func operand(
        _ rest: inout Substring,
        _ text: String
    ) throws(RowConditionReader.Problem) -> JSONValue {
        if take("date(", from: &rest) {
            skipSpace(&rest)
            guard let value = quoted(&rest) else { throw unreadable(text) }
            skipSpace(&rest)
            guard take(")", from: &rest) else { throw unreadable(text) }
            return .string(value)
        }
        if let value = quoted(&rest) { return .string(value) }
        let digits = rest.prefix { $0.isNumber || "+-.eE".contains($0) }
        rest = rest.dropFirst(digits.count)
        if let whole = Int(digits) { return .integer(whole) }
        guard let number = Double(digits) else { throw unreadable(text) }
        return .number(number)
    }

    private static func quoted(_ rest: inout Substring) -> String? {
        guard let quote = rest.first, quote == "\"" || quote == "'",
            let end = rest.dropFirst().firstIndex(of: quote)
        else { return nil }
        let value = String(rest[rest.index(after: rest.startIndex)..<end])
        rest = rest[rest.index(after: end)...]
        return value
    }

    private static func end(_ rest: Substring, _ text: String) throws(RowConditionReader.Problem) {
        guard rest.trimmed.isEmpty else {
            throw RowConditionReader.Problem(
                "after the first condition of \"\(text)\" comes \"\(rest.trimmed)\", which this parser cannot read"
            )
        }
    }

    private static func unreadable(_ text: String) -> RowConditionReader.Problem {
        RowConditionReader.Problem(#""\#(text)" is not of the form col("x") > 5 or col("x").notnull()"#)
    }

    private static func take(_ word: String, from rest: inout Substring) -> Bool {
        guard rest.hasPrefix(word) else { return false }
        rest = rest.dropFirst(word.count)
        return true
    }

    private static func skipSpace(_ rest: inout Substring) { rest = rest.drop { $0 == " " || $0 == "\t" } }
}
