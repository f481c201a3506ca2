import MartletCore

/// Which items and members a schema has looked at, for `unevaluatedItems` and `unevaluatedProperties`.
extension JSONSchemaEvaluation {
    func evaluatedItems(_ items: [JSONValue], _ node: Int, depth: Int) throws(MartletError) -> Set<Int> {
        guard depth < JSONSchema.depthLimit, case .keywords(let keywords) = schema.nodes[node] else { return [] }
        let value = JSONValue.array(items)
        var found = Set<Int>()
        func follow(_ part: Int) throws(MartletError) {
            found.formUnion(try evaluatedItems(items, part, depth: depth + 1))
        }
        for keyword in keywords {
            switch keyword {
            case .reference(let target): try follow(target)
            case .firstItems(let parts): found.formUnion(items.indices.prefix(parts.count))
            case .items: found.formUnion(items.indices)
            case .contains(let part, _), .unevaluatedItems(let part):
                for (index, item) in items.enumerated() where try accepts(item, part, depth: depth + 1) {
                    found.insert(index)
                }
            case .all(let parts), .any(let parts), .one(let parts):
                for part in parts where try accepts(value, part, depth: depth + 1) { try follow(part) }
            case .condition(let condition, let then, let otherwise):
                if try accepts(value, condition, depth: depth + 1) {
                    try follow(condition)
                    if let then { try follow(then) }
                } else if let otherwise {
                    try follow(otherwise)
                }
            default: break
            }
        }
        return found
    }

    func evaluatedMembers(
        _ members: [String: JSONValue],
        _ node: Int,
        depth: Int
    ) throws(MartletError) -> Set<String> {
        guard depth < JSONSchema.depthLimit, case .keywords(let keywords) = schema.nodes[node] else { return [] }
        let value = JSONValue.object(members)
        var found = Set<String>()
        func follow(_ part: Int) throws(MartletError) {
            found.formUnion(try evaluatedMembers(members, part, depth: depth + 1))
        }
        for keyword in keywords {
            switch keyword {
            case .reference(let target): try follow(target)
            case .properties(let parts): found.formUnion(parts.keys.filter { members[$0] != nil })
            case .additionalProperties(let part, _, _), .unevaluatedProperties(let part):
                for (name, value) in members where try accepts(value, part, depth: depth + 1) { found.insert(name) }
            case .patternProperties(let parts):
                found.formUnion(members.keys.filter { name in parts.contains { $0.0.accepts(name) } })
            case .dependent(let name, let part):
                if members[name] != nil { try follow(part) }
            case .all(let parts), .any(let parts), .one(let parts):
                for part in parts where try accepts(value, part, depth: depth + 1) { try follow(part) }
            case .condition(let condition, let then, let otherwise):
                if try accepts(value, condition, depth: depth + 1) {
                    try follow(condition)
                    if let then { try follow(then) }
                } else if let otherwise {
                    try follow(otherwise)
                }
            default: break
            }
        }
        return found
    }
}
