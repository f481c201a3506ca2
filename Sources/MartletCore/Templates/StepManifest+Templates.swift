/// A template of a step, and where in the manifest it stands.
public struct StepTemplate: Hashable, Sendable {
    /// The place below the step, as in `["env", "HOME"]`.
    public let path: [PathComponent]
    /// The template's text.
    public let source: String
    /// Whether it decides something before the step has a place to run: then inputs, outputs and attempt are unknown.
    public let isCondition: Bool
}

extension StepManifest {
    /// Every template in the step.
    public var templates: [StepTemplate] {
        var found: [StepTemplate] = []
        func add(_ path: [PathComponent], _ source: String?, condition: Bool = false) {
            if let source { found.append(StepTemplate(path: path, source: source, isCondition: condition)) }
        }
        add(["when"], when, condition: true)
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
        case .swift:
            break
        case .branch(let action):
            for (index, choice) in action.cases.enumerated() {
                add(["branch", .index(index), "when"], choice.when, condition: true)
            }
        }
        for (key, value) in env.sorted(by: { $0.key < $1.key }) { add(["env", .key(key)], value) }
        add(["working_directory"], workingDirectory)
        return found
    }

    /// The steps whose values or states the step's templates use; each makes the step wait for it.
    public var templateReferences: [(step: StepID, value: PortName?)] {
        templates.flatMap { template -> [(step: StepID, value: PortName?)] in
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
