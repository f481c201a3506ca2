import MartletCore

/// Says in a sentence what an expectation expects.
struct CheckSentence {
    private let type: String
    private let arguments: [String: JSONValue]
    /// Arguments that the sentence has told.
    private var told: Set<String> = ["batch_id", "condition_parser"]
    /// Most elements of a list that are told.
    private static let shownElements = 12

    /// The sentence for an expectation with `arguments`.
    static func text(_ type: String, _ arguments: [String: JSONValue]) -> ReportText {
        var sentence = CheckSentence(type, arguments)
        return sentence.text()
    }

    private init(_ type: String, _ arguments: [String: JSONValue]) {
        self.type = type
        self.arguments = arguments.filter { $0.value != .null }
    }

    private mutating func text() -> ReportText {
        var text: ReportText
        if let template = ExpectationCatalog.definition(of: type)?.prose {
            text = filled(template)
        } else {
            text = [.plain(Self.words(of: type))]
            if let column = tell("column") { text += [" of ", .code(column.displayText)] }
            if arguments["min_value"] != nil || arguments["max_value"] != nil { text += [" "] + bounds() }
        }
        if let share = tell("mostly")?.doubleValue, share < 1 {
            text += [.plain(", in at least \(ReportNumber.percent(share: share)) of rows")]
        }
        if let condition = tell("row_condition") { text += [", where ", .code(ConditionText.of(condition))] }
        told.formUnion(["strict_min", "strict_max"])
        // What nobody thought of when the sentence was written is still told.
        for (name, value) in arguments.sorted(by: { $0.key < $1.key }) where !told.contains(name) {
            if Self.defaults[name] == value || name == "ignore_row_if" && Self.usualIgnoring.contains(value) {
                continue
            }
            text += [.faint("; \(name) ")] + Self.values(value)
        }
        return text
    }

    /// Values of arguments that say nothing, because they are those when nothing is said.
    private static let defaults: [String: JSONValue] = [
        "strictly": false, "or_equal": false, "ties_okay": false, "allow_relative_error": false, "exact_match": true,
        "match_on": "any", "result_format": "SUMMARY", "catch_exceptions": false,
        "tail_weight_holdout": 0, "internal_weight_holdout": 0, "bucketize_data": true,
    ]

    private static let usualIgnoring: Set<JSONValue> = [
        "never", "both_values_are_missing", "all_values_are_missing",
    ]

    private mutating func tell(_ name: String) -> JSONValue? {
        told.insert(name)
        return arguments[name]
    }

    /// A template of the catalog with its `{names}` filled in.
    private mutating func filled(_ template: String) -> ReportText {
        var text: ReportText = []
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { text.append(.plain(String(rest[..<open]))) }
            let name = String(rest[rest.index(after: open)..<close])
            text += words(for: name)
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { text.append(.plain(String(rest))) }
        guard case .plain(let first)? = text.first, let letter = first.first else { return text }
        text[0] = .plain(letter.uppercased() + first.dropFirst())
        return text
    }

    /// What stands for a name in a template: a value, or words where the name asks for them.
    private mutating func words(for name: String) -> ReportText {
        let value = tell(name)
        switch name {
        case "bounds": return bounds()
        case "or_equal": return value == true ? [", or equal"] : []
        case "exact_match": return value == false ? [" include"] : [" are"]
        case "quantile_ranges":
            let parts = zip(value?["quantiles"]?.elements ?? [], value?["value_ranges"]?.elements ?? [])
            let texts = parts.prefix(Self.shownElements).map { share, range -> ReportText in
                let ends = range.elements.map { $0 == .null ? JSONValue?.none : $0 }
                let (low, high) = (ends.first ?? nil, ends.last ?? nil)
                return [.code(ReportNumber.exact(share)), " "] + Self.range(low, high, isStrict: (false, false))
            }
            return texts.isEmpty ? value.map { Self.values($0) } ?? [] : Array(texts.joined(separator: [", "]))
        default:
            guard let value = value ?? Self.defaults[name] else { return [.code(name)] }
            return Self.values(value)
        }
    }

    private mutating func bounds() -> ReportText {
        let (low, high) = (tell("min_value"), tell("max_value"))
        return Self.range(low, high, isStrict: (tell("strict_min") == true, tell("strict_max") == true))
    }

    private static func range(_ low: JSONValue?, _ high: JSONValue?, isStrict: (Bool, Bool)) -> ReportText {
        switch (low, high) {
        case (nil, nil): return ["anything"]
        case (let low?, nil): return [isStrict.0 ? "more than " : "at least "] + values(low)
        case (nil, let high?): return [isStrict.1 ? "less than " : "at most "] + values(high)
        case (let low?, let high?) where isStrict == (false, false):
            return low == high ? values(low) : ["from "] + values(low) + [" to "] + values(high)
        case (let low?, let high?):
            return [isStrict.0 ? "more than " : "at least "] + values(low)
                + [isStrict.1 ? " and less than " : " and at most "] + values(high)
        }
    }

    /// A value to the letter, or a list of them.
    private static func values(_ value: JSONValue) -> ReportText {
        switch value {
        case .array(let values) where values.allSatisfy({ $0.elements.isEmpty && $0.members.isEmpty }):
            if values.isEmpty { return ["an empty list"] }
            var text = values.prefix(shownElements).flatMap { [.code(ReportNumber.exact($0)), " "] as ReportText }
            text.removeLast()
            if values.count > shownElements { text.append(.plain(" and \(values.count - shownElements) more")) }
            return text
        case .object(let members) where members["$PARAMETER"] != nil:
            return ["the parameter ", .code(members["$PARAMETER"]?.displayText ?? "")]
        default: return [.code(ReportNumber.exact(value))]
        }
    }

    /// The words of a type that the catalog does not know: `expect_column_values_to_be_odd` is `Values to be odd`.
    private static func words(of type: String) -> String {
        var name = type[...]
        for prefix in ["expect_", "column_"] where name.hasPrefix(prefix) { name = name.dropFirst(prefix.count) }
        let words = name.replacing("_", with: " ")
        return (words.first.map { $0.uppercased() } ?? type) + words.dropFirst()
    }
}

/// Writes conditions on rows as people do.
enum ConditionText {
    /// The condition in the text or object form of Great Expectations.
    static func of(_ condition: JSONValue) -> String {
        let column = condition["column"]?["name"]?.displayText ?? condition["column"]?.displayText ?? "?"
        switch condition["type"]?.stringValue {
        case "comparison":
            let operation = condition["operator"]?.displayText.replacing("_", with: " ").lowercased() ?? "?"
            return "\(column) \(operation) \(condition["parameter"]?.jsonText ?? "?")"
        case "nullity": return "\(column) is \(condition["is_null"] == .bool(true) ? "" : "not ")null"
        case "and", "or":
            let parts = condition["conditions"]?.elements.map(of) ?? []
            return parts.map { parts.count > 1 ? "(\($0))" : $0 }
                .joined(separator: condition["type"] == "and" ? " and " : " or ")
        case "pass_through": return condition["pass_through_filter"]?.displayText ?? "?"
        default: return ReportNumber.exact(condition)
        }
    }
}
