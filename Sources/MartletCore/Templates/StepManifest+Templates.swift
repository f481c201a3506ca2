/// A template of a step, and where in the manifest it stands.
public struct StepTemplate: Hashable, Sendable {
    /// The place below the step, as in `["env", "HOME"]`.
    public let path: [PathComponent]
    /// The template's text.
    public let source: String
    /// Whether it decides something before the step has a place to run: then inputs, outputs and attempt are unknown.
    public let isCondition: Bool
    /// First words of names that only this template may use, because they are known where it is worked out.
    public var ownNames: [String] = []
}

extension StepManifest {
    /// Every template in the step.
    public var templates: [StepTemplate] {
        var found: [StepTemplate] = []
        func add(_ path: [PathComponent], _ source: String?, condition: Bool = false) {
            if let source { found.append(StepTemplate(path: path, source: source, isCondition: condition)) }
        }
        add(["when"], when, condition: true)
        if let map { found += map.templates }
        switch action {
        case .command(let action):
            add(["command"], action.shell)
            for (index, argument) in (action.arguments ?? []).enumerated() {
                add(["command", .index(index)], argument)
            }
        case .python(let action):
            for (index, argument) in action.arguments.enumerated() { add(["args", .index(index)], argument) }
        case .sql(let action):
            add(["sql"], action.text)
        case .check(let action):
            for (name, value) in action.parameters.sorted(by: { $0.key < $1.key }) {
                add(["check", "parameters", .key(name)], value.stringValue)
            }
        case .stream(let action):
            add(["stream", "from"], action.from)
            add(["stream", "to"], action.to)
            add(["stream", "broker"], action.broker)
            add(["stream", "trigger", "command"], action.trigger?.command)
        case .spark(let action):
            add(["spark", "sql"], action.text)
            for (index, argument) in action.arguments.enumerated() { add(["spark", "args", .index(index)], argument) }
            add(["spark", "on"], action.place)
            for (key, value) in action.configuration.sorted(by: { $0.key < $1.key }) {
                add(["spark", "conf", .key(key)], value)
            }
        case .swift:
            break
        case .shortCircuit(let action):
            add(["short_circuit"], action.condition, condition: true)
        case .branch(let action):
            for (index, choice) in action.cases.enumerated() {
                add(["branch", .index(index), "when"], choice.when, condition: true)
            }
        case .wait(let action):
            found += action.templates
        case .approve(let action):
            add(["approve", "message"], action.message)
        }
        for (key, value) in env.sorted(by: { $0.key < $1.key }) { add(["env", .key(key)], value) }
        add(["working_directory"], workingDirectory)
        return found
    }

    /// The steps whose values or states the step's templates use; each makes the step wait for it.
    public var templateReferences: [(step: StepID, value: PortName?)] {
        StepTemplate.references(in: templates)
    }
}

extension MapSpec {
    /// Every template in the map; all are decided before an instance has a place to run.
    public var templates: [StepTemplate] {
        var found: [StepTemplate] = []
        for source in sources {
            guard case .expression(let text) = source.list else { continue }
            let place = source.name.map { [PathComponent.key($0.rawValue)] } ?? []
            found.append(StepTemplate(path: ["map", "over"] + place, source: text, isCondition: true))
        }
        if let filter { found.append(StepTemplate(path: ["map", "filter"], source: filter, isCondition: true)) }
        if let label { found.append(StepTemplate(path: ["map", "label"], source: label, isCondition: false)) }
        return found
    }

    /// The steps whose values or states the lists are made of.
    public var references: [StepID] { StepTemplate.references(in: templates).map(\.step) }

    /// The datasets whose files the lists are made of.
    public var datasets: [DatasetID] {
        sources.compactMap { if case .files(let files) = $0.list { files.dataset } else { nil } }
    }
}

extension StepTemplate {
    /// Whether it belongs to a map, and so is worked out before any instance has a place to run.
    var isOfMap: Bool { path.first == "map" }
    /// Whether it makes items, and so cannot use them.
    var makesItems: Bool { isOfMap && path.count > 1 && path[1] == "over" }

    /// The steps whose values or states `templates` use.
    static func references(in templates: [StepTemplate]) -> [(step: StepID, value: PortName?)] {
        templates.flatMap { template -> [(step: StepID, value: PortName?)] in
            guard template.source.contains("{{") else { return [] }
            guard let parsed = try? Template(template.source) else { return [] }
            return parsed.names.compactMap { name in
                guard name.path.count >= 2, name.path[0] == "steps", let step = StepID(rawValue: name.path[1]) else {
                    return nil
                }
                let value = name.path.count >= 4 && name.path[2] == "values" ? PortName(rawValue: name.path[3]) : nil
                return (step, value)
            }
        }
    }
}
