import MartletCore
import Testing

@testable import Martlet

@Suite struct GraphTests {
    private static let pipelines = [Fixture.pipeline.manifest, Nightly.pipeline.manifest]

    @Test(arguments: pipelines) func textShowsTheLayers(manifest: PipelineManifest) throws {
        try Golden.expect(TextGraph.draw(manifest), equals: "\(manifest.pipeline).graph.txt")
    }

    @Test(arguments: pipelines) func dotIsForGraphviz(manifest: PipelineManifest) throws {
        try Golden.expect(DOTGraph.draw(manifest), equals: "\(manifest.pipeline).graph.dot")
    }

    @Test(arguments: pipelines) func mermaidIsForReadmes(manifest: PipelineManifest) throws {
        try Golden.expect(MermaidGraph.draw(manifest), equals: "\(manifest.pipeline).graph.mmd")
    }

    @Test func everyStepStandsBelowThoseItWaitsFor() {
        let drawing = GraphLayers(Fixture.pipeline.manifest)
        var layer: [Int: Int] = [:]
        for (index, steps) in drawing.layers.enumerated() { for step in steps { layer[step] = index } }
        #expect(layer.count == drawing.graph.steps.count)
        for (step, sources) in drawing.graph.upstream.enumerated() {
            for source in sources { #expect(layer[source, default: 0] < layer[step, default: 0]) }
        }
    }
}
