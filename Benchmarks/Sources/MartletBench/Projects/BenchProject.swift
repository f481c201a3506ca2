import Foundation

/// A project made for measuring, and runs of its one pipeline.
struct BenchProject {
    let subject: Subject
    let path: String
    let pipeline: String
    let steps: Int

    /// Writes a project with one pipeline, called `name`, of `steps` steps.
    init(_ name: String, steps: Int, text: String, subject: Subject, scratch: ScratchFolder) throws {
        self.subject = subject
        self.steps = steps
        pipeline = name
        path = "\(scratch.path)/\(name)"
        try FileManager.default.createDirectory(atPath: "\(path)/pipelines", withIntermediateDirectories: true)
        try "project: benchmark\n".write(toFile: "\(path)/martlet.yaml", atomically: false, encoding: .utf8)
        try text.write(toFile: "\(path)/pipelines/\(name).yaml", atomically: false, encoding: .utf8)
    }

    /// Samples a run, with the database that earlier runs left.
    func run() throws -> Sample {
        let (sample, output) = try subject.sample(["run", pipeline, "--json"], in: path)
        try RunProof.check(output, steps: steps)
        return sample
    }

    /// Samples the first run of a project: there is no database yet.
    func firstRun() throws -> Sample {
        let state = "\(path)/.martlet"
        if FileManager.default.fileExists(atPath: state) { try FileManager.default.removeItem(atPath: state) }
        return try run()
    }
}
