import MartletCore

extension ShortRule {
    /// The arguments that `value` stands for; nil when it does not fit the form.
    func arguments(_ value: JSONValue) -> [String: JSONValue]? {
        var arguments = constants
        func add(_ more: [String: JSONValue]) -> [String: JSONValue] { arguments.merging(more) { $1 } }
        switch (form, value) {
        case (.flag, true): return arguments
        case (.flag, .object(let members)), (.range, .object(let members)): return add(Self.renamed(members))
        case (.flag, .integer), (.flag, .number):
            guard ExpectationCatalog.definition(of: type)?.takesMostly ?? false else { return nil }
            return add(["mostly": value])
        case (.range, .array(let ends)):
            guard ends.count == 2 else { return nil }
            if ends[0] != .null { arguments["min_value"] = ends[0] }
            if ends[1] != .null { arguments["max_value"] = ends[1] }
            return arguments
        case (.end(let name), _): return add([name: value])
        case (.pair, .array(let columns)):
            return columns.count == 2 ? add(["column_A": columns[0], "column_B": columns[1]]) : nil
        case (.object(let names), .object(let members)):
            for (key, value) in members { arguments[names[key] ?? key] = value }
            return arguments
        case (.quantiles, .object(let members)): return Self.quantiles(members).map { add(["quantile_ranges": $0]) }
        case (.value(let name), _): return add([name: value])
        default: return nil
        }
    }

    /// What follows the word, for these arguments; nil when the rule cannot say them.
    func value(_ arguments: [String: JSONValue]) -> JSONValue? {
        var rest = arguments
        for (name, constant) in constants { if rest.removeValue(forKey: name) != constant { return nil } }
        switch form {
        case .flag:
            // In a conditional expression `nil` would be the JSON value null.
            guard rest.isEmpty else { return nil }
            return true
        case .value(let name):
            guard let value = rest.removeValue(forKey: name), rest.isEmpty else { return nil }
            return value
        case .end(let name):
            guard let value = rest.removeValue(forKey: name), value != .null, rest.isEmpty else { return nil }
            return value
        case .range:
            let least = rest.removeValue(forKey: "min_value") ?? .null
            let most = rest.removeValue(forKey: "max_value") ?? .null
            guard rest.isEmpty else { return nil }
            return .array([least, most])
        case .pair:
            guard let a = rest.removeValue(forKey: "column_A"), let b = rest.removeValue(forKey: "column_B"),
                rest.isEmpty
            else { return nil }
            return .array([a, b])
        case .object(let names):
            let short = Dictionary(names.map { ($1, $0) }) { first, _ in first }
            guard Set(rest.keys).isSuperset(of: short.keys) else { return nil }
            return .object(Dictionary(rest.map { (short[$0] ?? $0, $1) }) { first, _ in first })
        case .quantiles:
            guard let ranges = rest.removeValue(forKey: "quantile_ranges"), rest.isEmpty,
                case .array(let shares)? = ranges["quantiles"], case .array(let values)? = ranges["value_ranges"],
                shares.count == values.count, ranges == Self.quantiles(zip(shares, values))
            else { return nil }
            let members = zip(shares, values).map { (ExactJSON.line($0), $1) }
            let object = Dictionary(members) { first, _ in first }
            guard Self.quantiles(object) == ranges else { return nil }
            return .object(object)
        }
    }

    private static func renamed(_ members: [String: JSONValue]) -> [String: JSONValue] {
        let names = ["min": "min_value", "max": "max_value"]
        return Dictionary(members.map { (names[$0] ?? $0, $1) }) { first, _ in first }
    }

    private static func quantiles(_ members: [String: JSONValue]) -> JSONValue? {
        var pairs: [(Double, JSONValue)] = []
        for (share, range) in members {
            guard let share = Double(share) else { return nil }
            pairs.append((share, range))
        }
        pairs.sort { $0.0 < $1.0 }
        return quantiles(pairs.map { (.number($0.0), $0.1) })
    }

    private static func quantiles(_ pairs: some Sequence<(JSONValue, JSONValue)>) -> JSONValue {
        .object(["quantiles": .array(pairs.map(\.0)), "value_ranges": .array(pairs.map(\.1))])
    }
}
