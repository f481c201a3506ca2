import ArgumentParser

/// Draws a pipeline.
struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw a pipeline: which step waits for which."
    )

    /// The ways to draw.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, dot, mermaid
    }

    @Argument(help: "The pipeline's name; all pipelines when it is left out.")
    var pipeline: String?

    @Option(help: "How to draw it: text, dot (Graphviz) or mermaid.")
    var format = Format.text

    func run() throws {
        let catalog = AppCommand.catalog
        let pipelines = try pipeline.map { [try catalog.pipeline($0)] } ?? catalog.pipelines
        try AppCommand.requireSound(pipelines.flatMap { $0.problems.map(\.error) })
        let drawings = pipelines.map { pipeline in
            switch format {
            case .text: TextGraph.draw(pipeline.manifest)
            case .dot: DOTGraph.draw(pipeline.manifest)
            case .mermaid: MermaidGraph.draw(pipeline.manifest)
            }
        }
        print(drawings.joined(separator: "\n"), terminator: "")
    }
}
