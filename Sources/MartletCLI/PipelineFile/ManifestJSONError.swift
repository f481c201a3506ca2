import MartletCore

/// Says where and why a manifest in JSON could not be decoded.
enum ManifestJSONError {
    /// The error for what the decoder threw.
    static func explain(_ error: any Error, in root: YAMLNode, _ source: SourceText) -> MartletError {
        switch error as? DecodingError {
        case .keyNotFound(let key, let context):
            mismatch(.keyMissing, "the key \"\(key.stringValue)\" is missing", nil, context, root, source)
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            mismatch(.valueInvalid, "the value has the wrong type", context.debugDescription, context, root, source)
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            mismatch(.valueInvalid, "the value is not valid", context.debugDescription, context, root, source)
        default:
            MartletError(
                .syntaxInvalid,
                "this is not JSON",
                reason: "it is YAML, which allows more",
                remedy: "put every key and text in double quotes, remove comments, or name the file .yaml",
                location: source.location(foreign(root) ?? root.position)
            )
        }
    }

    private static func mismatch(
        _ code: ErrorCode,
        _ message: String,
        _ reason: String?,
        _ context: DecodingError.Context,
        _ root: YAMLNode,
        _ source: SourceText
    ) -> MartletError {
        var node = root
        for key in context.codingPath {
            guard let next = key.intValue.flatMap({ node.element($0) }) ?? node.child(key.stringValue) else { break }
            node = next
        }
        let path = context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
        return MartletError(
            code,
            path.isEmpty ? message : "\(message) (at \(path.drop { $0 == "." }))",
            reason: reason,
            remedy: "write the manifest again with the program that made it",
            location: source.location(node.position)
        )
    }

    /// The first value that YAML allows and JSON does not.
    private static func foreign(_ node: YAMLNode) -> TextPosition? {
        switch node.content {
        case .scalar(let scalar):
            if scalar.style == .double || scalar.number != nil || ["true", "false", "null"].contains(scalar.text) {
                return nil
            }
            return node.position
        case .list(let elements): return elements.lazy.compactMap(foreign).first
        case .map(let entries): return entries.lazy.compactMap { foreign($0.value) }.first
        case .invalid: return node.position
        }
    }
}
