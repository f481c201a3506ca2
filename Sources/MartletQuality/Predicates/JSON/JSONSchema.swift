public import MartletCore

/// A JSON schema, as Python's `jsonschema.validate` applies it.
///
/// The drafts are 4, 6, 7, 2019-09 and 2020-12, told by `$schema`; without it, or with another one, it is 2020-12.
/// `format` says nothing, as there. References lead within the schema; `$dynamicRef` and `$recursiveRef` lead where they
/// point, whatever schema led to them. Whole numbers beyond 64 bits are compared as doubles.
public struct JSONSchema: Sendable {
    let nodes: [JSONSchemaNode]
    let root: Int
    let draft: JSONSchemaDraft

    /// Deepest nesting of a value or of references that is followed.
    static let depthLimit = 300

    /// Reads a schema.
    ///
    /// - Throws: `.jsonSchemaInvalid`, which tells the place, for what no schema may be, or a reference to nothing.
    public init(_ schema: JSONValue) throws(MartletError) {
        var compiler = try JSONSchemaCompiler(schema)
        root = try compiler.compileRoot()
        nodes = compiler.nodes
        draft = compiler.draft
    }

    /// Whether the JSON in `text` conforms.
    ///
    /// - Throws: `.valueNotJSON` when there is none, `.jsonSchemaInvalid` for a schema that refers to itself for ever.
    public func accepts(_ text: String) throws(MartletError) -> Bool {
        guard let value = PythonJSONText().value(text) else {
            throw MartletError(
                .valueNotJSON,
                "a value is not JSON, so that no schema can be held against it",
                reason: "the value is \(String(text.prefix(100)).debugDescription)",
                remedy: "check the column with expect_column_values_to_be_json_parseable first"
            )
        }
        return try accepts(value)
    }

    /// Whether a value conforms.
    ///
    /// - Throws: `.jsonSchemaInvalid` for a schema that refers to itself for ever.
    public func accepts(_ value: JSONValue) throws(MartletError) -> Bool {
        try JSONSchemaEvaluation(schema: self).accepts(value, root, depth: 0)
    }
}

/// A schema or a part of one.
enum JSONSchemaNode: Sendable {
    /// Takes everything, or nothing.
    case constant(Bool)
    case keywords([JSONSchemaKeyword])
}

/// A keyword with its parts; schemas in it are places in the list of nodes.
enum JSONSchemaKeyword: Sendable {
    case reference(Int)
    case type([String])
    case among([JSONValue])
    case constant(JSONValue)
    case minimum(JSONValue, isStrict: Bool)
    case maximum(JSONValue, isStrict: Bool)
    case multipleOf(JSONValue)
    case length(ClosedRange<Int>)
    case pattern(PythonRegex)
    case itemCount(ClosedRange<Int>)
    case uniqueItems
    case memberCount(ClosedRange<Int>)
    case required([String])
    case requires(name: String, others: [String])
    case dependent(name: String, Int)
    case properties([String: Int])
    case patternProperties([(PythonRegex, Int)])
    case additionalProperties(Int, named: Set<String>, patterns: [PythonRegex])
    case propertyNames(Int)
    /// Schemas of the first items, one by one.
    case firstItems([Int])
    /// The schema of the items from a place on.
    case items(from: Int, Int)
    case contains(Int, ClosedRange<Int>)
    case all([Int])
    case any([Int])
    case one([Int])
    case not(Int)
    case condition(if: Int, then: Int?, else: Int?)
    case unevaluatedItems(Int)
    case unevaluatedProperties(Int)
}

/// A version of JSON Schema.
enum JSONSchemaDraft: Int, Comparable, Sendable {
    case four, six, seven, twentyNineteen, twentyTwenty

    /// The draft that `$schema` names; the newest when it names none.
    init(of schema: JSONValue) {
        let uri = schema["$schema"]?.stringValue ?? ""
        let known: [String: JSONSchemaDraft] = [
            "http://json-schema.org/draft-04/schema": .four,
            "http://json-schema.org/draft-06/schema": .six,
            "http://json-schema.org/draft-07/schema": .seven,
            "https://json-schema.org/draft/2019-09/schema": .twentyNineteen,
        ]
        self = known[uri.hasSuffix("#") ? String(uri.dropLast()) : uri] ?? .twentyTwenty
    }

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
