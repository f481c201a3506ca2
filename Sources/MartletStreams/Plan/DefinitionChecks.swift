import MartletCore

/// What has to hold of a definition.
struct DefinitionChecks {
    let definition: StreamDefinition

    init(_ definition: StreamDefinition) { self.definition = definition }

    func error(_ what: String, _ remedy: String? = nil) -> MartletError {
        MartletError(.streamDefinitionInvalid, "stream \(definition.name): \(what)", remedy: remedy)
    }

    /// - Throws: ``MartletError`` MT6030 for missing, repeated or too many names.
    func checkNames() throws(MartletError) {
        let columns = definition.source.fields.map(\.name) + (definition.derived ?? []).map(\.name)
        if definition.name.isEmpty { throw error("it has no name") }
        if definition.source.fields.isEmpty { throw error("its source has no columns") }
        if definition.deduplicate?.by.isEmpty == true { throw error("it leaves out repeated records by no column") }
        let results = definition.key + definition.aggregates.map(\.name)
        for (names, what) in [(columns, "columns"), (results, "columns of the result")] {
            if names.count > Limits.streamColumns { throw error("it has more than \(Limits.streamColumns) \(what)") }
            if names.contains("") { throw error("one of its \(what) has no name") }
            var seen = Set<String>()
            for name in names where !seen.insert(name).inserted { throw error("two of its \(what) are called \(name)") }
        }
    }

    /// - Throws: ``MartletError`` MT6030 for a length of time beyond ten years.
    func checkSpans() throws(MartletError) {
        let (source, window) = (definition.source, definition.window)
        let spans = [
            ("disorder", source.disorder), ("idleTimeout", source.idleTimeout), ("maximumAhead", source.maximumAhead),
            ("allowedLateness", definition.allowedLateness), ("size", window?.size), ("slide", window?.slide),
            ("offset", window?.offset), ("gap", window?.gap), ("within", definition.deduplicate?.within),
        ]
        for (name, span) in spans where span?.microseconds ?? 0 > Limits.streamSpanMicroseconds {
            throw error("\(name) is longer than ten years")
        }
    }

    func timeColumn() throws(MartletError) -> Int? {
        guard let name = definition.source.timeField else { return nil }
        let fields = definition.source.fields
        guard let index = fields.firstIndex(where: { $0.name == name }) else {
            throw unknown(name, fields, "its time field")
        }
        guard fields[index].type == .timestamp else {
            throw error("its time field \(name) is of type \(fields[index].type.rawValue)", "make it a timestamp")
        }
        return index
    }

    private func unknown(_ name: String, _ fields: [StreamField], _ what: String) -> MartletError {
        let near = NearestName.of(name, among: fields.map(\.name))
        return error("\(what) \(name) is not a column", near.map { "did you mean \($0)?" })
    }

    func compile(_ text: String, of place: String, over fields: [StreamField]) throws(MartletError) -> TypedExpression {
        do {
            return try ExpressionChecker(fields).compile(text)
        } catch {
            throw error.error(in: text, of: "stream \(definition.name), \(place)")
        }
    }

    func filter(over fields: [StreamField]) throws(MartletError) -> TypedExpression? {
        guard let text = definition.filter else { return nil }
        let typed = try compile(text, of: "filter", over: fields)
        guard typed.type == .boolean else {
            throw error("its filter is of type \(typed.kind.name)", "write a condition, such as delay > 15")
        }
        return typed
    }

    func columns(_ names: [String], _ what: String, of fields: [StreamField]) throws(MartletError) -> [Int] {
        var columns = [Int]()
        for name in names {
            guard let index = fields.firstIndex(where: { $0.name == name }) else { throw unknown(name, fields, what) }
            columns.append(index)
        }
        return columns
    }

    func aggregates(over fields: [StreamField]) throws(MartletError) -> [StreamPlan.Aggregate] {
        var aggregates = [StreamPlan.Aggregate]()
        for spec in definition.aggregates {
            var input: TypedExpression?
            if let text = spec.of {
                let typed = try compile(text, of: "aggregate \(spec.name)", over: fields)
                if typed.kind == .interval {
                    throw error("aggregate \(spec.name) is of an interval", "use seconds(...) to make it a number")
                }
                input = typed
            }
            guard let result = spec.function.result(of: input?.type) else {
                let type = input?.type.rawValue ?? "nothing"
                throw error("aggregate \(spec.name): there is no \(spec.function.rawValue) of \(type)")
            }
            aggregates.append(
                StreamPlan.Aggregate(name: spec.name, function: spec.function, input: input, result: result)
            )
        }
        return aggregates
    }

    func windows() throws(MartletError) -> StreamPlan.Windows? {
        guard let spec = definition.window else {
            if !definition.aggregates.isEmpty { throw error("it has aggregates but no window") }
            return nil
        }
        if definition.aggregates.isEmpty { throw error("it has a window but no aggregates", "add a count at least") }
        func needed(_ span: EventSpan?, _ name: String) throws(MartletError) -> Int64 {
            guard let span, span > .zero else {
                throw error("a \(spec.kind.rawValue) window needs a \(name) longer than nothing", "add \(name): 1m")
            }
            return span.microseconds
        }
        if spec.kind == .session { return .sessions(gap: try needed(spec.gap, "gap")) }
        if spec.gap != nil { throw error("only a session window has a gap") }
        let size = try needed(spec.size, "size")
        let slide = spec.kind == .hopping ? try needed(spec.slide, "slide") : size
        if spec.kind == .tumbling, spec.slide != nil {
            throw error("a tumbling window has no slide", "make it hopping")
        }
        if slide > size { throw error("its windows slide by more than their size, which would leave records out") }
        let layout = SliceLayout(size: size, slide: slide, offset: spec.offset?.microseconds ?? 0)
        guard size / layout.slice <= Limits.slicesPerWindow else {
            throw error(
                "its windows would be cut into \(size / layout.slice) slices",
                "choose a slide that divides the size"
            )
        }
        return .slices(layout)
    }
}
