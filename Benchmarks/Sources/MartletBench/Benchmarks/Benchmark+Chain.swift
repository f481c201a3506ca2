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
        func project(_ name: String) throws -> BenchProject {
            let text = PipelineText.chain(name, steps: steps, command: command.yaml)
            return try BenchProject(name, steps: steps, text: text, subject: subject, scratch: scratch)
        }
        let usual = try project(pipeline)
        let new = try project("\(pipeline)_new")
        let bare = SpawnCommand(command.words)
        return Benchmark(
            parts: [
                Part(name: .floor) { try Floor.chain(bare, count: steps) },
                Part(name: .subject) { try usual.run() },
                Part(name: .variation("first run")) { try new.firstRun() },
            ],
            rows: { samples in
                let floor = samples[.floor]?.wall
                return [
                    Row(
                        name,
                        .seconds,
                        samples[.subject]?.wall,
                        floor: floor,
                        goals: [.timesFloor(3, plus: 0.050), .below(0.3)]
                    ),
                    Row("\(name), first run of a project", .seconds, samples[.variation("first run")]?.wall, floor: floor),
                    Row("\(name), peak memory", .bytes, samples[.subject]?.peakMemory, goals: [.peakMemory]),
                ].compactMap(\.self)
            }
        )
    }
}
