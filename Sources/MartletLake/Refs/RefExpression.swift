public import MartletCore

/// A text that names a commit: `HEAD`, a branch, a tag, an id or the first digits of one; then steps back.
///
/// `~n` goes n first parents back, `^n` to the n-th parent; without a number both mean 1, and they can be chained:
/// `main~2^2`. A full id comes before a branch, a branch before a tag of the same name, a tag before the first digits of an
/// id.
public struct RefExpression: Hashable, Sendable {
    /// A step from a commit to one before it.
    enum Step: Hashable, Sendable {
        case firstParents(Int)
        case parent(Int)
    }

    /// The text as it was given.
    public let text: String
    /// What it begins with.
    public let base: String
    let steps: [Step]

    /// Reads an expression.
    ///
    /// - Throws: `MartletError` MT3008 when it is none.
    public init(parsing text: String) throws(MartletError) {
        self.text = text
        let end = text.firstIndex { $0 == "~" || $0 == "^" } ?? text.endIndex
        base = String(text[..<end])
        guard text.utf8.count <= Limits.refExpressionBytes else {
            throw Self.invalid(String(text.prefix(40)) + "...", "it has more than \(Limits.refExpressionBytes) bytes")
        }
        if base != "HEAD", ObjectID(hex: base) == nil, let reason = BranchName.objection(to: base) {
            throw Self.invalid(text, base.isEmpty ? "it begins with no name" : reason)
        }
        var steps: [Step] = []
        var rest = text[end...]
        while let sign = rest.popFirst() {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard sign == "~" || sign == "^", let number = digits.isEmpty ? 1 : Int(digits) else {
                throw Self.invalid(text, "after the name come ~ and ^ with numbers")
            }
            steps.append(sign == "~" ? .firstParents(number) : .parent(number))
        }
        self.steps = steps
    }

    private static func invalid(_ text: String, _ reason: String) -> MartletError {
        MartletError(
            .refExpressionInvalid,
            "\"\(DisplayBytes.text(of: Array(text.utf8)))\" does not name a commit: \(reason)",
            remedy: "give a branch, a tag or an id, as in main, main~2 or 5f1d8a90"
        )
    }
}
