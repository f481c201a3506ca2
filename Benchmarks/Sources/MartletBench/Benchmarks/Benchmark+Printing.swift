extension Benchmark {
    /// A step that prints 1 GB: its output must neither pile up in memory nor be held up.
    static func printing(_ name: String, _ subject: Subject, _ scratch: ScratchFolder) throws -> Benchmark {
        let script = "yes 'a line of a log, such as a training loop prints' | head -c 1000000000"
        let text = PipelineText.chain("print_1gb", steps: 1, command: "\"\(script)\"")
        let project = try BenchProject("print_1gb", steps: 1, text: text, subject: subject, scratch: scratch)
        let bare = SpawnCommand(["/bin/sh", "-c", script])
        return Benchmark(
            parts: [
                Part(name: .floor) { try Floor.reading(bare) },
                Part(name: .subject) {
                    // The log of one run at a time is enough on the disk.
                    try project.forgetRuns()
                    return try project.run()
                },
            ],
            rows: { samples in
                [
                    Row(name, .seconds, samples[.subject]?.wall, floor: samples[.floor]?.wall),
                    Row("\(name), peak memory", .bytes, samples[.subject]?.peakMemory, goals: [.peakMemory]),
                ].compactMap(\.self)
            }
        )
    }
}
