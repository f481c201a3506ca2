import MartletCore

/// Reads the short form of suites.
///
/// `columns` has an entry for each column: a group of rules, or a list of groups. `expect` is a list of rules of the
/// table, of rules with `column:` beside them, and of expectations in full with `type:` and `kwargs:`. Options such as
/// `mostly`, `where` and `severity` are for all rules of their group that take them.
struct ShortSuiteReader {
    /// What may stand at the top; `suite` names it.
    static let keys: Set<String> = ["suite", "columns", "expect"]
    private static let allKeys = ["suite", "columns", "expect", "parameters", "meta", "notes", "severity", "id"]

    private var severity: JSONValue?
    private var expectations: [Expectation] = []
    private var problems: [MartletError] = []

    static func suite(
        _ members: [String: JSONValue],
        _ fallback: String,
        _ columnOrder: [String]
    ) throws(SuiteProblems) -> Suite {
        var top = MemberReader(members: members, place: "")
        var suite = Suite(name: top.text("suite") ?? fallback, shape: .short)
        suite.id = top.text("id")
        suite.parameters = top.object("parameters")
        suite.meta = top.object("meta")
        suite.notes = top.any("notes")
        var reader = ShortSuiteReader()
        reader.severity = top.any("severity")
        reader.columns(top.object("columns"), columnOrder)
        for (index, rule) in top.list("expect").enumerated() { reader.rule(rule, "expect[\(index)]") }
        let unknown = top.rest.keys.filter { !Self.allKeys.contains($0) }.sorted().map { key in
            MartletError(
                .suiteUnreadable,
                "a suite has no member \(key)",
                remedy: NearestName.of(key, among: Self.allKeys).map { "did you mean \($0)?" }
            )
        }
        let problems = top.problems + unknown + reader.problems
        guard problems.isEmpty else { throw SuiteProblems(Array(problems.prefix(Limits.suiteProblems))) }
        suite.expectations = reader.expectations
        return suite
    }

    // MARK: - Columns

    private mutating func columns(_ columns: [String: JSONValue], _ order: [String]) {
        let known = order.filter { columns[$0] != nil }
        let rest = Set(columns.keys).subtracting(known).sorted()
        for column in known + rest {
            guard let value = columns[column] else { continue }
            let groups: [JSONValue] = if case .array(let list) = value { list } else { [value] }
            for (index, group) in groups.enumerated() {
                let place = "columns.\(column)" + (groups.count > 1 ? "[\(index)]" : "")
                guard case .object(let members) = group else {
                    problems.append(MartletError(.suiteUnreadable, "\(place) is \(group.typeName), not rules by name"))
                    continue
                }
                self.group(members, column, place)
            }
        }
    }

    private mutating func group(_ members: [String: JSONValue], _ column: String, _ place: String) {
        let options = members.filter { ShortForm.options.contains($0.key) }
        for rule in ShortForm.columnRules {
            guard let value = members[rule.key], value != false else { continue }
            add(rule, value, options, ["column": .string(column)], "\(place).\(rule.key)")
        }
        let known = ShortForm.columnRules.map(\.key)
        for key in members.keys.sorted() where !ShortForm.options.contains(key) && !known.contains(key) {
            problems.append(unknown(key, known + ShortForm.options.sorted(), place))
        }
    }

    // MARK: - Rules of the table

    private mutating func rule(_ value: JSONValue, _ place: String) {
        guard case .object(var members) = value else {
            problems.append(MartletError(.suiteUnreadable, "\(place) is \(value.typeName), not a rule"))
            return
        }
        if members["type"]?.stringValue?.hasPrefix("expect_") == true || members["kwargs"] != nil {
            return full(members, place)
        }
        if let column = members.removeValue(forKey: "column")?.stringValue { return group(members, column, place) }
        let options = members.filter { ShortForm.options.contains($0.key) }
        let rules = ShortForm.tableRules.filter { members[$0.key] != nil }
        for rule in rules { add(rule, members[rule.key] ?? .null, options, [:], "\(place).\(rule.key)") }
        let known = ShortForm.tableRules.map(\.key)
        for key in members.keys.sorted() where !ShortForm.options.contains(key) && !known.contains(key) {
            problems.append(unknown(key, known + ["column", "type"], place))
        }
        if rules.isEmpty, members.keys.allSatisfy(ShortForm.options.contains) {
            problems.append(MartletError(.suiteUnreadable, "\(place) has no rule"))
        }
    }

