/// The steps of a pipeline in layers: each step one below the lowest of those it waits for.
struct GraphLayers {
    /// Positions of steps, layer by layer, in the order of the manifest within one.
    let layers: [[Int]]
    let graph: PipelineGraph

    init(_ manifest: PipelineManifest) {
        graph = PipelineGraph(manifest)
        var depth = [Int](repeating: 0, count: graph.steps.count)
        // A manifest with a circle is refused before it is drawn; its steps would stand in the first layer.
        for step in graph.order ?? [] {
            depth[step] = (graph.upstream[step].map { depth[$0] + 1 }.max()) ?? 0
        }
        var layers = [[Int]](repeating: [], count: (depth.max() ?? -1) + 1)
        for (step, layer) in depth.enumerated() { layers[layer].append(step) }
        self.layers = layers
    }
}
