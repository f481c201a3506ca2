import MartletCore

extension PipelineReader {
    /// The parameters under `params`.
    func parameters(_ entry: YAMLEntry?) -> [ParameterSpec] {
        guard let entries = diagnostics.mapping(entry, form: "month: { type: integer, default: 1 }") else {
            if entry != nil { diagnostics.incomplete.insert(.parameters) }
            return []
        }
        return entries.map { parameter($0) }
    }

    private func parameter(_ entry: YAMLEntry) -> ParameterSpec {
        let name = diagnostics.name(entry.key, as: PortName.self, at: entry.keyPosition)
        var spec = ParameterSpec(name: name, type: .string)
        guard let entries = entry.value.entries else {
            diagnostics.reject(
                entry.value,
                "parameter \(name) must be a mapping; it is \(entry.value.kindName)",
                remedy: "write \(name): { type: string, default: \(entry.value.scalarText ?? "...") }"
            )
            return spec
        }
        let node = entry.value
        KnownKeys.parameter.check(entries, diagnostics)
        if node.entry("type") == nil {
            diagnostics.report(
                .keyMissing,
                "parameter \(name) has no type",
                remedy: "add type: string, integer, number or boolean",
                at: entry.keyPosition
            )
        }
        guard let type: ParameterSpec.Kind = diagnostics.choice(node.entry("type"), "type of parameter") else {
            // Without the type nothing more can be said of the limits and the default.
            diagnostics.unreadable.insert(entry.value.position)
            return spec
        }
        spec.type = type
        spec.description = diagnostics.text(node.entry("description"))
        spec.minimum = diagnostics.number(node.entry("minimum"))
        spec.maximum = diagnostics.number(node.entry("maximum"))
        spec.exclusiveMinimum = diagnostics.number(node.entry("exclusive_minimum"))
        spec.exclusiveMaximum = diagnostics.number(node.entry("exclusive_maximum"))
        spec.multipleOf = diagnostics.number(node.entry("multiple_of"))
        spec.minLength = diagnostics.integer(node.entry("min_length"))
        spec.maxLength = diagnostics.integer(node.entry("max_length"))
        spec.pattern = diagnostics.text(node.entry("pattern"))
        if let choice = node.entry("default") { spec.defaultValue = value(choice.value, of: type, for: "default") }
        if let choices = node.entry("enum") {
            if case .list(let elements) = choices.value.content {
                spec.choices = elements.compactMap { value($0, of: type, for: "an element of enum") }
            } else {
                diagnostics.reject(
                    choices.value,
                    "enum must be a list; it is \(choices.value.kindName)",
                    remedy: "write enum: [a, b]"
                )
            }
        }
        return spec
    }

    /// A value of a parameter's type.
    private func value(_ node: YAMLNode, of type: ParameterSpec.Kind, for key: String) -> JSONValue? {
        switch type {
        case .boolean: return diagnostics.bool(node, for: key).map(JSONValue.bool)
        case .integer: return diagnostics.integer(node, for: key).map(JSONValue.integer)
        case .number:
            let entry = YAMLEntry(key: key, keyPosition: node.position, value: node)
            guard let number = diagnostics.number(entry) else { return nil }
            // As JSON 1.0 and 1 are one number, so they are here.
            return Int(exactly: number).map(JSONValue.integer) ?? .number(number)
        case .string:
            guard case .scalar(let scalar) = node.content, !scalar.isNull else {
                diagnostics.reject(
                    node,
                    "\(key) must be text; it is \(node.kindName)",
                    remedy: "write \"\" for empty text"
                )
                return nil
            }
            return .string(scalar.text)
        }
    }
}
