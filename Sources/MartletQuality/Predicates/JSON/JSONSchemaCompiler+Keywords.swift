import MartletCore

/// Keywords, whose values have the right shape already.
extension JSONSchemaCompiler {
    /// Those without schemas in them.
    func plainKeywords(of members: [String: JSONValue]) -> [JSONSchemaKeyword] {
        var keywords = [JSONSchemaKeyword]()
        switch members["type"] {
        case .string(let name): keywords.append(.type([name]))
        case .array(let names): keywords.append(.type(names.compactMap(\.stringValue)))
        default: break
        }
        if case .array(let values) = members["enum"] { keywords.append(.among(values)) }
        if draft > .four, let constant = members["const"] { keywords.append(.constant(constant)) }
        let isOld = draft == .four
        if let bound = members["minimum"] {
            keywords.append(.minimum(bound, isStrict: isOld && members["exclusiveMinimum"] == .bool(true)))
        }
        if let bound = members["maximum"] {
            keywords.append(.maximum(bound, isStrict: isOld && members["exclusiveMaximum"] == .bool(true)))
        }
        if !isOld, let bound = members["exclusiveMinimum"] { keywords.append(.minimum(bound, isStrict: true)) }
        if !isOld, let bound = members["exclusiveMaximum"] { keywords.append(.maximum(bound, isStrict: true)) }
        if let divisor = members["multipleOf"] { keywords.append(.multipleOf(divisor)) }
        if let range = range(members["minLength"], members["maxLength"]) { keywords.append(.length(range)) }
        if let text = members["pattern"]?.stringValue, let regex = try? PythonRegex(text) {
            keywords.append(.pattern(regex))
        }
        if let range = range(members["minItems"], members["maxItems"]) { keywords.append(.itemCount(range)) }
        if members["uniqueItems"] == .bool(true) { keywords.append(.uniqueItems) }
        if let range = range(members["minProperties"], members["maxProperties"]) {
            keywords.append(.memberCount(range))
        }
        if case .array(let names) = members["required"] { keywords.append(.required(names.compactMap(\.stringValue))) }
        for (keyword, isKnown) in [("dependentRequired", draft > .seven), ("dependencies", draft < .twentyNineteen)] {
            guard isKnown, case .object(let lists) = members[keyword] else { continue }
            for case (let name, .array(let others)) in lists {
                keywords.append(.requires(name: name, others: others.compactMap(\.stringValue)))
            }
        }
        return keywords
    }

    /// Those with schemas in them.
    mutating func compositeKeywords(
        of members: [String: JSONValue],
        _ base: String,
        _ path: String
    ) throws(MartletError) -> [JSONSchemaKeyword] {
        var keywords = [JSONSchemaKeyword]()
        if let parts = try list("allOf", members, base, path) { keywords.append(.all(parts)) }
        if let parts = try list("anyOf", members, base, path) { keywords.append(.any(parts)) }
        if let parts = try list("oneOf", members, base, path) { keywords.append(.one(parts)) }
        if let part = try part("not", members, base, path) { keywords.append(.not(part)) }
        if draft > .six, let condition = try part("if", members, base, path) {
            let then = try part("then", members, base, path)
            keywords.append(.condition(if: condition, then: then, else: try part("else", members, base, path)))
        }
        keywords += try itemKeywords(of: members, base, path)
        keywords += try memberKeywords(of: members, base, path)
        return keywords
    }

