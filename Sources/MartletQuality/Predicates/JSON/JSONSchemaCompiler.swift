import MartletCore

/// Reads a schema into nodes, with every reference followed once.
struct JSONSchemaCompiler {
    let draft: JSONSchemaDraft
    private(set) var nodes = [JSONSchemaNode]()
    private let schema: JSONValue
    private let resources: JSONSchemaResources
    /// Nodes that references lead to, by where they lead.
    private var targets = [String: Int]()

    init(_ schema: JSONValue) throws(MartletError) {
        self.schema = schema
        draft = JSONSchemaDraft(of: schema)
        resources = JSONSchemaResources(of: schema, draft: draft)
    }

    mutating func compileRoot() throws(MartletError) -> Int {
        guard let target = resources.target(of: "", base: resources.base(of: schema, in: "")) else {
            return try compile(schema, base: "", at: "#")
        }
        return try node(of: target.key, target.place, at: "#")
    }

    /// The node that a reference leads to, which may be one that is still being read.
    private mutating func node(
        of key: String,
        _ place: JSONSchemaResources.Place,
        at path: String
    ) throws(MartletError) -> Int {
        let plain = key.hasSuffix("#") ? String(key.dropLast()) : key
        if let known = targets[plain] { return known }
        let index = nodes.count
        nodes.append(.constant(true))
        targets[plain] = index
        nodes[index] = try read(place.schema, base: place.base, at: path)
        return index
    }

    mutating func compile(_ schema: JSONValue, base: String, at path: String) throws(MartletError) -> Int {
        let index = nodes.count
        nodes.append(.constant(true))
        nodes[index] = try read(schema, base: base, at: path)
        return index
    }

    private mutating func read(
        _ schema: JSONValue,
        base: String,
        at path: String
    ) throws(MartletError) -> JSONSchemaNode {
        switch schema {
        case .bool(let isAccepted): return .constant(isAccepted)
        case .object(let members):
            for (keyword, value) in members {
                guard JSONSchemaShape.of(keyword, in: draft)?.fits(value) ?? true else {
                    throw Self.invalid(
                        "\(path)/\(keyword)",
                        "\(keyword) cannot be \(String(value.jsonText.prefix(80)))"
                    )
                }
            }
            let base = resources.base(of: schema, in: base)
            var keywords = [JSONSchemaKeyword]()
            if let reference = members["$ref"]?.stringValue {
                keywords.append(try follow(reference, base, path))
                // Up to draft 7 nothing counts beside a reference.
                if draft < .twentyNineteen { return .keywords(keywords) }
            }
            if draft > .seven, let reference = members["$dynamicRef"] ?? members["$recursiveRef"],
                let text = reference.stringValue
            {
                keywords.append(try follow(text, base, path))
            }
            keywords += plainKeywords(of: members)
            keywords += try compositeKeywords(of: members, base, path)
            return .keywords(keywords)
        default: throw Self.invalid(path, "a schema is an object, true or false, not \(schema.typeName)")
        }
    }

    private mutating func follow(
        _ reference: String,
        _ base: String,
        _ path: String
    ) throws(MartletError) -> JSONSchemaKeyword {
        guard let target = resources.target(of: reference, base: base) else {
            throw Self.invalid("\(path)/$ref", "\"\(reference)\" leads to nothing in the schema")
        }
        return .reference(try node(of: target.key, target.place, at: reference))
    }

    static func invalid(_ path: String, _ reason: String) -> MartletError {
        MartletError(
            .jsonSchemaInvalid,
            "the JSON schema makes no sense at \(path)",
            reason: reason,
            remedy: "correct the schema; https://json-schema.org describes what may stand where"
        )
    }
}
