/// Pipelines to measure, as YAML.
enum PipelineText {
    /// Steps that follow one another, each doing `command`.
    static func chain(_ name: String, steps: Int, command: String) -> String {
        let list = (1...steps).map { number in
            step("s\(number)", command, after: number == 1 ? nil : "s\(number - 1)")
        }
        return pipeline(name, list)
    }

    /// One step, then `width` steps in any order, then one step.
    static func fan(_ name: String, width: Int, slots: Int, command: String) -> String {
        let middle = (1...width).map { "m\($0)" }
        let list =
            [step("first", command, after: nil)] + middle.map { step($0, command, after: "first") }
            + [step("last", command, after: middle.joined(separator: ", "))]
        return pipeline(name, list, more: "max_parallel_steps: \(slots)\n")
    }

    private static func pipeline(_ name: String, _ steps: [String], more: String = "") -> String {
        "pipeline: \(name)\n\(more)steps:\n\(steps.joined())"
    }

    private static func step(_ id: String, _ command: String, after: String?) -> String {
        let order = after.map { "    after: [\($0)]\n" } ?? ""
        return "  - id: \(id)\n    command: \(command)\n\(order)"
    }
}
