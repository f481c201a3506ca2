import MartletCore

/// Variables as people and machines see them.
enum VariableText {
    /// Longest value in a list.
    private static let listedCharacters = 60

    /// The value of a stored variable that is no secret.
    ///
    /// - Throws: ``MartletError`` MT8007 when the store holds something else than JSON.
    static func value(_ variable: StoredVariable) throws(MartletError) -> JSONValue {
        if let value = JSONValue(checkedText: variable.content) { return value }
        throw MartletError(
            .storeDamaged,
            "variable \(variable.name) cannot be read from the store",
            remedy: "delete it and set it again"
        )
    }

    /// The variable with `***` for its value.
    static func masked(_ variable: StoredVariable) -> Variable {
        Variable(variable.name, .string(SettingRules.mask), isSecret: true, description: variable.description)
    }

    static func json(_ variable: StoredVariable) throws(MartletError) -> JSONValue {
        if variable.isSecret { return json(masked(variable), revealed: false) }
        let value = try value(variable)
        return json(Variable(variable.name, value, description: variable.description), revealed: false)
    }

    static func json(_ variable: Variable, revealed: Bool) -> JSONValue {
        .object([
            "name": .string(variable.name.rawValue), "secret": .bool(variable.isSecret),
            "value": variable.isSecret && !revealed ? .string(SettingRules.mask) : variable.value,
            "description": variable.description.map(JSONValue.string) ?? .null,
        ])
    }

    /// The variable that an imported file describes.
    ///
    /// - Throws: ``MartletError`` MT1005 for fields of a wrong kind.
    static func variable(_ name: VariableName, _ json: JSONValue, secret: Bool) throws(MartletError) -> Variable {
        let soundsSecret = secret || SettingRules.soundsSecret(name.rawValue)
        // An object is the long form only when it has nothing but its fields: any object may be a value.
        guard case .object(let fields) = json, let value = fields["value"],
            Set(fields.keys).isSubset(of: ["value", "description", "secret"])
        else { return Variable(name, json, isSecret: soundsSecret) }
        let description: String?
        switch fields["description"] {
        case nil, .null: description = nil
        case .string(let text): description = text
        default:
            throw MartletError(.valueInvalid, "the description of variable \(name) is not text", remedy: "write text")
        }
        switch fields["secret"] {
        case nil, .null: return Variable(name, value, isSecret: soundsSecret, description: description)
        case .bool(let isSecret):
            return Variable(name, value, isSecret: secret || isSecret, description: description)
        default:
            throw MartletError(.valueInvalid, "secret of variable \(name) is not true or false", remedy: "write true")
        }
    }

    /// Says so when a secret is too short to be masked.
    static func warnIfShort(_ variable: Variable) {
        let count = variable.value.displayText.unicodeScalars.count
        if count >= Limits.maskedCharacters { return }
        Output.talk("it has fewer than \(Limits.maskedCharacters) characters, so logs will not be masked for it")
    }

    /// `text` as one line of a list.
    static func short(_ text: String) -> String {
        let line = DisplayText.line(text)
        return line.count <= listedCharacters ? line : line.prefix(listedCharacters - 1) + "…"
    }
}
