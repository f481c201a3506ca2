import MartletCore

/// Expectations as sentences.
public enum ExpectationProse {
    /// Most elements of a list that are told.
    private static let shownElements = 8

    /// What `expectation` says, in words: its own description, or a sentence made of its arguments.
    public static func sentence(_ expectation: Expectation) -> String {
        expectation.description ?? generated(expectation)
    }

    /// A sentence made of the arguments.
    public static func generated(_ expectation: Expectation) -> String {
        guard let definition = ExpectationCatalog.definition(of: expectation.type) else { return expectation.type }
        let arguments = expectation.arguments
        var text = ""
        var rest = definition.prose[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text += rest[..<open]
            text += words(String(rest[rest.index(after: open)..<close]), definition, arguments)
            rest = rest[rest.index(after: close)...]
        }
        text += rest
        if let mostly = arguments["mostly"]?.doubleValue, mostly < 1 {
            text += ", in at least \(percent(mostly)) % of rows"
        }
        if let condition = arguments["row_condition"], condition != .null {
            text += ", where \(Self.condition(condition))"
        }
        return text
    }

    private static func words(
        _ name: String,
        _ definition: ExpectationDefinition,
        _ arguments: [String: JSONValue]
    ) -> String {
        switch name {
        case "bounds": return bounds(arguments)
        case "or_equal": return arguments["or_equal"] == true ? ", or equal" : ""
        case "exact_match": return arguments["exact_match"] == false ? " include" : " are"
        case "quantile_ranges": return quantiles(arguments["quantile_ranges"])
        default: break
        }
        let value = arguments[name] ?? definition.argument(name)?.defaultValue ?? .null
        return list(value)
    }

    /// A list in words, the first elements of a long one.
    private static func list(_ value: JSONValue) -> String {
        guard case .array(let elements) = value else { return scalar(value) }
        if elements.isEmpty { return "nothing" }
        let shown = elements.prefix(shownElements).map(scalar).joined(separator: ", ")
        let more = elements.count - shownElements
        return more > 0 ? "\(shown) and \(more) more" : shown
    }

    private static func scalar(_ value: JSONValue) -> String {
        if let name = value["$PARAMETER"]?.stringValue { return "$\(name)" }
        if case .string(let text) = value { return text.isEmpty ? "\"\"" : text }
        return ExactJSON.line(value)
    }

    private static func bounds(_ arguments: [String: JSONValue]) -> String {
        let least = arguments["min_value"].flatMap { $0 == .null ? nil : scalar($0) }
        let most = arguments["max_value"].flatMap { $0 == .null ? nil : scalar($0) }
        let above = arguments["strict_min"] == true
        let below = arguments["strict_max"] == true
        switch (least, most) {
        case (nil, nil): return "anything"
        case (let least?, nil): return above ? "more than \(least)" : "at least \(least)"
        case (nil, let most?): return below ? "less than \(most)" : "at most \(most)"
        case (let least?, let most?):
            if !above, !below { return least == most ? least : "from \(least) to \(most)" }
            return "\(above ? "more than" : "at least") \(least) and \(below ? "less than" : "at most") \(most)"
        }
    }

    private static func quantiles(_ value: JSONValue?) -> String {
        guard case .array(let shares)? = value?["quantiles"], case .array(let ranges)? = value?["value_ranges"] else {
            return value.map(scalar) ?? ""
        }
        let parts = zip(shares, ranges).map { share, range -> String in
            guard case .array(let ends) = range, ends.count == 2 else { return scalar(share) }
            let members = ["min_value": ends[0], "max_value": ends[1]]
            return "\(scalar(share)) \(bounds(members))"
        }
        return parts.joined(separator: ", ")
    }

    private static func condition(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        guard let condition = try? RowConditionReader.condition(value, parser: nil) else { return scalar(value) }
        return words(condition)
    }

    private static func words(_ condition: RowCondition) -> String {
        switch condition {
        case .comparison(let column, let comparison, let value):
            let name = comparison == .isIn ? "in" : comparison == .isNotIn ? "not in" : comparison.rawValue
            return "\(column) \(name) \(list(value))"
        case .nullity(let column, let isNull): return "\(column) is \(isNull ? "null" : "not null")"
        case .and(let parts): return parts.map(words).joined(separator: " and ")
        case .or(let parts):
            return parts.map { part in if case .and = part { "(\(words(part)))" } else { words(part) } }
                .joined(separator: " or ")
        case .verbatim(let text): return text
        }
    }

    /// Percent without a needless fraction, as exact as the share was written.
    private static func percent(_ share: Double) -> String {
        let value = (share * 100 * 1e9).rounded() / 1e9
        return value == value.rounded() ? String(Int(value)) : value.description
    }
}
