import MartletCore

/// Reads values of the types that keys want; each reports what does not fit and returns nil for it.
extension Diagnostics {
    /// Text, as it is written: `on`, `012` and `2026-01-01` are text where text is wanted.
    func text(_ entry: YAMLEntry?) -> String? { entry.flatMap { text($0.value, for: $0.key) } }

    /// Text that is not empty.
    func text(_ node: YAMLNode, for key: String) -> String? {
        guard case .scalar(let scalar) = node.content else {
            if node.startsWithBraces(in: source) {
                reject(
                    node,
                    "a value that starts with {{ needs quotes",
                    reason: "{ starts a mapping in YAML",
                    remedy: "write \(key): \"{{ ... }}\""
                )
            } else {
                reject(node, "\(key) must be text; it is \(node.kindName)")
            }
            return nil
        }
        guard !scalar.isNull, !scalar.text.isEmpty else {
            reject(node, "\(key) has no value", remedy: "give it one, or remove the key")
            return nil
        }
        return scalar.text
    }

    /// A list of texts; an element that does not fit is "" so that the others keep their positions.
    func texts(_ entry: YAMLEntry?) -> [String]? {
        guard let entry else { return nil }
        guard case .list(let elements) = entry.value.content else {
            reject(
                entry.value,
                "\(entry.key) must be a list; it is \(entry.value.kindName)",
                remedy: "write \(entry.key): [\(entry.value.scalarText ?? "...")]"
            )
            return nil
        }
        return elements.map { text($0, for: "an element of \(entry.key)") ?? "" }
    }

    /// A whole number.
    func integer(_ entry: YAMLEntry?) -> Int? {
        guard let entry else { return nil }
        return integer(entry.value, for: entry.key)
    }

    func integer(_ node: YAMLNode, for key: String) -> Int? {
        if case .scalar(let scalar) = node.content, let value = scalar.integer { return value }
        reject(node, "\(key) must be a whole number; it is \(node.kindName)", remedy: numberRemedy(node, for: key))
        return nil
    }

    /// A number.
    func number(_ entry: YAMLEntry?) -> Double? {
        guard let entry else { return nil }
        if case .scalar(let scalar) = entry.value.content, let value = scalar.number { return value }
        reject(
            entry.value,
            "\(entry.key) must be a number; it is \(entry.value.kindName)",
            remedy: numberRemedy(entry.value, for: entry.key)
        )
        return nil
    }

    private func numberRemedy(_ node: YAMLNode, for key: String) -> String? {
        guard case .scalar(let scalar) = node.content else { return nil }
        if scalar.hasLeadingZero {
            let digits = scalar.text.drop { $0 == "0" }
            return "write \(digits.isEmpty ? "0" : digits); some YAML readers take a leading 0 as octal"
        }
        let bare = YAMLScalar(text: scalar.text, style: .plain)
        return !scalar.isPlain && bare.number != nil ? "write it without quotes: \(scalar.text)" : nil
    }

    /// True or false.
    func bool(_ entry: YAMLEntry?) -> Bool? {
        guard let entry else { return nil }
        return bool(entry.value, for: entry.key)
    }

    func bool(_ node: YAMLNode, for key: String) -> Bool? {
        guard case .scalar(let scalar) = node.content, let value = scalar.bool else {
            let meant = ["yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"]
            let text = node.scalarText?.lowercased() ?? ""
            reject(
                node,
                "\(key) must be true or false; it is \(node.kindName)",
                remedy: (meant[text] ?? (["true", "false"].contains(text) ? text : nil)).map { "write \($0)" }
            )
            return nil
        }
        return value
    }

