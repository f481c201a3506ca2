/// The names that templates may use, and their values; `Docs/templates.md` lists them for users.
public enum TemplateContext {
    /// The value of a name while an attempt is being prepared.
    public static func lookup(_ path: [String], in context: StepContextDocument) -> JSONValue? {
        switch (path.first, path.count) {
        case ("inputs", 2): context.inputs[path[1]].map { .string($0.path) }
        case ("outputs", 2): context.outputs[path[1]].map { .string($0.path) }
        case ("attempt", 2) where path[1] == "number": .integer(context.attempt)
        case ("project", 2) where path[1] == "root": .string(context.project)
        case ("step", 2) where path[1] == "id": .string(context.step.rawValue)
        case ("params", 2...): member(context.params[path[1]], path[2...])
        case ("run", 2):
            switch path[1] {
            case "id": .string(context.runID.rawValue)
            case "pipeline": .string(context.pipeline.rawValue)
            case "started_at": .string(context.startedAt.description)
            default: nil
            }
        case ("steps", 3) where path[2] == "state": context.states[path[1]].map { .string($0.rawValue) }
        case ("steps", 4...) where path[2] == "values": member(context.values[path[1]]?[path[3]], path[4...])
        default: nil
        }
    }

    /// Walks into objects by member and into arrays by position.
    private static func member(_ value: JSONValue?, _ rest: ArraySlice<String>) -> JSONValue? {
        rest.reduce(value) { current, key in
            if case .array(let elements) = current, let index = Int(key), elements.indices.contains(index) {
                return elements[index]
            }
            return current?[key]
        }
    }
}
