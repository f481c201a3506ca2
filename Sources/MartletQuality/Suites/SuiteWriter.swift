public import MartletCore

/// Writes suites in the shape they have; ``Suite/converted(to:)`` changes it.
public enum SuiteWriter {
    /// `suite` as JSON; a suite of the short form is written as one of GX 1.x.
    public static func json(_ suite: Suite) -> JSONValue {
        let keys = GXSuiteKeys.of(suite.shape)
        var members = suite.extra
        members[keys.name] = .string(suite.name)
        members["expectations"] = .array(suite.expectations.map { json($0, keys) })
        set(keys.suiteID, suite.id.map(JSONValue.string), in: &members)
        set(keys.parameters, nonEmpty(suite.parameters), in: &members)
        set("meta", nonEmpty(suite.meta), in: &members)
        if keys.hasWords { set("notes", suite.notes, in: &members) }
        return .object(members)
    }

    /// `suite` as Great Expectations keeps it in a file, byte for byte: two spaces a level, keys in order, no other
    /// characters than those of ASCII.
    public static func text(_ suite: Suite) -> String { ExactJSON.indented(json(suite), isASCII: true) }

    private static func json(_ expectation: Expectation, _ keys: GXSuiteKeys) -> JSONValue {
        var members = expectation.extra
        members[keys.type] = .string(expectation.type)
        members["kwargs"] = .object(expectation.arguments)
        set(keys.expectationID, expectation.id.map(JSONValue.string), in: &members)
        set("meta", nonEmpty(expectation.meta), in: &members)
        if keys.hasWords {
            set("notes", expectation.notes, in: &members)
            set("description", expectation.description.map(JSONValue.string), in: &members)
            if expectation.saysSeverity || expectation.severity != .critical {
                members["severity"] = .string(expectation.severity.rawValue)
            }
        }
        return .object(members)
    }

    private static func set(_ key: String, _ value: JSONValue?, in members: inout [String: JSONValue]) {
        if let value { members[key] = value }
    }

    private static func nonEmpty(_ members: [String: JSONValue]) -> JSONValue? {
        if members.isEmpty { return nil }
        return .object(members)
    }
}
