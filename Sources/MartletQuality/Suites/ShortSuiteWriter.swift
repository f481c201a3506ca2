import MartletCore

extension SuiteWriter {
    /// `suite` as YAML in the short form; what no rule says is written in full.
    ///
    /// Columns come first, in the order in which they first occur, then what is about the table.
    public static func yaml(_ suite: Suite) -> String { ShortSuiteWriter(suite: suite).text }
}

/// Writes the short form of suites.
struct ShortSuiteWriter {
    let suite: Suite

    var text: String {
        var lines = ["suite: \(Self.flow(.string(suite.name)))"]
        if let id = suite.id { lines.append("id: \(Self.flow(.string(id)))") }
        if let notes = suite.notes { lines.append("notes: \(Self.flow(notes))") }
        if !suite.parameters.isEmpty { lines.append("parameters: \(Self.flow(.object(suite.parameters)))") }
        let meta = suite.meta.filter { $0.key != "great_expectations_version" }
        if !meta.isEmpty { lines.append("meta: \(Self.flow(.object(meta)))") }
        let (columns, rest) = parts
        if !columns.isEmpty { lines.append("columns:") }
        for column in columns { lines += self.column(column.name, column.groups) }
        if !rest.isEmpty { lines.append("expect:") }
        lines += rest.map { "  - \(Self.flow($0))" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A column's rules with the same options.
    private struct Group {
        var rules: [(key: String, value: JSONValue)]
        var options: [String: JSONValue]
    }

    private var parts: (columns: [(name: String, groups: [Group])], rest: [JSONValue]) {
        var columns: [(name: String, groups: [Group])] = []
        var places: [String: Int] = [:]
        var rest: [JSONValue] = []
        for expectation in suite.expectations {
            guard let (column, rule, value, options) = columnRule(expectation) else {
                rest.append(tableRule(expectation))
                continue
            }
            let place = places[column] ?? columns.count
            if place == columns.count {
                places[column] = place
                columns.append((column, []))
            }
            if let last = columns[place].groups.last, last.options == options,
                !last.rules.contains(where: { $0.key == rule })
            {
                columns[place].groups[columns[place].groups.count - 1].rules.append((rule, value))
            } else {
                columns[place].groups.append(Group(rules: [(rule, value)], options: options))
            }
        }
        return (columns, rest)
    }

    private func column(_ name: String, _ groups: [Group]) -> [String] {
        let key = Self.flow(.string(name))
        let texts = groups.map { group in
            let options = ShortForm.options.sorted().compactMap { key in
                group.options[key].map { (key: key, value: $0) }
            }
            return "{ " + (group.rules + options).map { "\($0.key): \(Self.flow($0.value))" }.joined(separator: ", ")
                + " }"
        }
        if texts.count == 1 { return ["  \(key): \(texts[0])"] }
        return ["  \(key):"] + texts.map { "    - \($0)" }
    }

    // MARK: - Rules

    private func columnRule(
        _ expectation: Expectation
    ) -> (column: String, rule: String, value: JSONValue, options: [String: JSONValue])? {
        guard let column = expectation.arguments["column"]?.stringValue, var options = options(expectation) else {
            return nil
        }
        var arguments = expectation.arguments
        arguments["column"] = nil
        Self.move(&arguments, to: &options)
        for rule in ShortForm.columnRules where rule.type == expectation.type {
            guard let value = rule.value(arguments), rule.arguments(value) == arguments else { continue }
            return (column, rule.key, value, options)
        }
        return nil
    }

    private func tableRule(_ expectation: Expectation) -> JSONValue {
        guard var options = options(expectation) else { return full(expectation) }
        var arguments = expectation.arguments
        Self.move(&arguments, to: &options)
        for rule in ShortForm.tableRules where rule.type == expectation.type {
            guard let value = rule.value(arguments), rule.arguments(value) == arguments else { continue }
            return .object(options.merging([rule.key: value]) { $1 })
        }
        return full(expectation)
    }

    private func full(_ expectation: Expectation) -> JSONValue {
        var members = options(expectation) ?? [:]
        members["type"] = .string(expectation.type)
        members["kwargs"] = .object(expectation.arguments)
        return .object(members)
    }

    private static func move(_ arguments: inout [String: JSONValue], to options: inout [String: JSONValue]) {
        let names = [("mostly", "mostly"), ("row_condition", "where"), ("ignore_row_if", "ignore_row_if")]
        for (name, option) in names {
            // A parser beside the condition has no short form.
            if name == "row_condition", arguments["condition_parser"] != nil { continue }
            if let value = arguments.removeValue(forKey: name), value != .null { options[option] = value }
        }
    }

    private func options(_ expectation: Expectation) -> [String: JSONValue]? {
        var options: [String: JSONValue] = [:]
        if let id = expectation.id { options["id"] = .string(id) }
        if let description = expectation.description { options["name"] = .string(description) }
        if let notes = expectation.notes { options["notes"] = notes }
        if !expectation.meta.isEmpty { options["meta"] = .object(expectation.meta) }
        if expectation.severity != .critical { options["severity"] = .string(expectation.severity.rawValue) }
        return options
    }

    // MARK: - YAML

    /// `value` in YAML's flow style: JSON, but plain words stand without quotes.
    private static func flow(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): isPlain(text) ? text : ExactJSON.line(value)
        case .array(let elements): "[" + elements.map(flow).joined(separator: ", ") + "]"
        case .object(let members):
            members.isEmpty
                ? "{}"
                : "{ "
                    + members.sorted { $0.key < $1.key }.map { "\(flow(.string($0.key))): \(flow($0.value))" }
                    .joined(separator: ", ") + " }"
        default: ExactJSON.line(value)
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"]
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic, first.isASCII,
            !words.contains(text.lowercased())
        else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_")
        }
    }
}
