import MartletCore

/// Says where and why a manifest in JSON could not be decoded.
enum ManifestJSONError {
    /// The error for what the decoder threw.
    static func explain(_ error: any Error, in root: YAMLNode, _ source: SourceText) -> MartletError {
        var path: [any CodingKey] = []
        var (code, message) = (ErrorCode.syntaxInvalid, "this is not JSON")
        var reason: String?
        switch error as? DecodingError {
        case .keyNotFound(let key, let context):
            (code, path) = (.keyMissing, context.codingPath)
            message = "the key \"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            (code, path) = (.valueInvalid, context.codingPath)
            message = "the value has the wrong type"
            reason = context.debugDescription
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            (code, path) = (.valueInvalid, context.codingPath)
            message = "the value is not valid"
            reason = context.debugDescription
        default:
            break
        }
        var node = root
        for key in path {
            guard let next = key.intValue.flatMap({ node.element($0) }) ?? node.child(key.stringValue) else { break }
            node = next
        }
        let text = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
        return MartletError(
            code,
            text.isEmpty ? message : "\(message) (at \(text.drop { $0 == "." }))",
            reason: reason,
            remedy: "write the manifest again with the program that made it",
            location: source.location(node.position)
        )
    }
}
