/// Draws a pipeline in the language of Graphviz.
enum DOTGraph {
    /// A node for each step and an arrow for each wait.
    static func draw(_ manifest: PipelineManifest) -> String {
        let graph = PipelineGraph(manifest)
        var lines = ["digraph \"\(manifest.pipeline)\" {", "  rankdir=LR;", "  node [shape=box, style=rounded];"]
        // Names hold only letters, digits, - and _, so nothing has to be escaped between the quotes.
        lines += GroupedSteps(manifest).lines(
            node: { _, step in
                let shape = step.action.isDecision ? ", shape=diamond, style=solid" : ""
                return "\"\(step.id)\" [label=\"\(step.id)\\n\(step.drawnKind)\"\(shape)];"
            },
            open: { index, group in ["subgraph cluster_\(index) {", "  label=\"\(group.drawnName)\";"] },
            close: "}"
        )
        for (source, targets) in graph.downstream.enumerated() {
            for target in targets { lines.append("  \"\(graph.steps[source])\" -> \"\(graph.steps[target])\";") }
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }
}
