/// Draws a pipeline in the language of Mermaid, which README files can show.
enum MermaidGraph {
    /// A node for each step and an arrow for each wait.
    static func draw(_ manifest: PipelineManifest) -> String {
        let graph = PipelineGraph(manifest)
        var lines = ["flowchart LR"]
        // Nodes are numbered, because words such as `end` are not allowed as ids.
        lines += GroupedSteps(manifest).lines(
            node: { index, step in
                let label = "\"\(step.id)<br/>\(step.drawnKind)\""
                return "s\(index)\(step.action.isDecision ? "{\(label)}" : "(\(label))")"
            },
            open: { index, group in ["subgraph g\(index)[\"\(group.drawnName)\"]"] },
            close: "end"
        )
        for (source, targets) in graph.downstream.enumerated() {
            for target in targets { lines.append("  s\(source) --> s\(target)") }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
