import MartletCore

extension YAMLNode {
    /// The value as JSON has it, by YAML 1.2's core schema; what is quoted is text.
    var json: JSONValue {
        switch content {
        case .scalar(let scalar):
            scalar.jsonValue
        case .list(let elements):
            .array(elements.map(\.json))
        case .map(let entries):
            .object(Dictionary(entries.map { ($0.key, $0.value.json) }, uniquingKeysWith: { first, _ in first }))
        case .invalid:
            .null
        }
    }

    /// The node at the end of `path`, or the last one on the way that there is.
    ///
    /// - Returns: its place; that of its key when `isAboutKey` is set and there is one.
    func place(of path: [PathComponent], isAboutKey: Bool = false) -> TextPosition {
        var (node, key) = (self, TextPosition?.none)
        for component in path {
            switch component {
            case .key(let name):
                guard let entry = node.entry(name) else { return node.position }
                (node, key) = (entry.value, entry.keyPosition)
            case .index(let index):
                guard let element = node.element(index) else { return node.position }
                (node, key) = (element, nil)
            }
        }
        return isAboutKey ? key ?? node.position : node.position
    }
}
