extension Benchmark {
    /// One step, 200 that may run eight at a time, one step.
    static func fan(_ name: String, _ subject: Subject, _ scratch: ScratchFolder) throws -> Benchmark {
        let width = 200
        let slots = 8
        let text = PipelineText.fan("fan_200", width: width, slots: slots, command: IdleCommand.direct.yaml)
        let project = try BenchProject("fan_200", steps: width + 2, text: text, subject: subject, scratch: scratch)
        let bare = SpawnCommand(IdleCommand.direct.words)
        return Benchmark(
            parts: [
                Part(name: .floor) { try Floor.fan(bare, width: width, slots: slots) },
                Part(name: .subject) { try project.run() },
            ],
            rows: { samples in
                [
                    Row(name, .seconds, samples[.subject]?.wall, floor: samples[.floor]?.wall, goals: [.atMost(1.5)]),
                    Row("\(name), peak memory", .bytes, samples[.subject]?.peakMemory, goals: [.peakMemory]),
                ].compactMap(\.self)
            }
        )
    }
}
