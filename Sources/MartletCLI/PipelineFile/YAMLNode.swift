/// A value in a YAML file and where it stands.
///
/// Aliases share their node, so a tree stays as small as its file; ``size`` is what it would be written out.
struct YAMLNode: Sendable {
    /// The kinds of values.
    indirect enum Content: Sendable {
        case scalar(YAMLScalar)
        case list([YAMLNode])
        case map([YAMLEntry])
        /// Something whose error is reported already.
        case invalid
    }

    var content: Content
    var position: TextPosition
    /// The number of nodes below and including this one, aliases written out.
    var size: Int
    /// How deep the nodes below are nested.
    var depth: Int

    /// What people call this kind of value.
    var kindName: String {
        switch content {
        case .scalar(let scalar): scalar.kindName
        case .list: "a list"
        case .map: "a mapping"
        case .invalid: "an invalid value"
        }
    }

    /// The entries, when this is a mapping.
    var entries: [YAMLEntry]? {
        if case .map(let entries) = content { entries } else { nil }
    }

    /// The entry of a mapping with this key.
    func entry(_ key: String) -> YAMLEntry? { entries?.first { $0.key == key } }

    /// The value below this one, one step of a manifest's path further.
    func child(_ key: String) -> YAMLNode? { entry(key)?.value }

    /// The element of a list.
    func element(_ index: Int) -> YAMLNode? {
        if case .list(let elements) = content, elements.indices.contains(index) { elements[index] } else { nil }
    }
}

/// A key of a mapping and its value.
struct YAMLEntry: Sendable {
    var key: String
    var keyPosition: TextPosition
    var value: YAMLNode
}
