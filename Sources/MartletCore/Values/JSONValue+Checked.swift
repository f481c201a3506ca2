extension JSONValue {
    /// The value that `text` from outside is; nil when it is not JSON, or nested more than ``Limits/nestingDepth`` deep.
    public init?(checkedText text: String) {
        guard JSONDepth.of(text.utf8) <= Limits.nestingDepth,
            let value = try? JSONText.decode(JSONValue.self, from: text)
        else { return nil }
        self = value
    }
}
