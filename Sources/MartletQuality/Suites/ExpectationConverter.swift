import MartletCore

/// Brings one expectation into another shape.
struct ExpectationConverter {
    let place: String
    let shape: SuiteShape
    /// What was changed or left out.
    private(set) var notes: [String] = []

    init(place: String, shape: SuiteShape) {
        self.place = place
        self.shape = shape
    }

    mutating func converted(_ expectation: Expectation, from old: SuiteShape) -> Expectation {
        switch (old, shape) {
        case (.zero18, .zero18): expectation
        case (.zero18, _): raised(expectation)
        case (_, .zero18): lowered(expectation)
        default: expectation
        }
    }

    // MARK: - To 1.x

    private mutating func raised(_ old: Expectation) -> Expectation {
        var new = old
        new.type = ExpectationCatalog.canonical(old.type)
        if new.type != old.type { notes.append("\(place): \(old.type) is \(new.type) now") }
        for name in ExpectationCatalog.legacy.sorted() {
            guard let value = new.arguments.removeValue(forKey: name) else { continue }
            notes.append("\(place).kwargs.\(name) \(value.jsonText) is left out: GX 1.x has no such argument")
        }
        new.arguments["include_config"] = nil
        if let words = new.meta.removeValue(forKey: "notes") { new.notes = SuiteWords.new(words) }
        if case .object(let kept)? = new.meta.removeValue(forKey: "martlet") {
            new.description = kept["description"]?.stringValue
            if let severity = kept["severity"]?.stringValue.flatMap(Severity.init(rawValue:)) {
                new.severity = severity
                new.saysSeverity = true
            }
        }
        // Every expectation of GX 1.x has a meta, also an empty one.
        if new.meta.isEmpty, !old.meta.isEmpty { new.extra["meta"] = .object([:]) }
        for key in ["expectation_context", "ge_cloud_id"] where new.extra[key] == .null { new.extra[key] = nil }
        raiseCondition(&new)
        raiseParameters(&new)
        return new
    }

    /// Text for the parser of Great Expectations becomes an object, which is what 1.x writes.
    private mutating func raiseCondition(_ new: inout Expectation) {
        guard case .string(let text)? = new.arguments["row_condition"] else { return }
        let parser = new.arguments["condition_parser"]?.stringValue
        guard let condition = try? RowConditionReader.condition(.string(text), parser: parser) else {
            notes.append("\(place).kwargs.row_condition \"\(text)\" stays as it is: the parser cannot read it")
            return
        }
        new.arguments["row_condition"] = condition.json
        new.arguments["condition_parser"] = nil
        if case .verbatim = condition {
            notes.append("\(place).kwargs.row_condition is passed through to the engine as it is: \(text)")
        }
    }

    /// 0.18 kept a parameter's last value beside it; 1.x takes values when a suite is run.
    private mutating func raiseParameters(_ new: inout Expectation) {
        for (name, value) in new.arguments.sorted(by: { $0.key < $1.key }) {
            guard case .object(var members) = value, let parameter = members["$PARAMETER"]?.stringValue else {
                continue
            }
            if parameter.hasPrefix("urn:") {
                notes.append("\(place).kwargs.\(name) asks for a metric of another run (\(parameter)); give it a value")
            }
            guard let last = members.removeValue(forKey: "$PARAMETER.\(parameter)") else { continue }
            new.arguments[name] = .object(members)
            notes.append("\(place).kwargs.\(name): the last value of $\(parameter), \(last.jsonText), is left out")
        }
    }

    // MARK: - To 0.18

    private mutating func lowered(_ old: Expectation) -> Expectation {
        var new = old
        if let name = ExpectationCatalog.renamed.first(where: { $0.value == old.type && $0.key.contains("_A_") })?.key {
            new.type = name
        }
        if let definition = ExpectationCatalog.definition(of: old.type), !definition.isInZero18 {
            notes.append("\(place): GX 0.18 has no \(old.type)")
        }
        if let words = old.notes { new.meta["notes"] = SuiteWords.old(words) }
        var kept: [String: JSONValue] = [:]
        if let description = old.description { kept["description"] = .string(description) }
        if old.saysSeverity || old.severity != .critical { kept["severity"] = .string(old.severity.rawValue) }
        if !kept.isEmpty { new.meta["martlet"] = .object(kept) }
        if old.severity != .critical {
            notes.append("\(place): the severity \(old.severity.rawValue) is kept in meta; GX 0.18 has none")
        }
        (new.notes, new.description, new.severity, new.saysSeverity) = (nil, nil, .critical, false)
        lowerCondition(&new)
        return new
    }

    private mutating func lowerCondition(_ new: inout Expectation) {
        guard let value = new.arguments["row_condition"], case .object = value,
            let condition = try? RowConditionReader.condition(value, parser: nil)
        else { return }
        if case .verbatim(let text) = condition {
            new.arguments["row_condition"] = .string(text)
            if new.arguments["condition_parser"] == nil { new.arguments["condition_parser"] = "pandas" }
            return
        }
        guard let text = ColumnTerm.text(of: condition) else {
            notes.append(
                "\(place).kwargs.row_condition stays an object, which GX 0.18 cannot read: it has more than one term"
            )
            return
        }
        new.arguments["row_condition"] = .string(text)
        new.arguments["condition_parser"] = "great_expectations__experimental__"
    }
}

extension RowCondition {
    /// The condition as the JSON of GX 1.9 and later.
    var json: JSONValue {
        switch self {
        case .comparison(let column, let comparison, let value):
            .object([
                "type": "comparison", "column": .object(["name": .string(column)]),
                "operator": .string(comparison.rawValue), "parameter": value,
            ])
        case .nullity(let column, let isNull):
            .object(["type": "nullity", "column": .object(["name": .string(column)]), "is_null": .bool(isNull)])
        case .and(let parts): .object(["type": "and", "conditions": .array(parts.map(\.json))])
        case .or(let parts): .object(["type": "or", "conditions": .array(parts.map(\.json))])
        case .verbatim(let text): .object(["type": "pass_through", "pass_through_filter": .string(text)])
        }
    }
}