    private mutating func itemKeywords(
        of members: [String: JSONValue],
        _ base: String,
        _ path: String
    ) throws(MartletError) -> [JSONSchemaKeyword] {
        var keywords = [JSONSchemaKeyword]()
        let firstKey = draft > .twentyNineteen ? "prefixItems" : "items"
        let first = try list(firstKey, members, base, path)
        if let first { keywords.append(.firstItems(first)) }
        let restKey = draft < .twentyTwenty && first != nil ? "additionalItems" : "items"
        if let part = try part(restKey, members, base, path) {
            keywords.append(.items(from: first?.count ?? 0, part))
        }
        if draft > .four, let part = try part("contains", members, base, path) {
            let limits = draft > .seven ? members : [:]
            let least = limits["minContains"].flatMap(Self.count) ?? 1
            let most = limits["maxContains"].flatMap(Self.count) ?? Int.max
            if least <= most { keywords.append(.contains(part, least...most)) } else { keywords.append(.among([])) }
        }
        if draft > .seven, let part = try part("unevaluatedItems", members, base, path) {
            keywords.append(.unevaluatedItems(part))
        }
        return keywords
    }

    private mutating func memberKeywords(
        of members: [String: JSONValue],
        _ base: String,
        _ path: String
    ) throws(MartletError) -> [JSONSchemaKeyword] {
        var keywords = [JSONSchemaKeyword]()
        let properties = try map("properties", members, base, path)
        if let properties { keywords.append(.properties(properties)) }
        var patterns = [(PythonRegex, Int)]()
        for (text, part) in try map("patternProperties", members, base, path) ?? [:] {
            do throws(MartletError) {
                patterns.append((try PythonRegex(text), part))
            } catch {
                throw Self.invalid("\(path)/patternProperties", error.message)
            }
        }
        if !patterns.isEmpty { keywords.append(.patternProperties(patterns)) }
        if let part = try part("additionalProperties", members, base, path) {
            let names = Set((properties ?? [:]).keys)
            keywords.append(.additionalProperties(part, named: names, patterns: patterns.map(\.0)))
        }
        if draft > .four, let part = try part("propertyNames", members, base, path) {
            keywords.append(.propertyNames(part))
        }
        let dependent = draft > .seven ? "dependentSchemas" : "dependencies"
        for (name, part) in try map(dependent, members, base, path) ?? [:] {
            keywords.append(.dependent(name: name, part))
        }
        if draft > .seven, let part = try part("unevaluatedProperties", members, base, path) {
            keywords.append(.unevaluatedProperties(part))
        }
        return keywords
    }

    private mutating func part(
        _ keyword: String,
        _ members: [String: JSONValue],
        _ base: String,
        _ path: String
    ) throws(MartletError) -> Int? {
        guard let schema = members[keyword] else { return nil }
        if case .array = schema { return nil }
        return try compile(schema, base: base, at: "\(path)/\(keyword)")
    }

    private mutating func list(
        _ keyword: String,
        _ members: [String: JSONValue],
        _ base: String,
        _ path: String
    ) throws(MartletError) -> [Int]? {
        guard case .array(let schemas) = members[keyword] else { return nil }
        var parts = [Int]()
        for (index, schema) in schemas.enumerated() {
            parts.append(try compile(schema, base: base, at: "\(path)/\(keyword)/\(index)"))
        }
        return parts
    }

    private mutating func map(
        _ keyword: String,
        _ members: [String: JSONValue],
        _ base: String,
        _ path: String
    ) throws(MartletError) -> [String: Int]? {
        guard case .object(let schemas) = members[keyword] else { return nil }
        var parts = [String: Int]()
        for (name, schema) in schemas.sorted(by: { $0.key < $1.key }) {
            // A dependency on names is no schema.
            if keyword == "dependencies", case .array = schema { continue }
            parts[name] = try compile(schema, base: base, at: "\(path)/\(keyword)/\(name)")
        }
        return parts
    }

    private func range(_ least: JSONValue?, _ most: JSONValue?) -> ClosedRange<Int>? {
        guard least != nil || most != nil else { return nil }
        let low = least.flatMap(Self.count) ?? 0
        let high = most.flatMap(Self.count) ?? Int.max
        // Nothing has at least more than it has at most; a range that holds no count says so.
        return low <= high ? low...high : -1 ... -1
    }

    private static func count(_ value: JSONValue) -> Int? { value.doubleValue.map { Int(min($0, 1e15)) } }
}