    /// An expectation in the words of Great Expectations.
    private mutating func full(_ members: [String: JSONValue], _ place: String) {
        let known = ShortForm.options.union(["type", "kwargs"])
        for key in members.keys.sorted() where !known.contains(key) {
            problems.append(unknown(key, known.sorted(), place))
        }
        guard let type = members["type"]?.stringValue else {
            problems.append(MartletError(.suiteUnreadable, "\(place).type is missing"))
            return
        }
        var arguments: [String: JSONValue] = [:]
        if case .object(let given)? = members["kwargs"] { arguments = given }
        append(type, arguments, members.filter { ShortForm.options.contains($0.key) }, place)
    }

    // MARK: - Expectations

    private mutating func add(
        _ rule: ShortRule,
        _ value: JSONValue,
        _ options: [String: JSONValue],
        _ base: [String: JSONValue],
        _ place: String
    ) {
        guard var arguments = rule.arguments(value) else {
            problems.append(
                MartletError(
                    .argumentInvalid,
                    "\(place) is \(ExactJSON.line(value)), and has to be \(rule.form.words)"
                )
            )
            return
        }
        var options = options
        // Options of the rule itself win over those of its group.
        for key in ShortForm.options { if let value = arguments.removeValue(forKey: key) { options[key] = value } }
        append(rule.type, arguments.merging(base) { given, _ in given }, options, place)
    }

    private mutating func append(
        _ type: String,
        _ arguments: [String: JSONValue],
        _ options: [String: JSONValue],
        _ place: String
    ) {
        var expectation = Expectation(type: type, arguments: arguments)
        let definition = ExpectationCatalog.definition(of: type)
        for (option, argument) in [
            ("mostly", "mostly"), ("where", "row_condition"), ("ignore_row_if", "ignore_row_if"),
        ] {
            guard let value = options[option], expectation.arguments[argument] == nil else { continue }
            // A group's option is passed over by rules that do not know it.
            if definition?.argument(argument) != nil || definition == nil { expectation.arguments[argument] = value }
        }
        expectation.description = options["name"]?.stringValue
        expectation.notes = options["notes"]
        expectation.id = options["id"]?.stringValue
        if case .object(let meta)? = options["meta"] { expectation.meta = meta }
        if let severity = options["severity"] ?? severity {
            if let read = severity.stringValue.flatMap(Severity.init(rawValue:)) {
                expectation.severity = read
                expectation.saysSeverity = true
            } else {
                problems.append(
                    MartletError(
                        .argumentInvalid,
                        "\(place): the severity is \(severity.displayText), and has to be critical, warning or info"
                    )
                )
            }
        }
        expectations.append(expectation)
    }

    private func unknown(_ key: String, _ known: [String], _ place: String) -> MartletError {
        MartletError(
            .expectationUnknown,
            "\(place): there is no rule \(key)",
            remedy: NearestName.of(key, among: known).map { "did you mean \($0)?" }
                ?? "see `martlet quality expectations` for all that there are"
        )
    }
}

extension ShortRule.Form {
    /// What may follow the word, in words.
    fileprivate var words: String {
        switch self {
        case .flag: "true, a share that is mostly, or options"
        case .value(let name), .end(let name): "a value for \(name)"
        case .range: "[least, greatest], or {min: least, max: greatest}"
        case .pair: "a list of two columns"
        case .object(let names): "an object with \(names.keys.sorted().joined(separator: ", "))"
        case .quantiles: "ranges by share, such as {0.5: [1, 2]}"
        }
    }
}
