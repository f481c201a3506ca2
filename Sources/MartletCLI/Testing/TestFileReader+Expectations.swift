import MartletCore
import MartletScheduling

extension TestFileReader {
    /// What a test expects of its run; a success without more when it does not say.
    func expectation(_ entry: YAMLEntry?) -> RunExpectation {
        var expectation = RunExpectation()
        guard let entry, let entries = diagnostics.mapping(entry, form: "state: success") else { return expectation }
        let node = entry.value
        KnownKeys.expectation.check(entries, diagnostics)
        if let state = node.entry("state"), let value: RunState = diagnostics.choice(state, "state of a run") {
            expectation.state = Placed(value, at: state.value.position)
        }
        expectation.reason = text(node.entry("reason"))
        for step in diagnostics.mapping(node.entry("steps"), form: "train: success") ?? [] {
            guard let instance = instance(step) else { continue }
            expectation.steps.append(Placed((instance, stepExpectation(step)), at: step.keyPosition))
        }
        expectation.order = order(node.entry("order"))
        for dataset in diagnostics.mapping(node.entry("datasets"), form: "flights/clean: { rows: 3 }") ?? [] {
            let name = diagnostics.name(dataset.key, as: DatasetID.self, at: dataset.keyPosition)
            expectation.datasets.append(Placed((name, datasetExpectation(dataset)), at: dataset.keyPosition))
        }
        return expectation
    }

    private func stepExpectation(_ entry: YAMLEntry) -> StepExpectation {
        var expectation = StepExpectation()
        let node = entry.value
        guard let entries = node.entries else {
            if let state: StepState = diagnostics.choice(entry, "state of a step") {
                expectation.state = Placed(state, at: node.position)
            }
            return expectation
        }
        KnownKeys.stepExpectation.check(entries, diagnostics)
        if let state = node.entry("state"), let value: StepState = diagnostics.choice(state, "state of a step") {
            expectation.state = Placed(value, at: state.value.position)
        }
        expectation.attempts = node.entry("attempts").map { Placed(value($0), at: $0.value.position) }
        expectation.values = values(node.entry("values"), form: "auc: { minimum: 0.7 }")
        expectation.metrics = values(node.entry("metrics"), form: "rows_out: 3")
        expectation.error = text(node.entry("error"))
        expectation.log = text(node.entry("log"))
        if let render = node.entry("render"), diagnostics.mapping(render, form: "command: \"...\"") != nil {
            expectation.render = Placed(render.value.json, at: render.keyPosition)
        }
        return expectation
    }

    private func values(_ entry: YAMLEntry?, form: String) -> [Placed<(name: String, expected: ValueExpectation)>] {
        (diagnostics.mapping(entry, form: form) ?? []).map {
            Placed(($0.key, value($0)), at: $0.value.position)
        }
    }

    /// A value to be equal to, or limits.
    func value(_ entry: YAMLEntry) -> ValueExpectation {
        let node = entry.value
        guard let entries = node.entries else { return .equal(to: node.json) }
        KnownKeys.valueExpectation.check(entries, diagnostics)
        var expectation = ValueExpectation(equals: node.child("equals")?.json)
        expectation.near = diagnostics.number(node.entry("near"))
        expectation.within = diagnostics.number(node.entry("within")) ?? expectation.within
        expectation.contains = node.child("contains")?.json
        expectation.type = diagnostics.text(node.entry("type"))
        let types = ["null", "boolean", "integer", "number", "string", "array", "object"]
        if let type = expectation.type, !types.contains(type), let place = node.entry("type") {
            diagnostics.reject(
                place.value,
                "\"\(type)\" is not a type",
                remedy: NearestName.of(type, among: types).map { "did you mean \($0)?" }
                    ?? "choose from \(types.joined(separator: ", "))"
            )
        }
        expectation.limits.minimum = diagnostics.number(node.entry("minimum"))
        expectation.limits.maximum = diagnostics.number(node.entry("maximum"))
        expectation.limits.exclusiveMinimum = diagnostics.number(node.entry("exclusive_minimum"))
        expectation.limits.exclusiveMaximum = diagnostics.number(node.entry("exclusive_maximum"))
        expectation.limits.multipleOf = diagnostics.number(node.entry("multiple_of"))
        expectation.limits.minLength = diagnostics.integer(node.entry("min_length"))
        expectation.limits.maxLength = diagnostics.integer(node.entry("max_length"))
        expectation.limits.pattern = pattern(node.entry("pattern"))
        if case .array(let choices)? = node.child("enum")?.json { expectation.limits.choices = choices }
        return expectation
    }

    private func pattern(_ entry: YAMLEntry?) -> String? {
        guard let entry, let text = diagnostics.text(entry) else { return nil }
        if (try? Regex(text)) == nil { diagnostics.reject(entry.value, "\(text) is not a regular expression") }
        return text
    }

    /// Steps in their order; a list within the list is of steps whose order among each other does not count.
    private func order(_ entry: YAMLEntry?) -> [Placed<[StepID]>] {
        guard let entry else { return [] }
        guard case .list(let elements) = entry.value.content else {
            diagnostics.reject(
                entry.value,
                "order must be a list; it is \(entry.value.kindName)",
                remedy: "write order: [first, [these, together], last]"
            )
            return []
        }
        return elements.map { element in
            let inner = YAMLEntry(key: "order", keyPosition: element.position, value: element)
            if case .list = element.content { return Placed(diagnostics.references(inner), at: element.position) }
            let step = diagnostics.text(element, for: "an element of order")
            return Placed(step.map { [StepID(trusted: $0)] } ?? [], at: element.position)
        }
    }

    private func datasetExpectation(_ entry: YAMLEntry) -> DatasetExpectation {
        var expectation = DatasetExpectation()
        let node = entry.value
        guard let entries = node.entries else {
            expectation.equals = content(entry)
            return expectation
        }
        KnownKeys.datasetExpectation.check(entries, diagnostics)
        if let exists = node.entry("exists"), let value = diagnostics.bool(exists) {
            expectation.exists = Placed(value, at: exists.value.position)
        }
        expectation.rows = node.entry("rows").map { Placed(value($0), at: $0.value.position) }
        if let columns = node.entry("columns"), let names = diagnostics.texts(columns) {
            expectation.columns = Placed(names, at: columns.value.position)
        }
        expectation.equals = node.entry("equals").flatMap(content)
        expectation.contains = node.entry("contains").flatMap(content)
        expectation.text = text(node.entry("text"))
        return expectation
    }

    /// A file, or rows.
    private func content(_ entry: YAMLEntry) -> Placed<ExpectedContent>? {
        if case .list = entry.value.content {
            return rows(entry.value).map { Placed(.rows($0), at: entry.value.position) }
        }
        return diagnostics.text(entry).map {
            Placed(.file(path: absolute($0), shown: $0), at: entry.value.position)
        }
    }

    private func text(_ entry: YAMLEntry?) -> Placed<String>? {
        guard let entry, let text = diagnostics.text(entry) else { return nil }
        return Placed(text, at: entry.value.position)
    }
}
