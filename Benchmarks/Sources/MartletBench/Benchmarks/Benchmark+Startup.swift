import Foundation

extension Benchmark {
    /// Commands that people type and wait for.
    static func startup(_ subject: Subject, _ scratch: ScratchFolder) throws -> Benchmark {
        let example = try copyOfExample(scratch)
        let bare = SpawnCommand(IdleCommand.direct.words)
        return Benchmark(
            parts: [
                Part(name: .floor) { try Floor.chain(bare, count: 1) },
                Part(name: .variation("--help")) { try subject.sample(["--help"], in: scratch.path).sample },
                Part(name: .variation("validate")) { try subject.sample(["validate"], in: example).sample },
            ],
            rows: { samples in
                ["--help", "validate"].compactMap { command in
                    Row(
                        "martlet \(command)",
                        .seconds,
                        samples[.variation(command)]?.wall,
                        floor: samples[.floor]?.wall,
                        goals: [.below(0.050)]
                    )
                }
            }
        )
    }

    /// The example's files without anything that runs of it may have left.
    private static func copyOfExample(_ scratch: ScratchFolder) throws -> String {
        let source = "\(Subject.repository)/Examples/flight_delays"
        let copy = scratch.place(of: "flight_delays")
        let files = FileManager.default
        try files.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: source) where !name.hasPrefix(".") {
            try files.copyItem(atPath: "\(source)/\(name)", toPath: "\(copy)/\(name)")
        }
        return copy
    }
}
