/// A part of the way from a manifest's root to a place in it.
public enum PathComponent: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name of a member of an object.
    case key(String)
    /// The position of an element of a list, from 0.
    case index(Int)

    /// A key written as a literal.
    public init(stringLiteral value: String) { self = .key(value) }
}

/// The kinds of things in a manifest that other places refer to.
public enum ManifestSection: Hashable, Sendable {
    case parameters, steps, groups, datasets, inputs, outputs, values
}

/// Something wrong in a manifest, with its place; a front end turns the place into file, line and column.
public struct ManifestProblem: Hashable, Sendable {
    /// The way to the place, in the words of YAML: `["steps", 2, "inputs", "flights"]`.
    public var path: [PathComponent]
    /// Whether the key at the end of the path is meant, rather than its value.
    public var isAboutKey: Bool
    /// Where inside the text at the place, in UTF-8 bytes.
    public var offset: Int?
    /// What kind of thing was looked for and is not there; a front end that could not read all such things leaves
    /// the problem out.
    public var missing: ManifestSection?
    /// What is wrong; without a location yet.
    public var error: MartletError

    /// A problem at `path`, its value unless `isAboutKey` is set.
    public init(
        _ path: [PathComponent],
        isAboutKey: Bool = false,
        offset: Int? = nil,
        missing: ManifestSection? = nil,
        _ error: MartletError
    ) {
        self.path = path
        self.isAboutKey = isAboutKey
        self.offset = offset
        self.missing = missing
        self.error = error
    }

    /// The path as text, as in `steps[2].inputs.flights`.
    public var pathText: String {
        path.reduce(into: "") { text, component in
            switch component {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}
