/// A named value that the pipelines of a project share.
public struct Variable: Hashable, Sendable {
    /// The variable's name.
    public var name: VariableName
    /// The value: any JSON, most often a text.
    public var value: JSONValue
    /// Whether the value is encrypted where it is kept, and masked where it is shown.
    public var isSecret: Bool
    /// What the variable is for; nil when it is not described.
    public var description: String?

    /// A variable with a value that may be shown, unless told otherwise.
    public init(_ name: VariableName, _ value: JSONValue, isSecret: Bool = false, description: String? = nil) {
        self.name = name
        self.value = value
        self.isSecret = isSecret
        self.description = description
    }

    /// Checks the sizes.
    ///
    /// - Throws: ``MartletError`` MT1016 for a value or a description that is too long.
    public func validate() throws(MartletError) {
        try SettingRules.check(description: description, of: "variable \(name)")
        if value.jsonText.utf8.count <= Limits.settingBytes { return }
        throw MartletError(
            .limitExceeded,
            "the value of variable \(name) is larger than \(Limits.settingBytes >> 10) KiB",
            remedy: "keep it in a file, and its path in the variable"
        )
    }
}

extension Variable: CustomDebugStringConvertible {
    /// The name alone: a value must not reach a log by way of a description.
    public var debugDescription: String { "variable \(name)" }
}
