import Testing

@testable import Martlet

@Suite struct GraphTests {
    @Test func textShowsTheLayers() throws {
        try Golden.expect(TextGraph.draw(Fixture.pipeline.manifest), equals: "churn.graph.txt")
    }

    @Test func dotIsForGraphviz() throws {
        try Golden.expect(DOTGraph.draw(Fixture.pipeline.manifest), equals: "churn.graph.dot")
    }

    @Test func mermaidIsForReadmes() throws {
        try Golden.expect(MermaidGraph.draw(Fixture.pipeline.manifest), equals: "churn.graph.mmd")
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
