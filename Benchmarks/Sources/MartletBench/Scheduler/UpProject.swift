import Foundation

/// A project made for measuring whose runs `martlet up` executes.
final class UpProject {
    let subject: Subject
    let path: String
    private let scratch: ScratchFolder
    private var stampFiles = 0

    /// Writes a project with pipelines, text by name.
    init(_ name: String, pipelines: [String: String], subject: Subject, scratch: ScratchFolder) throws {
        self.subject = subject
        self.scratch = scratch
        path = scratch.place(of: name)
        try FileManager.default.createDirectory(atPath: "\(path)/pipelines", withIntermediateDirectories: true)
        try "project: benchmark\n".write(toFile: "\(path)/martlet.yaml", atomically: false, encoding: .utf8)
        for (name, text) in pipelines {
            try text.write(toFile: "\(path)/pipelines/\(name).yaml", atomically: false, encoding: .utf8)
        }
    }

    /// The command of a step whose body tells its times.
    ///
    /// The file is the same for all runs: it is emptied before each.
    static func stamping(into file: String) -> String { "[\"\(Stamps.program)\", \"\(file)\"]" }

    /// A file for the stamps of `name`, away from what Martlet writes.
    static func stampFile(_ name: String, _ scratch: ScratchFolder) -> String { "\(scratch.path)/\(name).stamps" }

    /// Asks for `count` runs of a pipeline.
    func trigger(_ pipeline: String, count: Int = 1) throws {
        for _ in 0..<count { _ = try subject.sample(["trigger", pipeline], in: path) }
    }

    /// Samples `count` runs of a pipeline that wait when the scheduler is started: start-up is part of it.
    func sample(_ pipeline: String, runs count: Int, steps: Int, stamps: String) throws -> Sample {
        try? FileManager.default.removeItem(atPath: stamps)
        try trigger(pipeline, count: count)
        let up = try UpProcess(self)
        defer { up.stop() }
        try up.waitForEnds(count)
        let times = try Stamps(readFrom: stamps, count: count * steps)
        let cpu = up.reading.ownCPU
        return Sample(
            wall: up.age,
            ownCPU: cpu,
            peakMemory: up.reading.memory.peak,
            figures: [.span: times.span, .cpuPerStep: cpu.seconds / Double(count * steps)]
        )
    }

    /// Samples one run of a chain by a scheduler that is running.
    func sampleChain(_ pipeline: String, steps: Int, stamps: String, _ up: UpProcess) throws -> Sample {
        try? FileManager.default.removeItem(atPath: stamps)
        let clock = ContinuousClock()
        let (began, cpu) = (clock.now, up.reading.ownCPU)
        try trigger(pipeline)
        try up.waitForEnds(1)
        let times = try Stamps(readFrom: stamps, count: steps)
        let used = up.reading.ownCPU - cpu
        return Sample(
            wall: began.duration(to: clock.now),
            ownCPU: used,
            peakMemory: up.reading.memory.peak,
            figures: [
                .gapMedian: times.gaps.percentile(0.5), .gapMost: times.gaps.percentile(0.99),
                .cpuPerStep: used.seconds / Double(steps),
            ]
        )
    }
}
