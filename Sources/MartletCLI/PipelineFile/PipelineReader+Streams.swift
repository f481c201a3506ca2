import MartletCore

extension PipelineReader {
    /// A stream: its definition or its trigger, and where from and where to.
    mutating func stream(_ entry: YAMLEntry) -> StepAction? {
        guard let entries = diagnostics.mapping(entry, form: "definition: streams/delays.yaml, from: topic:flights")
        else { return nil }
        KnownKeys.streamStep.check(entries, diagnostics)
        let node = entry.value
        guard let from = needed("from", "topic:flights", in: node),
            let to = needed("to", "sqlite:features.db", in: node)
        else { return nil }
        var action = StreamAction(from: from, to: to)
        if let broker = node.entry("broker") { action.broker = diagnostics.text(broker) }
        if let start: StreamAction.Start = diagnostics.choice(node.entry("start"), "place to start") {
            action.start = start
        }
        if let until: StreamAction.Until = diagnostics.choice(node.entry("until"), "time to end") {
            action.until = until
        }
        action.closesWindows = diagnostics.bool(node.entry("close_windows"))
        action.commitInterval = StreamDefinitionReader(diagnostics).span(node.entry("commit_every"))
        if let given = node.entry("definition"), !define(&action, given) { return nil }
        if let given = node.entry("trigger") {
            guard let trigger = trigger(given) else { return nil }
            action.trigger = trigger
        }
        return .stream(action)
    }

    private func needed(_ key: String, _ example: String, in node: YAMLNode) -> String? {
        if let entry = node.entry(key) { return diagnostics.text(entry) }
        diagnostics.report(
            .keyMissing,
            "the stream has no \(key)",
            remedy: "add \(key): \(example)",
            at: node.position
        )
        return nil
    }

    /// Reads a definition that stands here, or in a file; false when it could not be read.
    private mutating func define(_ action: inout StreamAction, _ entry: YAMLEntry) -> Bool {
        if entry.value.entries != nil {
            action.definition = StreamDefinitionReader(diagnostics).definition(entry.value, name: "stream")
            return action.definition != nil
        }
        guard let path = diagnostics.text(entry) else { return false }
        if let error = files.missing(path, noun: "definition") {
            diagnostics.reject(entry.value, error)
            return false
        }
        do throws(MartletError) {
            let inner = Diagnostics(try files.read(path))
            action.definition = StreamFile.definition(inner, name: StreamFile.name(of: path))
            for error in inner.errors { diagnostics.add(error) }
            if !inner.errors.isEmpty { diagnostics.unreadable.insert(entry.value.position) }
        } catch {
            diagnostics.reject(entry.value, error)
            return false
        }
        action.file = path
        return action.definition != nil
    }

    /// A trigger: a line for the shell, or a mapping.
    private func trigger(_ entry: YAMLEntry) -> StreamTrigger? {
        guard let entries = entry.value.entries else {
            return diagnostics.text(entry).map { StreamTrigger(command: $0) }
        }
        KnownKeys.streamTrigger.check(entries, diagnostics)
        let node = entry.value
        guard let command = needed("command", "python3 score.py", in: node) else { return nil }
        var trigger = StreamTrigger(command: command)
        if let model = node.entry("model") { trigger.model = diagnostics.text(model) ?? trigger.model }
        if let batch = diagnostics.integer(node.entry("batch")) { trigger.batch = batch }
        let reader = StreamDefinitionReader(diagnostics)
        if let wait = reader.span(node.entry("wait")) { trigger.wait = wait }
        if let timeout = reader.span(node.entry("timeout")) { trigger.timeout = timeout }
        return trigger
    }
}
