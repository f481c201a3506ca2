import MartletCore

/// What a test expects of a value: another value, or limits in the words of parameters.
struct ValueExpectation: Hashable, Sendable {
    var equals: JSONValue?
    /// A number it is near to, and how near.
    var near: Double?
    var within = 1e-9
    /// A text that is in it, or an element.
    var contains: JSONValue?
    /// A name of a JSON type; `number` includes whole ones.
    var type: String?
    /// Limits; their type is that of the value they are held against.
    var limits = ParameterSpec(name: PortName(trusted: "value"), type: .number)

    /// The expectation of this very value.
    static func equal(to value: JSONValue) -> ValueExpectation { ValueExpectation(equals: value) }

    /// Why `found` is not as expected, as in `is 3, not 4`; nil when it is.
    func objection(to found: JSONValue?) -> String? {
        guard let found else { return "is not there" }
        if let equals, !found.isSame(as: equals) { return "is \(Self.shown(found)), not \(Self.shown(equals))" }
        if let near {
            guard let number = found.doubleValue else { return "is \(Self.shown(found)), no number" }
            if abs(number - near) > within {
                return
                    "is \(Self.shown(found)), not within \(Self.shown(.number(within))) of \(Self.shown(.number(near)))"
            }
        }
        if let contains, !Self.holds(contains, in: found) {
            return "is \(Self.shown(found)), which does not contain \(Self.shown(contains))"
        }
        if let type, found.typeName != type, !(type == "number" && found.doubleValue != nil) {
            return "is \(Self.shown(found)), of type \(found.typeName) and not \(type)"
        }
        return objectionOfLimits(to: found)
    }

    private func objectionOfLimits(to found: JSONValue) -> String? {
        var limits = limits
        let isNumeric = [
            limits.minimum, limits.maximum, limits.exclusiveMinimum, limits.exclusiveMaximum,
            limits.multipleOf,
        ].contains { $0 != nil }
        let isTextual = limits.minLength != nil || limits.maxLength != nil || limits.pattern != nil
        if isNumeric, found.doubleValue == nil { return "is \(Self.shown(found)), no number" }
        if isTextual, found.stringValue == nil { return "is \(Self.shown(found)), no text" }
        switch found {
        case .string: limits.type = .string
        case .bool: limits.type = .boolean
        case .integer, .number: limits.type = .number
        default: return limits.choices.map { _ in "is \(Self.shown(found)), not one of the choices" }
        }
        return limits.objection(to: found).map { "does not fit: \($0)" }
    }

    private static func holds(_ part: JSONValue, in whole: JSONValue) -> Bool {
        switch whole {
        case .string(let text): part.stringValue.map { text.contains($0) } ?? false
        case .array(let elements): elements.contains { $0.isSame(as: part) }
        case .object(let members): part.stringValue.map { members[$0] != nil } ?? false
        default: false
        }
    }

    /// A value short enough for a line.
    static func shown(_ value: JSONValue) -> String {
        let text = value.jsonText
        return text.count > 200 ? "\(text.prefix(199))…" : text
    }
}

extension JSONValue {
    /// Whether both are one value; in JSON 1 and 1.0 are.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count && left.allSatisfy { key, value in right[key].map(value.isSame) ?? false }
        case (.integer, .number), (.number, .integer):
            doubleValue == other.doubleValue
        default:
            self == other
        }
    }
}
