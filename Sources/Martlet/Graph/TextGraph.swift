/// Draws a pipeline as a table of its layers, for terminals.
enum TextGraph {
    /// A line for each step: its layer, id and kind, what it waits for and what it writes.
    static func draw(_ manifest: PipelineManifest) -> String {
        let drawing = GraphLayers(manifest)
        var rows: [[String]] = []
        for (layer, steps) in drawing.layers.enumerated() {
            for (position, step) in steps.enumerated() {
                let spec = manifest.steps[step]
                rows.append([
                    position == 0 ? String(layer + 1) : "",
                    spec.id.rawValue,
                    spec.drawnKind,
                    list("after", drawing.graph.upstream[step].map { drawing.graph.steps[$0].rawValue }),
                    list("in", spec.group.map { [$0.rawValue] } ?? []),
                    list("writes", spec.outputs.map(\.dataset.rawValue)),
                ])
            }
        }
        let (steps, layers) = (manifest.steps.count, drawing.layers.count)
        let title = "\(manifest.pipeline): \(counted(steps, "step")) in \(counted(layers, "layer"))"
        return ([title, ""] + aligned(rows)).joined(separator: "\n") + "\n"
    }

    private static func list(_ verb: String, _ names: [String]) -> String {
        names.isEmpty ? "" : "\(verb) \(names.joined(separator: ", "))"
    }

    private static func counted(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// The rows as lines, their columns two spaces apart.
    private static func aligned(_ rows: [[String]]) -> [String] {
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (cell, width) in zip(row, widths) where width > 0 {
                line += "  " + cell + String(repeating: " ", count: width - cell.count)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
