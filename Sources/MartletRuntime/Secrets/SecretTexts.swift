import MartletCore

/// Which texts of a setting are secrets.
enum SecretTexts {
    /// Shortest text in a connection's `extra` that counts as a secret whatever its key: shorter ones are words such as
    /// `require` and `true` more often than secrets.
    private static let extraCharacters = 8

    /// All texts and numbers in the value of a secret variable, and the value as a whole.
    static func of(_ variable: Variable) -> Set<String> {
        guard variable.isSecret else { return [] }
        var texts: Set<String> = []
        collect(variable.value, isSecret: true, &texts)
        switch variable.value {
        case .object, .array: texts.insert(variable.value.jsonText)
        default: break
        }
        return texts
    }

    /// The password, and the texts in `extra` that are long, or under a key that sounds secret.
    static func of(_ connection: Connection) -> Set<String> {
        var texts: Set<String> = []
        if let password = connection.password { texts.insert(password) }
        for (key, value) in connection.extra { collect(value, isSecret: SettingRules.soundsSecret(key), &texts) }
        return texts
    }

    private static func collect(_ value: JSONValue, isSecret: Bool, _ texts: inout Set<String>) {
        switch value {
        case .object(let members):
            for (key, member) in members {
                collect(member, isSecret: isSecret || SettingRules.soundsSecret(key), &texts)
            }
        case .array(let elements):
            for element in elements { collect(element, isSecret: isSecret, &texts) }
        case .string(let text):
            if isSecret || text.count >= extraCharacters { texts.insert(text) }
            // Some systems take a whole document of credentials as text.
            if case .object(let members) = SettingRules.value(from: text) {
                collect(.object(members), isSecret: isSecret, &texts)
            }
        case .integer, .number:
            if isSecret { texts.insert(value.jsonText) }
        case .bool, .null:
            break
        }
    }
}
