import MartletCore
import MartletTestKit
import Testing

@Suite struct PipelineGraphTests {
    private func graph(_ edges: [(Int, Int)], count: Int) -> PipelineGraph {
        let steps = (0..<count).map { index in
            StepManifest(
                id: StepID(trusted: "s\(index)"),
                action: .command(CommandAction(shell: "true")),
                after: edges.filter { $0.1 == index }.map { StepID(trusted: "s\($0.0)") }
            )
        }
        return PipelineGraph(PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: steps))
    }

    @Test func edgesComeFromEverything() {
        func id(_ raw: String) -> StepID { StepID(trusted: raw) }
        let data = DatasetID(trusted: "d")
        let steps = [
            StepManifest(
                id: id("writer"),
                action: .command(CommandAction(shell: "true")),
                outputs: [OutputSpec(name: PortName(trusted: "o"), dataset: data)]
            ),
            StepManifest(
                id: id("reader"),
                action: .command(CommandAction(shell: "true")),
                inputs: [InputSpec(name: PortName(trusted: "i"), dataset: data)]
            ),
            StepManifest(id: id("user"), action: .command(CommandAction(shell: "{{ steps.reader.values.x }}"))),
            StepManifest(id: id("route"), action: .branch(BranchAction(cases: [BranchCase(follow: [id("target")])]))),
            StepManifest(
                id: id("target"),
                action: .command(CommandAction(shell: "true")),
                when: "{{ steps.user.state == 'x' }}"
            ),
            StepManifest(
                id: id("wired"),
                action: .swift(
                    SwiftAction(valueInputs: [ValueReference(step: id("target"), name: PortName(trusted: "v"))])
                )
            ),
        ]
        let graph = PipelineGraph(PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: steps))
        #expect(graph.upstream == [[], [0], [1], [], [2, 3], [4]])
        #expect(graph.downstream == [[1], [2], [4], [4], [5], []])
        #expect(graph.ancestors(of: 5) == [0, 1, 2, 3, 4])
        #expect(graph.descendants(of: 0) == [1, 2, 4, 5])
    }

    @Test func cyclesAreFoundAndOrdersRespectEdges() throws {
        let seed: UInt64 = 20_260_108
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let count = Int.random(in: 1...8, using: &random)
            let edges = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                (Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random))
            }
            let graph = graph(edges, count: count)
            if let order = graph.order {
                #expect(graph.cycle == nil, "seed \(seed)")
                for (from, to) in edges {
                    let (first, second) = (order.firstIndex(of: from), order.firstIndex(of: to))
                    #expect(try #require(first) < #require(second), "seed \(seed)")
                }
            } else {
                let cycle = try #require(graph.cycle, "seed \(seed)")
                let positions = try cycle.map { try #require(graph.steps.firstIndex(of: $0)) }
                for (from, to) in zip(positions, positions.dropFirst() + positions.prefix(1)) {
                    #expect(graph.downstream[from].contains(to), "seed \(seed)")
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(30))) func longChainsNeedNoStack() {
        let chain = (1..<10_000).map { ($0 - 1, $0) }
        let steps = (0..<10_000).map { index in
            StepManifest(
                id: StepID(trusted: "s\(index)"),
                action: .command(CommandAction(shell: "true")),
                after: index == 0 ? [] : [StepID(trusted: "s\(chain[index - 1].0)")]
            )
        }
        let graph = PipelineGraph(PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: steps))
        #expect(graph.cycle == nil && graph.order?.count == 10_000)
    }
}
