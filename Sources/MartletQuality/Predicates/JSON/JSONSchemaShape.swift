import MartletCore

/// What the value of a keyword may be.
enum JSONSchemaShape {
    case schema, schemaOrList, schemas, schemaMap, text, pattern, number, positiveNumber, count, flag, names, values,
        types
    case dependencies, namesByName

    /// Keywords whose value is a schema.
    static let singles: Set<String> = [
        "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not",
        "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
    ]
    /// Keywords whose value is a list of schemas.
    static let lists: Set<String> = ["allOf", "anyOf", "items", "oneOf", "prefixItems"]
    /// Keywords whose value holds schemas by name.
    static let maps: Set<String> = [
        "$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties",
    ]

    /// What a keyword's value has to be in a draft; nil for what may be anything.
    static func of(_ keyword: String, in draft: JSONSchemaDraft) -> JSONSchemaShape? {
        switch keyword {
        case "exclusiveMaximum", "exclusiveMinimum": draft == .four ? .flag : .number
        case "items": draft < .twentyTwenty ? .schemaOrList : .schema
        case "id": draft == .four ? .text : nil
        case "$id", "const": keyword == "$id" && draft > .four ? .text : nil
        case "contains", "propertyNames": draft > .four ? .schema : nil
        case "if", "then", "else": draft > .six ? .schema : nil
        case "dependentRequired": draft > .seven ? .namesByName : nil
        case "dependentSchemas", "$defs": draft > .seven ? .schemaMap : nil
        case "minContains", "maxContains": draft > .seven ? .count : nil
        case "unevaluatedItems", "unevaluatedProperties": draft > .seven ? .schema : nil
        case "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef": draft > .seven ? .text : nil
        case "prefixItems": draft > .twentyNineteen ? .schemas : nil
        default: common[keyword]
        }
    }

    private static let common: [String: JSONSchemaShape] = [
        "$ref": .text, "$schema": .text, "title": .text, "description": .text, "format": .text, "$comment": .text,
        "type": .types, "enum": .values, "multipleOf": .positiveNumber, "maximum": .number, "minimum": .number,
        "maxLength": .count, "minLength": .count, "pattern": .pattern, "additionalItems": .schema, "maxItems": .count,
        "minItems": .count, "uniqueItems": .flag, "maxProperties": .count, "minProperties": .count, "required": .names,
        "additionalProperties": .schema, "properties": .schemaMap, "patternProperties": .schemaMap,
        "definitions": .schemaMap, "dependencies": .dependencies, "allOf": .schemas, "anyOf": .schemas,
        "oneOf": .schemas, "not": .schema,
    ]

    /// Whether a value has the shape; schemas in it are looked at on their own.
    func fits(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.schema, .object), (.schema, .bool), (.schemaOrList, .object), (.schemaOrList, .bool): true
        case (.schemaOrList, .array), (.schemaMap, .object), (.dependencies, .object): true
        case (.schemas, .array(let parts)): !parts.isEmpty
        case (.text, .string), (.flag, .bool), (.number, .integer), (.number, .number): true
        case (.pattern, .string(let text)): (try? PythonRegex(text)) != nil
        case (.positiveNumber, .integer), (.positiveNumber, .number): (value.doubleValue ?? 0) > 0
        case (.count, .integer(let count)): count >= 0
        case (.count, .number(let count)): count >= 0 && count == count.rounded()
        case (.names, .array(let names)): Self.areNames(names)
        case (.values, .array): true
        case (.types, .string(let name)): Self.typeNames.contains(name)
        case (.types, .array(let names)):
            !names.isEmpty && Self.areNames(names)
                && names.allSatisfy { Self.typeNames.contains($0.stringValue ?? "") }
        case (.namesByName, .object(let lists)):
            lists.values.allSatisfy { if case .array(let names) = $0 { Self.areNames(names) } else { false } }
        default: false
        }
    }

    private static func areNames(_ values: [JSONValue]) -> Bool {
        values.allSatisfy { $0.stringValue != nil } && Set(values).count == values.count
    }

    private static let typeNames: Set<String> = [
        "array", "boolean", "integer", "null", "number", "object", "string",
    ]
}
