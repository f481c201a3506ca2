import MartletCore

/// Values that stand in a suite as `{"$PARAMETER": name}`.
struct SuiteParameters {
    let values: [String: JSONValue]
    /// What `now()` is; nil when that is not known.
    let now: Timestamp?

    /// `value` with what its parameters stand for.
    ///
    /// A value that was left with the parameter (`{"$PARAMETER": "x", "$PARAMETER.x": 5}`, which GX 0.18 writes) counts
    /// where none is given for the run. Parameters count wherever they are, also within lists and row conditions.
    ///
    /// - Throws: `.suiteParameterInvalid` for a parameter without a value.
    func filled(_ value: JSONValue, _ place: String) throws(MartletError) -> JSONValue {
        switch value {
        case .array(let elements):
            var filled: [JSONValue] = []
            for (index, element) in elements.enumerated() {
                filled.append(try self.filled(element, "\(place)[\(index)]"))
            }
            return .array(filled)
        case .object(let members):
            if let name = members["$PARAMETER"] { return try parameter(name, members, place) }
            var filled: [String: JSONValue] = [:]
            for (key, member) in members { filled[key] = try self.filled(member, "\(place).\(key)") }
            return .object(filled)
        default: return value
        }
    }

    private func parameter(
        _ name: JSONValue,
        _ members: [String: JSONValue],
        _ place: String
    ) throws(MartletError) -> JSONValue {
        guard let text = name.stringValue else {
            throw MartletError(
                .suiteParameterInvalid,
                "\(place): the name of a parameter is a text, not \(name.jsonText)"
            )
        }
        if let value = values[text] ?? members["$PARAMETER.\(text)"] { return value }
        do {
            return try ParameterExpression.value(of: text, values: values, now: now)
        } catch {
            let nearest = NearestName.of(text, among: values.keys.sorted()).map { "did you mean \($0)? " } ?? ""
            throw MartletError(
                .suiteParameterInvalid,
                "\(place): \(error.message)",
                remedy: "\(nearest)give it with --param NAME=VALUE, or under parameters in the suite"
            )
        }
    }
}
