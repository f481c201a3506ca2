import Foundation

/// A project made for measuring, and runs of its one pipeline.
final class BenchProject {
    private let name: String
    private let steps: Int
    private let text: String
    private let subject: Subject
    private let scratch: ScratchFolder
    private let path: String
    private var newProjects = 0

    /// Writes a project with one pipeline, called `name`, of `steps` steps.
    init(_ name: String, steps: Int, text: String, subject: Subject, scratch: ScratchFolder) throws {
        self.name = name
        self.steps = steps
        self.text = text
        self.subject = subject
        self.scratch = scratch
        path = scratch.place(of: name)
        try write(to: path)
    }

    /// Samples a run, with the database that earlier runs left.
    func run() throws -> Sample { try run(in: path) }

    /// Samples the first run of a new project: there is no database yet.
    func runInNewProject() throws -> Sample {
        newProjects += 1
        let place = scratch.place(of: "\(name)-\(newProjects)")
        try write(to: place)
        return try run(in: place)
    }

    /// Forgets all runs.
    ///
    /// Not for runs of many steps: ``ScratchFolder`` says why deleting is dear.
    func forgetRuns() throws {
        let state = "\(path)/.martlet"
        if FileManager.default.fileExists(atPath: state) { try FileManager.default.removeItem(atPath: state) }
    }

    private func run(in place: String) throws -> Sample {
        let (sample, output) = try subject.sample(["run", name, "--json"], in: place)
        try RunProof.check(output, steps: steps)
        return sample
    }

    private func write(to place: String) throws {
        try FileManager.default.createDirectory(atPath: "\(place)/pipelines", withIntermediateDirectories: true)
        try "project: benchmark\n".write(toFile: "\(place)/martlet.yaml", atomically: false, encoding: .utf8)
        try text.write(toFile: "\(place)/pipelines/\(name).yaml", atomically: false, encoding: .utf8)
    }
}
