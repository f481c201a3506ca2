import Foundation

extension Benchmark {
    /// A project with a past of 300,000 attempts beside one without: the past should slow nothing down.
    static func history(_ subject: Subject, _ scratch: ScratchFolder) throws -> Benchmark {
        let steps = 200
        let stamps = UpProject.stampFile("history", scratch)
        let command = UpProject.stamping(into: stamps)
        let pipelines = [
            "chain": PipelineText.chain("chain", steps: steps, command: command),
            "ten": TenSteps.text("ten", command: command),
        ]
        func project(_ name: String) throws -> UpProject {
            let project = try UpProject(name, pipelines: pipelines, subject: subject, scratch: scratch)
            _ = try project.sample("ten", runs: 1, steps: TenSteps.count, stamps: stamps)
            return project
        }
        let (young, old) = (try project("young"), try project("old"))
        let attempts = try History(project: old.path).copyRun(30_000)
        func parts(_ age: String, _ project: UpProject) -> [Part] {
            [
                Part(name: .variation("\(age) chain")) {
                    let up = try UpProcess(project)
                    defer { up.stop() }
                    return try project.sampleChain("chain", steps: steps, stamps: stamps, up)
                },
                Part(name: .variation("\(age) ten")) {
                    try project.sample("ten", runs: 50, steps: TenSteps.count, stamps: stamps)
                },
                Part(name: .variation("\(age) list")) {
                    try subject.sample(["runs", "list"], in: project.path).sample
                },
            ]
        }
        return Benchmark(
            parts: parts("young", young) + parts("old", old),
            rows: { samples in
                func row(_ what: String, _ part: String, _ figure: (Samples) -> Spread?, _ goals: [Goal]) -> Row? {
                    let (old, young) = (samples[.variation("old \(part)")], samples[.variation("young \(part)")])
                    let name = "up, \(attempts) attempts before: \(what)"
                    return Row(name, .seconds, old.flatMap(figure), floor: young.flatMap(figure), goals: goals)
                }
                // Here the floor is the same without a past.
                let same = [Goal.timesFloor(1.1, plus: 0)]
                return [
                    row("gap between steps, p50", "chain", { $0.spread(of: .gapMedian) }, same),
                    row("gap between steps, p99", "chain", { $0.spread(of: .gapMost) }, same),
                    row("chain, cpu per step", "chain", { $0.spread(of: .cpuPerStep) }, same),
                    row("50 runs × 10 steps, cpu per step", "ten", { $0.spread(of: .cpuPerStep) }, same),
                    row("50 runs × 10 steps, first start to last end", "ten", { $0.spread(of: .span) }, same),
                    row("martlet runs list", "list", { $0.wall }, [.atMost(0.050)]),
                ].compactMap(\.self)
            }
        )
    }
}
