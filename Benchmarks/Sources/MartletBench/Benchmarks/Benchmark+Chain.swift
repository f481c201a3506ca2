extension Benchmark {
    /// Steps that follow one another and do nothing: what Martlet adds to each.
    static func chain(
        _ name: String,
        command: IdleCommand,
        _ subject: Subject,
        _ scratch: ScratchFolder
    ) throws -> Benchmark {
        let steps = 40
        let pipeline = name.replacing("-", with: "_")
        let text = PipelineText.chain(pipeline, steps: steps, command: command.yaml)
        let project = try BenchProject(pipeline, steps: steps, text: text, subject: subject, scratch: scratch)
        let bare = SpawnCommand(command.words)
        return Benchmark(
            parts: [
                Part(name: .floor) { try Floor.chain(bare, count: steps) },
                Part(name: .subject) { try project.run() },
                Part(name: .variation("first run")) { try project.runInNewProject() },
            ],
            rows: { samples in
                let floor = samples[.floor]?.wall
                let first = samples[.variation("first run")]?.wall
                return [
                    Row(
                        name,
                        .seconds,
                        samples[.subject]?.wall,
                        floor: floor,
                        goals: [.timesFloor(3, plus: 0.050), .below(0.3)]
                    ),
                    Row("\(name), first run of a project", .seconds, first, floor: floor),
                    Row("\(name), peak memory", .bytes, samples[.subject]?.peakMemory, goals: [.peakMemory]),
                ].compactMap(\.self)
            }
        )
    }
}
