import MartletCore

/// A part of a manifest as JSON, and how two of them are compared: by the names of things, not by their places.
enum ManifestTree {
    /// The members of a pipeline without its steps, which are compared one by one.
    static func members(of manifest: PipelineManifest) -> [String: JSONValue] {
        var members = object(manifest)
        members["steps"] = nil
        return members
    }

    /// The members of a step without its id; what the step does stands under the name of its kind.
    static func members(of step: StepManifest) -> [String: JSONValue] {
        var members = object(step)
        members["id"] = nil
        if case .object(let action) = members.removeValue(forKey: "action") {
            members.merge(action) { own, _ in own }
        }
        return members
    }

    /// The keys whose values differ, in alphabetical order.
    static func changes(from old: [String: JSONValue], to new: [String: JSONValue]) -> [ManifestDiff.Change] {
        var found: [ManifestDiff.Change] = []
        compare(.object(old), .object(new), "", &found)
        return found
    }

    private static func object(_ value: some Encodable) -> [String: JSONValue] {
        guard case .object(let members) = try? JSONText.decode(JSONValue.self, from: JSONText.data(value)) else {
            return [:]
        }
        return members
    }

    private static func compare(
        _ old: JSONValue?,
        _ new: JSONValue?,
        _ key: String,
        _ found: inout [ManifestDiff.Change]
    ) {
        let (old, new) = (present(old), present(new))
        if old == new { return }
        if let before = old.flatMap(named), let after = new.flatMap(named) {
            let count = found.count
            for name in Set(before.keys).union(after.keys).sorted() {
                compare(before[name], after[name], key.isEmpty ? name : "\(key).\(name)", &found)
            }
            // Equal parts in another order.
            if found.count == count { found.append(ManifestDiff.Change(key, from: order(old), to: order(new))) }
        } else {
            found.append(ManifestDiff.Change(key, from: old, to: new))
        }
    }

    /// An empty list or object says as much as none.
    private static func present(_ value: JSONValue?) -> JSONValue? {
        switch value {
        case .null, .array([]), .object([:]): nil
        default: value
        }
    }

    /// The parts of a value by name: the members of an object, or the elements of a list whose elements have names.
    private static func named(_ value: JSONValue) -> [String: JSONValue]? {
        switch value {
        case .object(let members): return members
        case .array(let elements):
            var parts: [String: JSONValue] = [:]
            for element in elements {
                guard let (name, rest) = nameAndRest(element), parts.updateValue(rest, forKey: name) == nil else {
                    return nil
                }
            }
            return parts
        default: return nil
        }
    }

    private static func nameAndRest(_ element: JSONValue) -> (String, JSONValue)? {
        guard case .object(var members) = element else { return nil }
        for key in ["id", "name", "dataset"] {
            guard let name = members[key]?.stringValue else { continue }
            members[key] = nil
            return (name, members.isEmpty ? true : .object(members))
        }
        return nil
    }

    private static func order(_ value: JSONValue?) -> JSONValue? {
        guard case .array(let elements) = value else { return value }
        return .array(elements.map { nameAndRest($0).map { JSONValue.string($0.0) } ?? $0 })
    }
}
