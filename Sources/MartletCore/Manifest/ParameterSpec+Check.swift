import Foundation

extension ParameterSpec {
    /// Why `value` cannot be this parameter's value, or nil when it can.
    public func objection(to value: JSONValue) -> String? {
        switch (type, value) {
        case (.string, .string), (.integer, .integer), (.number, .integer), (.number, .number), (.boolean, .bool):
            break
        default:
            return "\(value.jsonText) is of type \(value.typeName), not \(type.rawValue)"
        }
        if let number = value.doubleValue, let reason = objection(toNumber: number, shown: value.jsonText) {
            return reason
        }
        if let text = value.stringValue, let reason = objection(toText: text) { return reason }
        // In JSON 1 and 1.0 are one number.
        let number = value.doubleValue
        let isChoice = choices?.contains { $0 == value || (number != nil && $0.doubleValue == number) }
        if let choices, isChoice == false {
            return "\(value.jsonText) is not one of \(choices.map(\.jsonText).joined(separator: ", "))"
        }
        return nil
    }

    private func objection(toNumber number: Double, shown: String) -> String? {
        func plain(_ limit: Double) -> String {
            limit == limit.rounded() && abs(limit) < 1e15 ? String(Int(limit)) : String(limit)
        }
        if let minimum, number < minimum { return "\(shown) is below the minimum \(plain(minimum))" }
        if let maximum, number > maximum { return "\(shown) is above the maximum \(plain(maximum))" }
        if let exclusiveMinimum, number <= exclusiveMinimum {
            return "\(shown) is not above \(plain(exclusiveMinimum))"
        }
        if let exclusiveMaximum, number >= exclusiveMaximum {
            return "\(shown) is not below \(plain(exclusiveMaximum))"
        }
        if let multipleOf, multipleOf > 0 {
            let quotient = number / multipleOf
            if abs(quotient - quotient.rounded()) > 1e-9 { return "\(shown) is not a multiple of \(plain(multipleOf))" }
        }
        return nil
    }

    private func objection(toText text: String) -> String? {
        if let minLength, text.count < minLength { return "it is shorter than \(minLength) characters" }
        if let maxLength, text.count > maxLength { return "it is longer than \(maxLength) characters" }
        if let pattern, let expression = try? Regex(pattern), text.firstMatch(of: expression) == nil {
            return "\(JSONValue.string(text).jsonText) does not match the pattern \(pattern)"
        }
        return nil
    }

    /// Why this definition contradicts itself, or nil when it does not.
    public var objectionToDefinition: String? {
        let numeric = minimum != nil || maximum != nil || exclusiveMinimum != nil || exclusiveMaximum != nil
        if numeric || multipleOf != nil, type != .integer, type != .number {
            return "limits of numbers do not apply to type \(type.rawValue)"
        }
        if minLength != nil || maxLength != nil || pattern != nil, type != .string {
            return "min_length, max_length and pattern do not apply to type \(type.rawValue)"
        }
        if let minimum, let maximum, minimum > maximum { return "minimum is above maximum" }
        if let minLength, let maxLength, minLength > maxLength { return "min_length is above max_length" }
        if let multipleOf, multipleOf <= 0 { return "multiple_of must be above 0" }
        if let pattern, (try? Regex(pattern)) == nil { return "pattern is not a regular expression" }
        if let choices, choices.isEmpty { return "enum allows nothing" }
        if let defaultValue, let reason = objection(to: defaultValue) {
            return "its default breaks its limits: \(reason)"
        }
        return nil
    }

    /// The value written as `text` on a command line.
    ///
    /// - Throws: ``MartletError`` MT1015 when it is not of the type or breaks a limit.
    public func parse(_ text: String) throws(MartletError) -> JSONValue {
        let value: JSONValue? =
            switch type {
            case .string: .string(text)
            case .integer: Int(text).map(JSONValue.integer)
            case .number: Int(text).map(JSONValue.integer) ?? Double(text).flatMap { $0.isFinite ? .number($0) : nil }
            case .boolean: ["true": true, "false": false][text].map(JSONValue.bool)
            }
        let reason = value.map { objection(to: $0) } ?? "\"\(text)\" is not of type \(type.rawValue)"
        guard let value, reason == nil else {
            throw MartletError(
                .parameterValueInvalid,
                "parameter \(name): \(reason ?? "it is invalid")",
                remedy: "give \(summary)"
            )
        }
        return value
    }

    /// The type and the limits, in a line for people.
    public var summary: String {
        var parts = [type.rawValue]
        if let choices { parts.append("one of \(choices.map(\.displayText).joined(separator: ", "))") }
        if let minimum { parts.append(">= \(JSONValue.number(minimum).jsonText)") }
        if let maximum { parts.append("<= \(JSONValue.number(maximum).jsonText)") }
        if let exclusiveMinimum { parts.append("> \(JSONValue.number(exclusiveMinimum).jsonText)") }
        if let exclusiveMaximum { parts.append("< \(JSONValue.number(exclusiveMaximum).jsonText)") }
        if let multipleOf { parts.append("a multiple of \(JSONValue.number(multipleOf).jsonText)") }
        if let minLength { parts.append("at least \(minLength) characters") }
        if let maxLength { parts.append("at most \(maxLength) characters") }
        if let pattern { parts.append("matching \(pattern)") }
        return parts.joined(separator: ", ")
    }
}

extension PipelineManifest {
    /// The values of all parameters of a run, defaults filled in.
    ///
    /// - Parameter given: what the user gave, by name.
    /// - Returns: a value for each parameter, by name.
    /// - Throws: ``MartletError`` MT1015 for an unknown name, a missing or an invalid value.
    public func resolveParameters(_ given: [String: JSONValue]) throws(MartletError) -> [String: JSONValue] {
        for name in given.keys.sorted() where !params.contains(where: { $0.name.rawValue == name }) {
            let known = params.map(\.name.rawValue)
            let nearest = NearestName.of(name, among: known)
            throw MartletError(
                .parameterValueInvalid,
                "pipeline \(pipeline) has no parameter \"\(name)\"",
                remedy: nearest.map { "did you mean \($0)?" }
                    ?? (known.isEmpty ? "it takes none" : "it takes \(known.joined(separator: ", "))")
            )
        }
        var values: [String: JSONValue] = [:]
        for spec in params {
            guard let value = given[spec.name.rawValue] ?? spec.defaultValue else {
                throw MartletError(
                    .parameterValueInvalid,
                    "parameter \(spec.name) has no default and was not given",
                    remedy: "give it with -p \(spec.name)=VALUE (\(spec.summary))"
                )
            }
            if let reason = spec.objection(to: value) {
                throw MartletError(
                    .parameterValueInvalid,
                    "parameter \(spec.name): \(reason)",
                    remedy: "give \(spec.summary)"
                )
            }
            values[spec.name.rawValue] = value
        }
        return values
    }
}
