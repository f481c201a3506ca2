import MartletCore
import MartletScheduling

extension TestFileReader {
    /// What a test gives its pipeline.
    func setup(_ nodes: [YAMLNode]) -> TestSetup {
        var setup = TestSetup(occasion: occasion(nodes))
        for entry in merged("params", in: nodes, form: "month: 6") { setup.params[entry.key] = entry.value.json }
        for entry in merged("fixtures", in: nodes, form: "flights/raw: tests/flights.csv") {
            let dataset = diagnostics.name(entry.key, as: DatasetID.self, at: entry.keyPosition)
            setup.fixtures[dataset] = fixture(entry)
        }
        for entry in merged("stubs", in: nodes, form: "ingest: { values: { rows: 3 } }") {
            guard let instance = instance(entry) else { continue }
            setup.stubs[instance] = stub(entry)
        }
        for entry in merged("variables", in: nodes, form: "region: eu") {
            let name = diagnostics.name(entry.key, as: VariableName.self, at: entry.keyPosition)
            setup.variables[name] = entry.value.json
        }
        for entry in merged("connections", in: nodes, form: "warehouse: postgres://localhost/test") {
            let id = diagnostics.name(entry.key, as: ConnectionID.self, at: entry.keyPosition)
            setup.connections[id] = connection(id, entry)
        }
        return setup
    }

    private func connection(_ id: ConnectionID, _ entry: YAMLEntry) -> Connection? {
        do throws(MartletError) {
            if entry.value.entries != nil { return try Connection(id: id, json: entry.value.json) }
            return try diagnostics.text(entry).map { text throws(MartletError) in try Connection(id: id, text: text) }
        } catch {
            diagnostics.reject(entry.value, error.message, error.code, reason: error.reason, remedy: error.remedy)
            return nil
        }
    }

    /// A step, or an instance of a mapped one as in `train[2]`.
    func instance(_ entry: YAMLEntry) -> InstanceID? {
        if let instance = InstanceID(entry.key) { return instance }
        diagnostics.report(
            .nameInvalid,
            "\"\(entry.key)\" is neither a step nor an instance of one",
            remedy: "write train, or train[0] for an instance of a mapped step",
            at: entry.keyPosition
        )
        return nil
    }

    private func occasion(_ nodes: [YAMLNode]) -> RunOccasion {
        var occasion = RunOccasion(partition: diagnostics.text(entry("partition", in: nodes)))
        occasion.logicalDate = instant(entry("logical_date", in: nodes))
        if let entry = entry("data_interval", in: nodes),
            let entries = diagnostics.mapping(entry, form: "start: 2026-01-01, end: 2026-01-02")
        {
            KnownKeys.dataInterval.check(entries, diagnostics)
            occasion.intervalStart = instant(entry.value.entry("start"))
            occasion.intervalEnd = instant(entry.value.entry("end"))
            if let start = occasion.intervalStart, let end = occasion.intervalEnd, start > end {
                diagnostics.reject(entry.value, "the data interval ends before it starts")
            }
        }
        return occasion
    }

    private func instant(_ entry: YAMLEntry?) -> Timestamp? {
        guard let entry, let text = diagnostics.text(entry) else { return nil }
        do throws(MartletError) {
            return try Timestamp(text: text, in: .utc)
        } catch {
            diagnostics.reject(
                entry.value,
                "\(entry.key): \(error.message)",
                error.code,
                remedy: "write 2026-01-02 or 2026-01-02T06:00:00Z"
            )
            return nil
        }
    }

