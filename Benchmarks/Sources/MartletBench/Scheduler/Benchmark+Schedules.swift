import Foundation
import Glibc

extension Benchmark {
    private static let pipelines = 200

    /// 200 pipelines that are due every minute, all at the same instant.
    static func minute(_ subject: Subject, _ scratch: ScratchFolder) throws -> Benchmark {
        let minutes = 2
        let stamps = UpProject.stampFile("minute", scratch)
        let project = try project("minute", cron: "* * * * *", UpProject.stamping(into: stamps), subject, scratch)
        let bare = SpawnCommand([Stamps.program, stamps])
        return Benchmark(
            parts: [
                Part(name: .floor) {
                    // As many bare processes, 32 at a time as `martlet up` has slots.
                    try? FileManager.default.removeItem(atPath: stamps)
                    let began = MeasuredProcess.read(CLOCK_REALTIME).seconds
                    var sample = try Floor.fan(bare, width: pipelines - 2, slots: 32)
                    let lags = try Stamps(readFrom: stamps, count: pipelines).all.map { $0.start - began }
                    sample.figures = [.lagMedian: lags.percentile(0.5), .lagMost: lags.percentile(0.99)]
                    return sample
                },
                Part(name: .subject) {
                    let up = try UpProcess(project)
                    defer { up.stop() }
                    // The first minute warms up; it may also hold runs that were due before the start.
                    try up.wait(
                        60 - MeasuredProcess.read(CLOCK_REALTIME).seconds.truncatingRemainder(dividingBy: 60) + 50
                    )
                    try? FileManager.default.removeItem(atPath: stamps)
                    let cpu = up.reading.ownCPU
                    try up.wait(60 * Double(minutes))
                    let lags = try Stamps(readFrom: stamps, count: pipelines * minutes).lags
                    return Sample(
                        wall: .seconds(60 * minutes),
                        ownCPU: up.reading.ownCPU - cpu,
                        peakMemory: up.reading.memory.peak,
                        figures: [
                            .lagMedian: lags.percentile(0.5), .lagMost: lags.percentile(0.99),
                            .cpuPerStep: (up.reading.ownCPU - cpu).seconds / Double(pipelines * minutes),
                        ]
                    )
                },
            ],
            rows: { samples in
                let (up, floor) = (samples[.subject], samples[.floor])
                func row(_ what: String, _ figure: Figure, _ goals: [Goal] = []) -> Row? {
                    let (taken, least) = (up?.spread(of: figure), floor?.spread(of: figure))
                    return Row("up, 200 pipelines a minute: \(what)", .seconds, taken, floor: least, goals: goals)
                }
                return [
                    row("start lag, p50", .lagMedian), row("start lag, p99", .lagMost, [.atMost(0.100)]),
                    row("cpu per run of one step", .cpuPerStep),
                ].compactMap(\.self)
            },
            rounds: Rounds(count: 1, warmsUp: false)
        )
    }

    /// 200 pipelines with nothing to do.
    static func idle(_ subject: Subject, _ scratch: ScratchFolder) throws -> Benchmark {
        let seconds = 60.0
        let project = try project("idle", cron: "0 0 1 1 *", "[/bin/true]", subject, scratch)
        return Benchmark(
            parts: [
                Part(name: .subject) {
                    let up = try UpProcess(project)
                    defer { up.stop() }
                    try up.wait(5)
                    let cpu = up.reading.ownCPU
                    try up.wait(seconds)
                    let used = up.reading.ownCPU - cpu
                    let memory = up.reading.memory
                    return Sample(
                        wall: .seconds(seconds),
                        ownCPU: used,
                        peakMemory: memory.peak,
                        figures: [
                            .load: used.seconds / seconds, .resident: Double(memory.resident),
                            .residentOwn: Double(memory.own), .residentFiles: Double(memory.files),
                        ]
                    )
                }
            ],
            rows: { samples in
                let up = samples[.subject]
                let name = "up, 200 idle pipelines for a minute"
                return [
                    Row("\(name): of a processor", .share, up?.spread(of: .load), goals: [.below(0.01)]),
                    Row("\(name): resident", .bytes, up?.spread(of: .resident), goals: [.below(60e6)]),
                    Row("\(name): resident, its own", .bytes, up?.spread(of: .residentOwn)),
                    Row("\(name): resident, of files", .bytes, up?.spread(of: .residentFiles)),
                ].compactMap(\.self)
            },
            rounds: Rounds(count: 1, warmsUp: false)
        )
    }

    private static func project(
        _ name: String,
        cron: String,
        _ command: String,
        _ subject: Subject,
        _ scratch: ScratchFolder
    ) throws -> UpProject {
        let names = (1...pipelines).map { "p\($0)" }
        let texts = names.map { PipelineText.scheduled($0, cron: cron, command: command) }
        let pipelines = Dictionary(uniqueKeysWithValues: zip(names, texts))
        return try UpProject(name, pipelines: pipelines, subject: subject, scratch: scratch)
    }
}
