import Foundation
import MartletCore

/// Where the parts of a schema are that references lead to.
struct JSONSchemaResources {
    /// A part of the schema, and what its own references are relative to.
    struct Place {
        var schema: JSONValue
        var base: String
    }

    private let draft: JSONSchemaDraft
    /// By URI, with `#name` for what has a name.
    private var places = [String: Place]()

    /// Collects the parts of `schema` that have an id or a name.
    init(of schema: JSONValue, draft: JSONSchemaDraft) {
        self.draft = draft
        places[""] = Place(schema: schema, base: "")
        collect(schema, base: "", depth: 0)
    }

    /// What the references in `schema` are relative to, when those around it are relative to `base`.
    func base(of schema: JSONValue, in base: String) -> String {
        if draft < .twentyNineteen, schema["$ref"] != nil { return base }
        guard let id = schema[draft == .four ? "id" : "$id"]?.stringValue, !id.hasPrefix("#") else { return base }
        return Self.split(Self.resolve(id, base)).uri
    }

    /// What `reference` in a schema relative to `base` leads to.
    func target(of reference: String, base: String) -> (key: String, place: Place)? {
        let absolute = Self.resolve(reference, base)
        let (uri, fragment) = Self.split(absolute)
        if !fragment.isEmpty, !fragment.hasPrefix("/") {
            return places["\(uri)#\(fragment)"].map { (absolute, $0) }
        }
        guard var place = places[uri] else { return nil }
        for word in fragment.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = String(word).replacing("~1", with: "/").replacing("~0", with: "~")
            switch place.schema {
            case .object(let members):
                guard let member = members[name] else { return nil }
                place.schema = member
            case .array(let elements):
                guard let index = Int(name), elements.indices.contains(index) else { return nil }
                place.schema = elements[index]
            default: return nil
            }
            place.base = self.base(of: place.schema, in: place.base)
        }
        return (absolute, place)
    }

    private mutating func collect(_ schema: JSONValue, base: String, depth: Int) {
        guard case .object(let members) = schema, depth < Limits.nestingDepth else { return }
        let inner = self.base(of: schema, in: base)
        if inner != base || depth == 0 { places[inner] = Place(schema: schema, base: inner) }
        let id = members[draft == .four ? "id" : "$id"]?.stringValue
        let names = [members["$anchor"]?.stringValue, members["$dynamicAnchor"]?.stringValue]
        let oldName = id.flatMap { $0.hasPrefix("#") ? String($0.dropFirst()) : nil }
        for name in (names + [oldName]).compactMap(\.self) {
            places["\(inner)#\(name)"] = Place(schema: schema, base: inner)
        }
        for (keyword, value) in members {
            switch value {
            case .object(let parts) where JSONSchemaShape.maps.contains(keyword):
                for part in parts.values { collect(part, base: inner, depth: depth + 1) }
            case .array(let parts) where JSONSchemaShape.lists.contains(keyword):
                for part in parts { collect(part, base: inner, depth: depth + 1) }
            case .object where JSONSchemaShape.singles.contains(keyword):
                collect(value, base: inner, depth: depth + 1)
            default: break
            }
        }
    }

    private static func resolve(_ reference: String, _ base: String) -> String {
        if base.isEmpty { return reference }
        if reference.isEmpty || reference.hasPrefix("#") { return base + reference }
        return URL(string: reference, relativeTo: URL(string: base))?.absoluteString ?? reference
    }

    private static func split(_ uri: String) -> (uri: String, fragment: String) {
        guard let mark = uri.firstIndex(of: "#") else { return (uri, "") }
        let fragment = String(uri[uri.index(after: mark)...])
        return (String(uri[..<mark]), fragment.removingPercentEncoding ?? fragment)
    }
}
