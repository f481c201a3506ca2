/// What holds for variables, connections and pools alike.
public enum SettingRules {
    /// How a secret is shown.
    public static let mask = "***"

    /// Words in a name that tell that what it names is a secret.
    private static let tellingWords = [
        "password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "api_key", "access_key", "account_key",
        "private_key", "keyfile", "credential", "authorization", "connection_string", "sas_",
    ]

    /// Whether `name` sounds like that of a secret, as in `api_key` and `DB_PASSWORD`.
    public static func soundsSecret(_ name: String) -> Bool {
        let plain = name.lowercased().map { $0 == "-" || $0 == "." ? "_" : $0 }
        let text = String(plain)
        return tellingWords.contains { text.contains($0) }
    }

    /// The JSON value that someone meant by `text` on a command line or in the environment.
    ///
    /// Text that is an object or an array is that. A number, `true` or `false` is one only when it would be written
    /// the same way again: a password such as `1e5` or `0123` keeps every character. All else is a string.
    public static func value(from text: String) -> JSONValue {
        guard let first = text.utf8.first(where: { $0 != 32 && $0 != 10 && $0 != 13 && $0 != 9 }),
            let value = JSONValue(checkedText: text)
        else { return .string(text) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return value }
        switch value {
        case .bool, .integer, .number: return value.jsonText == text ? value : .string(text)
        default: return .string(text)
        }
    }

    /// - Throws: ``MartletError`` MT1016 for a description that is too long.
    static func check(description: String?, of thing: String) throws(MartletError) {
        guard let description, description.utf8.count > Limits.descriptionBytes else { return }
        throw MartletError(
            .limitExceeded,
            "the description of \(thing) is longer than \(Limits.descriptionBytes) bytes",
            remedy: "keep it to a few lines"
        )
    }
}
