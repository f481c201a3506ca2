import Glibc

extension Benchmark {
    /// A chain, many runs at once, a wide map and a large graph, executed by `martlet up`.
    static func up(_ subject: Subject, _ scratch: ScratchFolder) throws -> Benchmark {
        let steps = 200
        let stamps = UpProject.stampFile("up", scratch)
        let command = UpProject.stamping(into: stamps)
        let bare = SpawnCommand([Stamps.program, stamps])
        func project(_ name: String, _ text: String) throws -> UpProject {
            try UpProject(name, pipelines: [name: text], subject: subject, scratch: scratch)
        }
        let chain = try project("up_chain", PipelineText.chain("up_chain", steps: steps, command: command))
        let ten = try project("up_ten", TenSteps.text("up_ten", command: command))
        let map = try project("up_map", PipelineText.map("up_map", count: 1_000, command: command))
        let layers = try project("up_layers", PipelineText.layers("up_layers", 30, width: 100, command: command))
        return Benchmark(
            parts: [
                Part(name: .floor) { try Floor.stampedChain(bare, count: steps, stamps: stamps) },
                Part(name: .subject) {
                    let up = try UpProcess(chain)
                    defer { up.stop() }
                    return try chain.sampleChain("up_chain", steps: steps, stamps: stamps, up)
                },
                Part(name: .variation("50 runs × 10 steps")) {
                    try ten.sample("up_ten", runs: 50, steps: TenSteps.count, stamps: stamps)
                },
                Part(name: .variation("map of 1000")) {
                    try map.sample("up_map", runs: 1, steps: 1_000, stamps: stamps)
                },
                Part(name: .variation("3000 steps in 30 layers")) {
                    try layers.sample("up_layers", runs: 1, steps: 3_000, stamps: stamps)
                },
            ],
            rows: { samples in
                chainRows("up, chain of \(steps)", samples[.subject], floor: samples[.floor])
                    + ["50 runs × 10 steps", "map of 1000", "3000 steps in 30 layers"].flatMap { name in
                        loadRows("up, \(name)", samples[.variation(name)])
                    }
            }
        )
    }

    /// What a chain under `martlet up` took.
    static func chainRows(_ name: String, _ samples: Samples?, floor: Samples?) -> [Row] {
        func row(_ what: String, _ figure: Figure, _ goals: [Goal]) -> Row? {
            Row(
                "\(name): \(what)",
                .seconds,
                samples?.spread(of: figure),
                floor: floor?.spread(of: figure),
                goals: goals
            )
        }
        return [
            row("gap between steps, p50", .gapMedian, [.atMost(0.005)]),
            row("gap between steps, p99", .gapMost, [.atMost(0.020)]),
            row("cpu per step", .cpuPerStep, [.below(0.001)]),
        ].compactMap(\.self)
    }

    /// What runs that waited for `martlet up` took.
    static func loadRows(_ name: String, _ samples: Samples?) -> [Row] {
        [
            Row("\(name): first start to last end", .seconds, samples?.spread(of: .span)),
            Row("\(name): cpu per step", .seconds, samples?.spread(of: .cpuPerStep), goals: [.below(0.001)]),
            Row("\(name): peak memory", .bytes, samples?.peakMemory),
        ].compactMap(\.self)
    }
}

/// A graph of ten steps: three layers of three, then one step after all of the last layer.
enum TenSteps {
    static let count = 10

    static func text(_ name: String, command: String) -> String {
        PipelineText.layers(name, 3, width: 3, command: command, more: "max_active_runs: 50\n")
            + "  - id: last\n    command: \(command)\n    after: [l3_0, l3_1, l3_2]\n"
    }
}

extension Floor {
    /// Runs a stamping `command` `count` times, one after the other.
    static func stampedChain(_ command: SpawnCommand, count: Int, stamps: String) throws -> Sample {
        _ = stamps.withCString { unlink($0) }
        var sample = try chain(command, count: count)
        let times = try Stamps(readFrom: stamps, count: count)
        sample.figures = [
            .gapMedian: times.gaps.percentile(0.5), .gapMost: times.gaps.percentile(0.99),
            .cpuPerStep: sample.ownCPU.seconds / Double(count),
        ]
        return sample
    }
}
