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

    /// One step, run once for each of `count` items.
    static func map(_ name: String, count: Int, command: String) -> String {
        let items = (0..<count).map(String.init).joined(separator: ", ")
        return pipeline(name, ["  - id: each\n    command: \(command)\n    map: [\(items)]\n"])
    }

    /// Layers of steps, each step after up to three of the layer before.
    static func layers(_ name: String, _ count: Int, width: Int, command: String, more: String = "") -> String {
        let list = (1...count).flatMap { layer in
            (0..<width).map { place in
                let before = Set([place, (place + 1) % width, (place + 7) % width]).sorted()
                let after = layer == 1 ? nil : before.map { "l\(layer - 1)_\($0)" }.joined(separator: ", ")
                return step("l\(layer)_\(place)", command, after: after)
            }
        }
        return pipeline(name, list, more: more)
    }

    /// One step that a schedule starts.
    static func scheduled(_ name: String, cron: String, command: String) -> String {
        pipeline(name, [step("only", command, after: nil)], more: "schedule: { cron: \"\(cron)\" }\n")
    }

    private static func pipeline(_ name: String, _ steps: [String], more: String = "") -> String {
        "pipeline: \(name)\n\(more)steps:\n\(steps.joined())"
    }

    private static func step(_ id: String, _ command: String, after: String?) -> String {
        let order = after.map { "    after: [\($0)]\n" } ?? ""
        return "  - id: \(id)\n    command: \(command)\n\(order)"
    }
}