    /// A duration, in seconds.
    func seconds(_ entry: YAMLEntry?) -> Double? {
        guard let entry else { return nil }
        guard case .scalar(let scalar) = entry.value.content, !scalar.isNull else {
            reject(
                entry.value,
                "\(entry.key) must be a duration; it is \(entry.value.kindName)",
                .durationInvalid,
                remedy: "write a number and a unit, as in 30s, 10m or 1h30m"
            )
            return nil
        }
        do {
            return try Duration(text: scalar.text).seconds
        } catch {
            let isNumber = YAMLScalar(text: scalar.text, style: .plain).number != nil
            reject(
                entry.value,
                "\(entry.key): \(error)",
                .durationInvalid,
                remedy: isNumber
                    ? "write \(scalar.text)s for seconds, or \(scalar.text)m for minutes"
                    : "write numbers and units (ms, s, m, h, d), as in 30s, 10m or 1h30m"
            )
            return nil
        }
    }

    /// One of the values of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(_ entry: YAMLEntry?, _ noun: String) -> Choice?
    where Choice.RawValue == String {
        guard let entry, let text = text(entry) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let choices = Choice.allCases.map(\.rawValue)
        reject(
            entry.value,
            "\"\(text)\" is not a \(noun)",
            remedy: NearestName.of(text, among: choices).map { "did you mean \($0)?" }
                ?? "choose from \(choices.joined(separator: ", "))"
        )
        return nil
    }

    /// A name of some kind; one that breaks the rules is reported and kept, so that references to it still meet it.
    func name<ID: TypedID>(_ raw: String, as type: ID.Type, at position: TextPosition) -> ID {
        if let objection = ID.objection(to: raw) {
            report(.nameInvalid, "\"\(raw)\" is not a valid \(ID.noun)", reason: objection, at: position)
            unreadable.insert(position)
        }
        return ID(trusted: raw)
    }

    /// A value that is a name.
    func name<ID: TypedID>(_ entry: YAMLEntry?, as type: ID.Type) -> ID? {
        guard let entry, let raw = text(entry) else { return nil }
        return name(raw, as: type, at: entry.value.position)
    }

    /// A list of names.
    func names<ID: TypedID>(_ entry: YAMLEntry?, as type: ID.Type) -> [ID]? {
        guard let entry, let raws = texts(entry), case .list(let elements) = entry.value.content else { return nil }
        return zip(raws, elements).map { raw, element in
            raw.isEmpty ? ID(trusted: raw) : name(raw, as: type, at: element.position)
        }
    }

    /// A list of ids of steps; whether they exist is checked with the whole manifest, which covers their rules.
    func references(_ entry: YAMLEntry?) -> [StepID] { (texts(entry) ?? []).map(StepID.init(trusted:)) }

    /// The entries of a mapping of names.
    func mapping(_ entry: YAMLEntry?, form: String) -> [YAMLEntry]? {
        guard let entry else { return nil }
        if let entries = entry.value.entries { return entries }
        reject(
            entry.value,
            "\(entry.key) must be a mapping; it is \(entry.value.kindName)",
            remedy: "write \(entry.key): { \(form) }"
        )
        return nil
    }

    /// Environment variables; numbers and truth values are taken as they are written.
    func environment(_ entry: YAMLEntry?) -> [String: String] {
        var result: [String: String] = [:]
        for variable in mapping(entry, form: "NAME: \"value\"") ?? [] {
            guard case .scalar(let scalar) = variable.value.content, !scalar.isNull else {
                reject(
                    variable.value,
                    "\(variable.key) must be text; it is \(variable.value.kindName)",
                    remedy: "write \"\" for empty text"
                )
                continue
            }
            result[variable.key] = scalar.text
        }
        return result
    }
}

extension YAMLNode {
    /// The text of a scalar.
    var scalarText: String? {
        if case .scalar(let scalar) = content { scalar.text } else { nil }
    }

    /// Whether this is a template whose quotes were forgotten, which YAML reads as a mapping.
    func startsWithBraces(in source: SourceText) -> Bool {
        let offset = source.offset(of: position)
        return offset < source.bytes.count && source.bytes[offset...].starts(with: "{{".utf8)
    }
}
