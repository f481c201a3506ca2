import MartletCore

extension PipelineReader {
    /// The step in `node`, the `number`th of the pipeline.
    mutating func step(_ node: YAMLNode, number: Int) -> StepManifest {
        // Nobody can refer to this id, because it breaks the rules.
        let placeholder = StepID(trusted: "#\(number)")
        guard let entries = node.entries else {
            diagnostics.reject(
                node,
                "a step is a mapping; this is \(node.kindName)",
                remedy: "write - id: NAME and below it what the step does"
            )
            diagnostics.incomplete.formUnion([.steps, .datasets])
            return StepManifest(id: placeholder, action: .command(CommandAction(shell: "true")))
        }
        KnownKeys.step.check(entries, diagnostics)
        let id = diagnostics.name(node.entry("id"), as: StepID.self)
        if node.entry("id") == nil {
            diagnostics.report(.keyMissing, "step \(number) has no id", remedy: "add id: NAME", at: node.position)
        }
        if id == nil { diagnostics.incomplete.insert(.steps) }
        let name = id.map { "step \($0)" } ?? "step \(number)"
        let action = action(node, entries, name)
        let policy = StepPolicy(diagnostics, node)
        let place = StepPlace(diagnostics, node).over(defaults.place)
        let role = role(node, name)
        let plain = StepManifest(id: placeholder, action: action)
        if node.entry("values") != nil, diagnostics.isList(node.child("values")) == false {
            diagnostics.incomplete.insert(.values)
        }
        return StepManifest(
            id: id ?? placeholder,
            description: diagnostics.text(node.entry("description")),
            owner: diagnostics.text(node.entry("owner")),
            tags: diagnostics.texts(node.entry("tags")) ?? [],
            action: action,
            inputs: inputs(node.entry("inputs")),
            outputs: outputs(node.entry("outputs"), action),
            values: diagnostics.names(node.entry("values"), as: PortName.self),
            after: diagnostics.references(node.entry("after")),
            triggerRule: triggerRule(policy, role),
            when: diagnostics.text(node.entry("when")),
            retry: policy.retry(defaults.policy),
            // A wait has its own; the defaults are meant for processes.
            timeoutSeconds: action.isWaiting ? nil : policy.timeoutSeconds ?? defaults.policy.timeoutSeconds,
            env: defaults.env.merging(diagnostics.environment(node.entry("env"))) { _, own in own },
            workingDirectory: policy.workingDirectory ?? defaults.policy.workingDirectory,
            skipExitCodes: policy.skipExitCodes ?? defaults.policy.skipExitCodes ?? plain.skipExitCodes,
            role: role,
            group: diagnostics.name(node.entry("group"), as: GroupID.self),
            map: map(node.entry("map")),
            limits: place.limits(diagnostics, node),
            past: place.past,
            heartbeatSeconds: place.heartbeatSeconds,
            variables: place.variables,
            connections: place.connections,
            cache: place.cache
        )
    }

    private func triggerRule(_ policy: StepPolicy, _ role: StepRole) -> TriggerRule {
        if let rule = policy.triggerRule { return rule }
        // The defaults are meant for work; tidying up has a rule of its own.
        if role.teardown != nil { return .allDoneSetupSuccess }
        return defaults.policy.triggerRule ?? .allSuccess
    }

    private func inputs(_ entry: YAMLEntry?) -> [InputSpec] {
        guard let entries = diagnostics.mapping(entry, form: "name: some/dataset") else {
            if entry != nil { diagnostics.incomplete.insert(.inputs) }
            return []
        }
        return entries.map { entry in
            InputSpec(
                name: diagnostics.name(entry.key, as: PortName.self, at: entry.keyPosition),
                dataset: diagnostics.name(entry, as: DatasetID.self) ?? DatasetID(trusted: "")
            )
        }
    }

    private func outputs(_ entry: YAMLEntry?, _ action: StepAction) -> [OutputSpec] {
        guard let entries = diagnostics.mapping(entry, form: "name: some/dataset") else {
            if entry != nil { diagnostics.incomplete.formUnion([.outputs, .datasets]) }
            return []
        }
        return entries.compactMap { entry in
            let name = diagnostics.name(entry.key, as: PortName.self, at: entry.keyPosition)
            var dataset: DatasetID?
            var format: DatasetFormat?
            if let parts = entry.value.entries, !entry.value.startsWithBraces(in: diagnostics.source) {
                KnownKeys.output.check(parts, diagnostics)
                format = diagnostics.choice(entry.value.entry("format"), "format")
                dataset = diagnostics.name(entry.value.entry("dataset"), as: DatasetID.self)
                if entry.value.entry("dataset") == nil {
                    diagnostics.report(
                        .keyMissing,
                        "output \(name) has no dataset",
                        remedy: "add dataset: some/dataset",
                        at: entry.value.position
                    )
                }
            } else {
                dataset = diagnostics.name(entry, as: DatasetID.self)
            }
            guard let dataset else {
                diagnostics.incomplete.formUnion([.datasets, .outputs])
                return nil
            }
            if format == nil { format = DatasetFormat(fileName: dataset.rawValue) }
            if format == nil, action.isSQL { format = .parquet }
            return OutputSpec(name: name, dataset: dataset, format: format)
        }
    }
}

extension Diagnostics {
    /// Whether `node` is a list; nil when there is none.
    func isList(_ node: YAMLNode?) -> Bool? {
        guard let node else { return nil }
        if case .list = node.content { return true }
        return false
    }
}
