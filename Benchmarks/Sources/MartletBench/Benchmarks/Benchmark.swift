/// Parts to sample in turns, and what their samples say.
struct Benchmark {
    let parts: [Part]
    let rows: ([PartName: Samples]) -> [Row]
    /// The rounds it is taken in, when it is not for the command line to say.
    var rounds: Rounds?
}

/// The benchmarks, in the order they are taken.
enum BenchmarkName: String, CaseIterable {
    case chain40 = "chain-40"
    case chain40Shell = "chain-40-shell"
    case fan200 = "fan-200"
    case startup
    case print1GB = "print-1gb"
    case cpu
    case disk
    case up
    case history = "up-history"
    case minute = "up-minute"
    case idle = "up-idle"

    /// Writes the projects that the benchmark needs.
    func prepare(subject: Subject, scratch: ScratchFolder) throws -> Benchmark {
        switch self {
        case .chain40: try .chain(rawValue, command: .direct, subject, scratch)
        case .chain40Shell: try .chain(rawValue, command: .shell, subject, scratch)
        case .fan200: try .fan(rawValue, subject, scratch)
        case .startup: try .startup(subject, scratch)
        case .print1GB: try .printing(rawValue, subject, scratch)
        case .cpu: try .cpu(subject, scratch)
        case .disk: try .disk(scratch)
        case .up: try .up(subject, scratch)
        case .history: try .history(subject, scratch)
        case .minute: try .minute(subject, scratch)
        case .idle: try .idle(subject, scratch)
        }
    }
}

/// A step's command that does nothing, in the two ways to write one.
struct IdleCommand {
    /// As it stands in a pipeline.
    let yaml: String
    /// What is started in the end.
    let words: [String]

    static let direct = IdleCommand(yaml: "[/bin/true]", words: ["/bin/true"])
    static let shell = IdleCommand(yaml: "/bin/true", words: ["/bin/sh", "-c", "/bin/true"])
}
