public import MartletCore

/// Reads suites: the JSON of Great Expectations 0.18 and 1.x, and the short form, told apart by their shape.
///
/// Nothing is lost: members that are not known are kept, as is the difference between a member that is `null` or empty
/// and one that is not there. What expectations mean is for ``CheckReader``.
public enum SuiteReader {
    /// The suite that `json` is.
    ///
    /// - Parameters:
    ///   - json: the document.
    ///   - fallback: the suite's name where the document has none.
    ///   - columnOrder: the keys of the short form's `columns` as they are written; others follow in the order of the
    ///     alphabet.
    /// - Returns: the suite, with nothing of it left out.
    /// - Throws: all that is wrong with it.
    public static func suite(
        _ json: JSONValue,
        name fallback: String,
        columnOrder: [String] = []
    ) throws(SuiteProblems) -> Suite {
        guard case .object(let members) = json else {
            throw SuiteProblems([notASuite("it is \(json.typeName), not an object")])
        }
        if members["expectation_suite_name"] != nil || hasOldTypes(members["expectations"]) {
            return try GXSuiteReader(shape: .zero18).suite(members, fallback)
        }
        if members["expectations"] != nil { return try GXSuiteReader(shape: .one).suite(members, fallback) }
        if !ShortSuiteReader.keys.isDisjoint(with: members.keys) {
            return try ShortSuiteReader.suite(members, fallback, columnOrder)
        }
        throw SuiteProblems([notASuite("it has neither expectations nor columns nor expect")])
    }

    /// The suite in JSON text.
    ///
    /// - Throws: all that is wrong with it, and where the text is not JSON.
    public static func suite(text: String, name fallback: String) throws(SuiteProblems) -> Suite {
        guard text.utf8.count <= Limits.suiteFileBytes else {
            throw SuiteProblems([notASuite("it is larger than \(Limits.suiteFileBytes >> 20) MiB")])
        }
        let json: JSONValue
        do {
            json = try ExactJSON.value(text)
        } catch {
            throw SuiteProblems([notASuite("line \(error.line), column \(error.column): \(error.message)")])
        }
        return try suite(json, name: fallback)
    }

    static func notASuite(_ reason: String) -> MartletError {
        MartletError(
            .suiteUnreadable,
            "this is no suite: \(reason)",
            remedy:
                "give the JSON of Great Expectations 0.18 or 1.x, or Martlet's short form; `martlet quality suite new` writes one"
        )
    }

    private static func hasOldTypes(_ expectations: JSONValue?) -> Bool {
        guard case .array(let elements)? = expectations else { return false }
        return elements.contains { $0["expectation_type"] != nil }
    }
}
