import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct PlannerWeightTests {
    /// a -> b, c; b, c -> d; d -> e.
    static let diamond = PipelineGraph(
        PipelineManifest(
            pipeline: PipelineID(trusted: "p"),
            steps: [
                step("a"), step("b", after: ["a"]), step("c", after: ["a"]), step("d", after: ["b", "c"]),
                step("e", after: ["d"]),
            ]
        )
    )

    @Test(arguments: [
        (WeightRule.absolute, [1, 10, 100, 1_000, 10_000]),
        (.downstream, [11_111, 11_010, 11_100, 11_000, 10_000]),
        (.upstream, [1, 11, 101, 1_111, 11_111]),
    ])
    func rules(_ rule: WeightRule, _ expected: [Int]) {
        let own = [1, 10, 100, 1_000, 10_000]
        #expect(PriorityWeights.effective(Self.diamond, own: own, rule: rule) == expected)
    }

    @Test func everyStepHasARuleOfItsOwn() {
        let rules: [WeightRule] = [.downstream, .upstream, .absolute, .downstream, .upstream]
        #expect(PriorityWeights.effective(Self.diamond, own: [1, 1, 1, 1, 1], rules: rules) == [5, 2, 1, 2, 5])
    }

    @Test func weightsBeyond32BitsCountAsTheGreatest() {
        let most = Int(Int32.max)
        let own = [.max, .max, 1, .min, 0]
        #expect(
            PriorityWeights.effective(Self.diamond, own: own)
                == [2 * most + 1 + Int(Int32.min), most + Int(Int32.min), 1 + Int(Int32.min), Int(Int32.min), 0]
        )
    }

    @Test func agreesWithSetsOnRandomGraphs() {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            let count = Int(random.next() % 1_200) + 1
            let steps = (0..<count).map { index in
                let after =
                    index == 0 ? [] : (0..<Int(random.next() % 3)).map { _ in "s\(random.next() % UInt64(index))" }
                return step("s\(index)", after: after)
            }
            let graph = PipelineGraph(PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: steps))
            let own = (0..<count).map { _ in Int(random.next() % 100) - 20 }
            let down = PriorityWeights.effective(graph, own: own)
            let up = PriorityWeights.effective(graph, own: own, rule: .upstream)
            for index in stride(from: 0, to: count, by: 7) {
                #expect(down[index] == own[index] + graph.descendants(of: index).map { own[$0] }.reduce(0, +))
                #expect(up[index] == own[index] + graph.ancestors(of: index).map { own[$0] }.reduce(0, +))
            }
        }
    }

    @Test func takesTheLargestPipelines() {
        // 100 layers of 100 steps, each waiting for three of the layer before: the way from first to last is long.
        let steps = (0..<Limits.stepsPerPipeline).map { index in
            let above = (index / 100 - 1) * 100
            return step("s\(index)", after: above < 0 ? [] : [0, 1, 50].map { "s\(above + (index + $0) % 100)" })
        }
        let graph = PipelineGraph(PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: steps))
        let weights = PriorityWeights.effective(graph, own: Array(repeating: 1, count: steps.count))
        #expect(weights[0] == 1 + graph.descendants(of: 0).count)
        #expect(weights[9_999] == 1)
    }
}
