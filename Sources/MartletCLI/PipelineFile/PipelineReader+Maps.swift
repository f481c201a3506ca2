import MartletCore

extension PipelineReader {
    /// What a step or a group is run once for each of.
    ///
    /// A text is a template that gives the list, a list is the list itself; with `over` or `files` it is a mapping.
    func map(_ entry: YAMLEntry?) -> MapSpec? {
        guard let entry else { return nil }
        let node = entry.value
        guard let entries = node.entries, !node.startsWithBraces(in: diagnostics.source) else {
            return list(node, for: "map").map { MapSpec([MapSource($0)]) }
        }
        guard entries.contains(where: { KnownKeys.map.contains($0.key) }) else {
            diagnostics.reject(
                node,
                "the map has no list",
                .keyMissing,
                remedy: entries.isEmpty
                    ? "write map: [a, b], or map: \"{{ steps.ID.values.NAME }}\"" : "put the lists under over:"
            )
            return nil
        }
        KnownKeys.map.check(entries, diagnostics)
        guard let sources = sources(of: node, at: entry) else { return nil }
        let combine: MapCombination? = diagnostics.choice(node.entry("combine"), "way to combine lists")
        let plain = MapSpec(sources)
        return MapSpec(
            sources,
            combine: combine ?? plain.combine,
            filter: diagnostics.text(node.entry("filter")),
            label: diagnostics.text(node.entry("label")),
            limit: diagnostics.integer(node.entry("limit")) ?? plain.limit
        )
    }

    private func sources(of node: YAMLNode, at entry: YAMLEntry) -> [MapSource]? {
        let (over, files) = (node.entry("over"), node.entry("files"))
        if over != nil, let files {
            diagnostics.report(
                .mapInvalid,
                "the map has both over and files",
                reason: "one of them is the list",
                remedy: "name both lists: over: { a: ..., b: { files: ... } }",
                at: files.keyPosition
            )
            return nil
        }
        if over != nil || files == nil, let pattern = node.entry("pattern") {
            diagnostics.report(
                .mapInvalid,
                "the map has a pattern and no files",
                remedy: "add files: DATASET, or remove pattern",
                at: pattern.keyPosition
            )
        }
        if files != nil { return self.files(node).map { [MapSource(.files($0))] } }
        guard let over else {
            diagnostics.report(
                .keyMissing,
                "the map has no list",
                remedy: "add over: [a, b], over: \"{{ steps.ID.values.NAME }}\" or files: DATASET",
                at: entry.keyPosition
            )
            return nil
        }
        guard let named = over.value.entries, !over.value.startsWithBraces(in: diagnostics.source) else {
            return list(over.value, for: "over").map { [MapSource($0)] }
        }
        return named.compactMap { source in
            let name = diagnostics.name(source.key, as: PortName.self, at: source.keyPosition)
            return list(source.value, for: source.key).map { MapSource($0, name: name) }
        }
    }

    private func list(_ node: YAMLNode, for key: String) -> MapList? {
        switch node.content {
        case .list(let elements):
            return .values(elements.map { value($0) })
        case .map(let entries) where !node.startsWithBraces(in: diagnostics.source):
            if node.entry("files") != nil {
                KnownKeys.mapFiles.check(entries, diagnostics)
                return files(node).map(MapList.files)
            }
            diagnostics.reject(
                node,
                "\(key) must be a list, a template or files; it is a mapping",
                remedy: "write \(key): [a, b], \"{{ ... }}\" or { files: DATASET }"
            )
            return nil
        case .scalar(let scalar) where !scalar.isNull && !scalar.text.contains("{{"):
            diagnostics.reject(
                node,
                "\(key) must be a list or a template that gives one; it is \(node.kindName)",
                remedy: "write \(key): [\(scalar.text)], or \(key): \"{{ steps.ID.values.NAME }}\""
            )
            return nil
        default:
            return diagnostics.text(node, for: key).map(MapList.expression)
        }
    }

    private func files(_ node: YAMLNode) -> MapFiles? {
        let pattern = diagnostics.text(node.entry("pattern"))
        return diagnostics.name(node.entry("files"), as: DatasetID.self).map { MapFiles(dataset: $0, pattern: pattern) }
    }

    /// An element of a list, as it will stand in JSON.
    private func value(_ node: YAMLNode) -> JSONValue {
        switch node.content {
        case .scalar(let scalar):
            if scalar.text.contains("{{") {
                diagnostics.reject(
                    node,
                    "an element of a list is taken as it is written, templates too",
                    remedy: "let one template give the whole list, or use params and steps where item is used"
                )
            }
            return scalar.jsonValue
        case .list(let elements):
            return .array(elements.map { value($0) })
        case .map(let entries):
            if node.startsWithBraces(in: diagnostics.source) { _ = diagnostics.text(node, for: "an element") }
            return .object(
                Dictionary(entries.map { ($0.key, value($0.value)) }, uniquingKeysWith: { first, _ in first })
            )
        case .invalid:
            return .null
        }
    }
}

extension YAMLScalar {
    /// The value in JSON, by YAML 1.2's core schema; what is quoted is text.
    var jsonValue: JSONValue {
        if isNull { return .null }
        if let bool { return .bool(bool) }
        if let integer { return .integer(integer) }
        if let number { return .number(number) }
        return .string(text)
    }
}
