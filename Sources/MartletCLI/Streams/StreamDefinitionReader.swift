import MartletCore
import MartletStreams

/// Reads what a stream computes from YAML.
struct StreamDefinitionReader {
    let diagnostics: Diagnostics

    init(_ diagnostics: Diagnostics) { self.diagnostics = diagnostics }

    /// The definition in a mapping; nil when something is wrong with it, which is reported.
    ///
    /// - Parameters:
    ///   - node: the mapping.
    ///   - name: what it is called unless it says so itself.
    /// - Returns: the definition, which makes sense.
    func definition(_ node: YAMLNode, name: String) -> StreamDefinition? {
        guard let entries = node.entries else {
            diagnostics.reject(node, "a stream's definition must be a mapping; it is \(node.kindName)")
            return nil
        }
        let before = diagnostics.errors.count
        KnownKeys.streamDefinition.check(entries, diagnostics)
        var definition = StreamDefinition(name: name, source: source(node.entry("source"), node))
        if let given = node.entry("name"), let text = diagnostics.text(given) { definition.name = text }
        if let filter = node.entry("filter") { definition.filter = diagnostics.text(filter) }
        if let columns = diagnostics.mapping(node.entry("columns"), form: "name: expression") {
            definition.derived = columns.compactMap { entry in
                diagnostics.text(entry).map { DerivedColumn(entry.key, $0) }
            }
        }
        if let repeated = diagnostics.mapping(node.entry("deduplicate"), form: "by: [id], within: 1h") {
            KnownKeys.deduplication.check(repeated, diagnostics)
            let by = diagnostics.texts(node.child("deduplicate")?.entry("by")) ?? []
            let within = span(node.child("deduplicate")?.entry("within")) ?? .seconds(3_600)
            definition.deduplicate = Deduplication(by: by, within: within)
        }
        definition.key = diagnostics.texts(node.entry("key")) ?? []
        definition.window = window(node.entry("window"))
        definition.allowedLateness = span(node.entry("lateness"))
        definition.lateBy = diagnostics.choice(node.entry("late_by"), "rule of lateness")
        definition.aggregates = aggregates(node.entry("aggregates"))
        definition.emit = diagnostics.choice(node.entry("emit"), "time to emit")
        definition.retracts = diagnostics.bool(node.entry("retracts"))
        guard diagnostics.errors.count == before else { return nil }
        do throws(MartletError) {
            _ = try StreamPlan(definition)
        } catch {
            diagnostics.reject(part(of: node, meantBy: error), error)
            return nil
        }
        return definition
    }

    /// The part of a definition that an error is about, as its message names it.
    private func part(of node: YAMLNode, meantBy error: MartletError) -> YAMLNode {
        let words = error.message.split(whereSeparator: { " ,:".contains($0) }).map(String.init)
        for (word, section) in [("aggregate", "aggregates"), ("column", "columns")] {
            guard let index = words.firstIndex(of: word), index + 1 < words.count,
                let entry = node.child(section)?.entry(words[index + 1])
            else { continue }
            return entry.value
        }
        for (word, section) in [("filter", "filter"), ("key", "key"), ("window", "window"), ("windows", "window")] {
            if words.contains(word), let entry = node.entry(section) { return entry.value }
        }
        return node
    }

    private func source(_ entry: YAMLEntry?, _ node: YAMLNode) -> StreamInput {
        var input = StreamInput(fields: [])
        guard let entry else {
            diagnostics.report(
                .keyMissing,
                "the definition does not say what its records look like",
                remedy: "add source: { fields: { carrier: text, delay: double } }",
                at: node.position
            )
            return input
        }
        guard let entries = diagnostics.mapping(entry, form: "fields: { carrier: text }") else { return input }
        KnownKeys.streamSource.check(entries, diagnostics)
        for field in diagnostics.mapping(entry.value.entry("fields"), form: "carrier: text") ?? [] {
            guard let type: StreamType = diagnostics.choice(field, "type of a column") else { continue }
            input.fields.append(StreamField(field.key, type))
        }
        input.timeField = entry.value.entry("time").flatMap { diagnostics.text($0) }
        input.disorder = span(entry.value.entry("disorder")) ?? .zero
        input.idleTimeout = span(entry.value.entry("idle_after"))
        input.followsWallClock = diagnostics.bool(entry.value.entry("follows_wall_clock"))
        input.maximumAhead = span(entry.value.entry("max_ahead"))
        return input
    }

    private func window(_ entry: YAMLEntry?) -> WindowSpec? {
        guard let entry, let entries = diagnostics.mapping(entry, form: "tumbling: 1h") else { return nil }
        KnownKeys.streamWindow.check(entries, diagnostics)
        let (node, kinds) = (entry.value, ["tumbling", "hopping", "session"])
        let given = kinds.filter { node.entry($0) != nil }
        guard given.count == 1 else {
            diagnostics.reject(
                node,
                given.isEmpty ? "a window needs a kind" : "a window has one kind, not \(given.count)",
                remedy: "write tumbling: 1h, hopping: 1h with every: 10m, or session: 15m"
            )
            return nil
        }
        let size = span(node.entry(given[0]))
        let offset = span(node.entry("offset"))
        if let slide = node.entry("every"), given[0] != "hopping" {
            diagnostics.report(
                .valueInvalid,
                "only a hopping window has every",
                remedy: "write hopping: in place of \(given[0]):",
                at: slide.keyPosition
            )
        }
        switch given[0] {
        case "session": return WindowSpec(kind: .session, offset: offset, gap: size)
        case "hopping":
            return WindowSpec(kind: .hopping, size: size, slide: span(node.entry("every")), offset: offset)
        default: return WindowSpec(kind: .tumbling, size: size, offset: offset)
        }
    }

    private func aggregates(_ entry: YAMLEntry?) -> [AggregateSpec] {
        (diagnostics.mapping(entry, form: "flights: count") ?? []).compactMap { entry in
            guard let text = diagnostics.text(entry) else { return nil }
            let open = text.firstIndex(of: "(")
            let word = String(text[..<(open ?? text.endIndex)]).trimmed
            let known = AggregateFunction.allCases.map(\.rawValue)
            guard let function = AggregateFunction(rawValue: word.lowercased()) else {
                diagnostics.reject(
                    entry.value,
                    "\"\(word)\" is not an aggregate",
                    remedy: NearestName.of(word, among: known).map { "did you mean \($0)?" }
                        ?? "choose from \(known.joined(separator: ", "))"
                )
                return nil
            }
            guard let open else { return AggregateSpec(entry.key, function) }
            guard text.trimmed.hasSuffix(")") else {
                diagnostics.reject(entry.value, "\"\(text)\" has no closing parenthesis at its end")
                return nil
            }
            let inner = String(text.trimmed[text.index(after: open)...].dropLast()).trimmed
            return AggregateSpec(entry.key, function, of: inner.isEmpty || inner == "*" ? nil : inner)
        }
    }

    /// A length of time.
    func span(_ entry: YAMLEntry?) -> EventSpan? {
        diagnostics.seconds(entry).map { EventSpan(microseconds: Int64(($0 * 1_000_000).rounded())) }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
