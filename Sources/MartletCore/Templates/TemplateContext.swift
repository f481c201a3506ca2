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
            default: occasion(path[1], context.occasion)
            }
        case ("item", 1...): member(context.map?.item, path[1...])
        case ("map", 2):
            switch path[1] {
            case "index": context.map.map { .integer($0.index) }
            case "count": context.map.map { .integer($0.count) }
            case "label": context.map.map { .string($0.label) }
            default: nil
            }
        case ("steps", 3) where path[2] == "state": context.states[path[1]].map { .string($0.rawValue) }
        case ("steps", 4...) where path[2] == "values": member(context.values[path[1]]?[path[3]], path[4...])
        default: nil
        }
    }

    /// What a run knows of its time; null where it stands for none, so that templates can ask.
    private static func occasion(_ name: String, _ occasion: RunOccasion) -> JSONValue? {
        func text(_ instant: Timestamp?) -> JSONValue { instant.map { .string($0.description) } ?? .null }
        return switch name {
        case "kind": .string(occasion.kind.rawValue)
        case "logical_date": text(occasion.logicalDate)
        case "data_interval_start": text(occasion.intervalStart)
        case "data_interval_end": text(occasion.intervalEnd)
        case "run_after": text(occasion.runAfter)
        case "partition": occasion.partition.map(JSONValue.string) ?? .null
        default: nil
        }
    }

    /// Walks into objects by member and into arrays by position.
    public static func member(_ value: JSONValue?, _ rest: ArraySlice<String>) -> JSONValue? {
        rest.reduce(value) { current, key in
            if case .array(let elements) = current, let index = Int(key), elements.indices.contains(index) {
                return elements[index]
            }
            return current?[key]
        }
    }
}
