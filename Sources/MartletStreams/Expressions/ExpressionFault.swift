package import MartletCore

/// What is wrong with an expression, and where.
package struct ExpressionFault: Error, Hashable, Sendable {
    /// Where, in UTF-8 bytes from the start of the expression.
    package let offset: Int
    /// What is wrong.
    package let reason: String
    /// What to do about it.
    package let remedy: String?
    /// Whether the text can be read, and only its names or types are wrong.
    package let isReadable: Bool

    init(_ offset: Int, _ reason: String, remedy: String? = nil, isReadable: Bool = false) {
        self.offset = offset
        self.reason = reason
        self.remedy = remedy
        self.isReadable = isReadable
    }

    /// The error as people see it: the expression with a mark beneath the place.
    package func error(in text: String, of place: String) -> MartletError {
        let before = String(decoding: Array(text.utf8.prefix(offset)), as: UTF8.self)
        let line = before.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let rest = String(decoding: Array(text.utf8.dropFirst(offset)), as: UTF8.self).prefix { $0 != "\n" }
        let mark = String(repeating: " ", count: line.count) + "^"
        return MartletError(
            isReadable ? .streamExpressionInvalid : .streamExpressionUnreadable,
            "\(place): \(reason) (character \(before.count + 1))",
            reason: "\(line)\(rest)\n\(mark)",
            remedy: remedy
        )
    }
}