    /// A file by its path, or what is to be in one.
    func fixture(_ entry: YAMLEntry) -> Fixture? {
        guard let entries = entry.value.entries else { return diagnostics.text(entry).map { .file(absolute($0)) } }
        KnownKeys.fixture.check(entries, diagnostics)
        let format: DatasetFormat? = diagnostics.choice(entry.value.entry("format"), "format")
        if let rows = entry.value.entry("rows") {
            if let text = entry.value.entry("text") {
                diagnostics.report(
                    .valueInvalid,
                    "a fixture has rows or text, not both",
                    remedy: "remove one",
                    at: text.keyPosition
                )
            }
            return self.rows(rows.value).map { .rows($0, format: format) }
        }
        if let text = entry.value.entry("text") {
            // Empty text is an empty file.
            if let scalar = text.value.scalarText { return .text(scalar, format: format) }
            diagnostics.reject(text.value, "text must be text; it is \(text.value.kindName)")
            return nil
        }
        diagnostics.report(
            .keyMissing,
            "the fixture holds nothing",
            remedy: "write a path, or rows: [{ month: 6 }]",
            at: entry.value.position
        )
        return nil
    }

    /// Rows as a list of mappings.
    func rows(_ node: YAMLNode) -> FixtureRows? {
        guard case .list(let elements) = node.content else {
            diagnostics.reject(
                node,
                "rows must be a list of mappings; it is \(node.kindName)",
                remedy: "write [{ month: 6, carrier: AA }]"
            )
            return nil
        }
        return FixtureRows(
            elements.map { element in
                guard let entries = element.entries else {
                    diagnostics.reject(element, "a row is a mapping; this is \(element.kindName)")
                    return []
                }
                return entries.map { (column: $0.key, value: $0.value.json) }
            }
        )
    }

    private func stub(_ entry: YAMLEntry) -> StepStub? {
        let node = entry.value
        if case .scalar(let scalar) = node.content {
            if scalar.isNull { return StepStub() }
            // One word says how it ends.
            let ending: StepStub.Ending? = diagnostics.choice(entry, "state of a stub")
            return ending.map { StepStub($0) }
        }
        guard let entries = diagnostics.mapping(entry, form: "values: { rows: 3 }") else { return nil }
        KnownKeys.stub.check(entries, diagnostics)
        var stub = StepStub()
        stub.ending = diagnostics.choice(node.entry("state"), "state of a stub") ?? .success
        readEnding(node, &stub)
        stub.isRetryable = diagnostics.bool(node.entry("retryable")) ?? true
        stub.reason = diagnostics.text(node.entry("reason")) ?? stub.reason
        for value in diagnostics.mapping(node.entry("values"), form: "rows: 3") ?? [] {
            stub.values[diagnostics.name(value.key, as: PortName.self, at: value.keyPosition).rawValue] =
                value.value.json
        }
        for metric in diagnostics.mapping(node.entry("metrics"), form: "rows_out: 3") ?? [] {
            stub.metrics[metric.key] = diagnostics.number(metric)
        }
        for output in diagnostics.mapping(node.entry("outputs"), form: "flights: tests/flights.csv") ?? [] {
            stub.outputs[diagnostics.name(output.key, as: PortName.self, at: output.keyPosition)] = fixture(output)
        }
        if let command = node.entry("command") {
            if case .list = command.value.content {
                stub.command = diagnostics.texts(command).map { CommandAction(arguments: $0) }
            } else {
                stub.command = diagnostics.text(command).map { CommandAction(shell: $0) }
            }
        }
        if node.entry("follow") != nil { stub.follow = diagnostics.references(node.entry("follow")) }
        stub.answer = diagnostics.text(node.entry("answer"))
        return stub
    }

    /// `fail: 2` fails so many attempts, `fail: always` all; `skip: why` skips.
    private func readEnding(_ node: YAMLNode, _ stub: inout StepStub) {
        if let fail = node.entry("fail") {
            if fail.value.scalarText == "always" {
                stub.ending = .failed
            } else if let count = diagnostics.integer(fail) {
                stub.failures = count
                if count < 0 {
                    diagnostics.reject(fail.value, "fail is \(count)", remedy: "write 1 or more, or always")
                }
            }
        }
        if let skip = node.entry("skip") {
            stub.ending = .skipped
            stub.reason = diagnostics.text(skip)
        }
    }
}
