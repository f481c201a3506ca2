extension Benchmark {
    /// Time on the processors that Martlet itself needs, children left out: per step, and while it waits.
    static func cpu(_ subject: Subject, _ scratch: ScratchFolder) throws -> Benchmark {
        let steps = 40
        func project(_ name: String, steps: Int, command: String) throws -> BenchProject {
            let text = PipelineText.chain(name, steps: steps, command: command)
            return try BenchProject(name, steps: steps, text: text, subject: subject, scratch: scratch)
        }
        let idle = IdleCommand.direct
        let chain = try project("cpu_40", steps: steps, command: idle.yaml)
        let single = try project("cpu_1", steps: 1, command: idle.yaml)
        let waiting = try project("cpu_wait", steps: 1, command: "[/bin/sleep, \"1\"]")
        let bare = SpawnCommand(idle.words)
        return Benchmark(
            parts: [
                Part(name: .floor) { try Floor.chain(bare, count: steps) },
                Part(name: .subject) { try chain.run() },
                Part(name: .variation("one step")) { try single.run() },
                Part(name: .variation("waiting")) { try waiting.run() },
            ],
            rows: { samples in
                guard let floor = samples[.floor]?.ownCPU, let chain = samples[.subject]?.ownCPU,
                    let single = samples[.variation("one step")]?.ownCPU,
                    let waiting = samples[.variation("waiting")]?.ownCPU
                else { return [] }
                let floorPerStep = floor / Double(steps)
                return [
                    Row("cpu, a run of one step", .seconds, single),
                    Row("cpu per step, start-up included", .seconds, chain / Double(steps), floor: floorPerStep),
                    Row(
                        "cpu per added step",
                        .seconds,
                        (chain - single.median) / Double(steps - 1),
                        floor: floorPerStep
                    ),
                    Row("cpu, a run that waits a second for its step", .seconds, waiting),
                ].compactMap(\.self)
            }
        )
    }
}
