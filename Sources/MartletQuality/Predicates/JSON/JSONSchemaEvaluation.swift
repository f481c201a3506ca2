import MartletCore

/// Holds a schema against a value.
struct JSONSchemaEvaluation {
    let schema: JSONSchema

    func accepts(_ value: JSONValue, _ node: Int, depth: Int) throws(MartletError) -> Bool {
        guard depth < JSONSchema.depthLimit else {
            throw MartletError(
                .jsonSchemaInvalid,
                "the schema or the value is nested more than \(JSONSchema.depthLimit) deep",
                reason: "a reference may lead back to itself",
                remedy: "let no $ref lead to a schema that is only that $ref"
            )
        }
        switch schema.nodes[node] {
        case .constant(let isAccepted): return isAccepted
        case .keywords(let keywords):
            for keyword in keywords {
                guard try accepts(value, keyword, in: node, depth: depth + 1) else { return false }
            }
            return true
        }
    }

    private func accepts(
        _ value: JSONValue,
        _ keyword: JSONSchemaKeyword,
        in node: Int,
        depth: Int
    ) throws(MartletError) -> Bool {
        switch keyword {
        case .reference(let target): return try accepts(value, target, depth: depth)
        case .type(let names): return names.contains { isType(value, $0) }
        case .among(let values): return values.contains { $0.isSame(value) }
        case .constant(let constant): return constant.isSame(value)
        case .all(let parts):
            for part in parts where try !accepts(value, part, depth: depth) { return false }
            return true
        case .any(let parts):
            for part in parts where try accepts(value, part, depth: depth) { return true }
            return false
        case .one(let parts):
            var count = 0
            for part in parts where try accepts(value, part, depth: depth) { count += 1 }
            return count == 1
        case .not(let part): return try !accepts(value, part, depth: depth)
        case .condition(let condition, let then, let otherwise):
            let next = try accepts(value, condition, depth: depth) ? then : otherwise
            guard let next else { return true }
            return try accepts(value, next, depth: depth)
        default: break
        }
        switch value {
        case .integer, .number: return acceptsNumber(value, keyword)
        case .string(let text): return acceptsText(text, keyword)
        case .array(let items): return try acceptsItems(items, keyword, in: node, depth: depth)
        case .object(let members): return try acceptsMembers(members, keyword, in: node, depth: depth)
        case .null, .bool: return true
        }
    }

    private func isType(_ value: JSONValue, _ name: String) -> Bool {
        switch (value, name) {
        case (.number, "number"), (.integer, "number"): true
        case (.number(let number), "integer"):
            schema.draft > .four && number.isFinite && number == number.rounded()
        default: value.typeName == name && !(name == "number")
        }
    }

    private func acceptsNumber(_ value: JSONValue, _ keyword: JSONSchemaKeyword) -> Bool {
        func compare(_ bound: JSONValue, _ holds: (Double, Double) -> Bool, _ holdsWhole: (Int, Int) -> Bool) -> Bool {
            if case (.integer(let left), .integer(let right)) = (value, bound) { return holdsWhole(left, right) }
            return holds(value.doubleValue ?? .nan, bound.doubleValue ?? .nan)
        }
        // A number that is none breaks no bound.
        if case .number(let number) = value, number.isNaN, !isMultiple(keyword) { return true }
        switch keyword {
        case .minimum(let bound, let isStrict):
            return isStrict ? compare(bound, >, >) : compare(bound, >=, >=)
        case .maximum(let bound, let isStrict):
            return isStrict ? compare(bound, <, <) : compare(bound, <=, <=)
        case .multipleOf(let divisor): return Self.isMultiple(value, of: divisor)
        default: return true
        }
    }

    private func isMultiple(_ keyword: JSONSchemaKeyword) -> Bool {
        if case .multipleOf = keyword { true } else { false }
    }

    private static func isMultiple(_ value: JSONValue, of divisor: JSONValue) -> Bool {
        if case (.integer(let left), .integer(let right)) = (value, divisor) { return right != 0 && left % right == 0 }
        guard let left = value.doubleValue, let right = divisor.doubleValue else { return true }
        if case .integer = divisor { return left.truncatingRemainder(dividingBy: right) == 0 }
        let quotient = left / right
        return quotient.isFinite
            ? quotient == quotient.rounded(.towardZero) : left.truncatingRemainder(dividingBy: right) == 0
    }

    private func acceptsText(_ text: String, _ keyword: JSONSchemaKeyword) -> Bool {
        switch keyword {
        case .length(let range): range.contains(text.unicodeScalars.count)
        case .pattern(let regex): regex.accepts(text)
        default: true
        }
    }

    private func acceptsItems(
        _ items: [JSONValue],
        _ keyword: JSONSchemaKeyword,
        in node: Int,
        depth: Int
    ) throws(MartletError) -> Bool {
        switch keyword {
        case .itemCount(let range): return range.contains(items.count)
        case .uniqueItems:
            return items.indices.allSatisfy { index in !items[..<index].contains { $0.isSame(items[index]) } }
        case .firstItems(let parts):
            for (item, part) in zip(items, parts) where try !accepts(item, part, depth: depth) { return false }
            return true
        case .items(let first, let part):
            for item in items.dropFirst(first) where try !accepts(item, part, depth: depth) { return false }
            return true
        case .contains(let part, let range):
            var count = 0
            for item in items where try accepts(item, part, depth: depth) { count += 1 }
            return range.contains(count)
        case .unevaluatedItems:
            return try evaluatedItems(items, node, depth: depth).count == items.count
        default: return true
        }
    }

    private func acceptsMembers(
        _ members: [String: JSONValue],
        _ keyword: JSONSchemaKeyword,
        in node: Int,
        depth: Int
    ) throws(MartletError) -> Bool {
        switch keyword {
        case .memberCount(let range): return range.contains(members.count)
        case .required(let names): return names.allSatisfy { members[$0] != nil }
        case .requires(let name, let others):
            return members[name] == nil || others.allSatisfy { members[$0] != nil }
        case .dependent(let name, let part):
            if members[name] == nil { return true }
            return try accepts(.object(members), part, depth: depth)
        case .properties(let parts):
            for (name, part) in parts {
                if let value = members[name], try !accepts(value, part, depth: depth) { return false }
            }
            return true
        case .patternProperties(let parts):
            for (regex, part) in parts {
                for (name, value) in members where regex.accepts(name) {
                    guard try accepts(value, part, depth: depth) else { return false }
                }
            }
            return true
        case .additionalProperties(let part, let named, let patterns):
            for (name, value) in members where !named.contains(name) && !patterns.contains(where: { $0.accepts(name) })
            {
                guard try accepts(value, part, depth: depth) else { return false }
            }
            return true
        case .propertyNames(let part):
            for name in members.keys where try !accepts(.string(name), part, depth: depth) { return false }
            return true
        case .unevaluatedProperties(let part):
            let evaluated = try evaluatedMembers(members, node, depth: depth)
            for (name, value) in members where !evaluated.contains(name) {
                guard try accepts(value, part, depth: depth) else { return false }
            }
            return true
        default: return true
        }
    }
}
