import MartletCore

extension PipelineReader {
    /// The groups under `groups`.
    func groups(_ entry: YAMLEntry?) -> [GroupSpec] {
        guard let entry else { return [] }
        guard case .list(let elements) = entry.value.content else {
            diagnostics.reject(
                entry.value,
                "groups must be a list; it is \(entry.value.kindName)",
                remedy: "start each group with \"- id: NAME\", and give its steps group: NAME"
            )
            diagnostics.incomplete.formUnion([.groups, .steps])
            return []
        }
        return elements.enumerated().map { group($1, number: $0 + 1) }
    }

    private func group(_ node: YAMLNode, number: Int) -> GroupSpec {
        // Nobody can refer to this id, because it breaks the rules.
        var spec = GroupSpec(id: GroupID(trusted: "#\(number)"))
        guard let entries = node.entries else {
            diagnostics.reject(
                node,
                "a group is a mapping; this is \(node.kindName)",
                remedy: node.scalarText.map { "write - id: \($0)" } ?? "write - id: NAME"
            )
            diagnostics.incomplete.formUnion([.groups, .steps])
            return spec
        }
        KnownKeys.group.check(entries, diagnostics)
        if let id = diagnostics.name(node.entry("id"), as: GroupID.self) {
            spec.id = id
        } else {
            diagnostics.incomplete.formUnion([.groups, .steps])
        }
        if node.entry("id") == nil {
            diagnostics.report(.keyMissing, "group \(number) has no id", remedy: "add id: NAME", at: node.position)
        }
        spec.description = diagnostics.text(node.entry("description"))
        spec.parent = diagnostics.name(node.entry("parent"), as: GroupID.self)
        spec.after = diagnostics.references(node.entry("after"))
        spec.map = map(node.entry("map"))
        return spec
    }
}
