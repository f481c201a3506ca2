import Foundation

/// The `martlet` that is measured.
struct Subject {
    let path: String

    /// The repository that this package lies in.
    static var repository: String {
        var folder = URL(fileURLWithPath: #filePath)
        // Benchmarks/Sources/MartletBench/Projects/Subject.swift
        for _ in 0..<5 { folder.deleteLastPathComponent() }
        return folder.path
    }

    /// The program at `path`, or the one that was built last for release or else for debugging.
    ///
    /// - Throws: ``BenchProblem`` when there is none.
    static func find(_ path: String?) throws(BenchProblem) -> Subject {
        let builds = ["release", "debug"].map { "\(repository)/.build/\($0)/martlet" }
        let candidates = path.map { [URL(fileURLWithPath: $0).standardizedFileURL.path] } ?? builds
        guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
            throw BenchProblem(
                "there is no program at \(candidates.joined(separator: " or "))",
                remedy: "build it with `swift build -c release --product martlet`, or name it with --martlet"
            )
        }
        return Subject(path: found)
    }

    /// Runs it in `directory` and returns what that took and what it printed.
    ///
    /// - Throws: ``BenchProblem`` when it does not end with 0.
    func sample(_ arguments: [String], in directory: String) throws(BenchProblem) -> (sample: Sample, output: Data) {
        let process = MeasuredProcess(
            command: SpawnCommand([path] + arguments),
            directory: directory,
            output: "\(directory)/.bench-output",
            complaints: "\(directory)/.bench-complaints"
        )
        let (sample, exitCode) = try process.run()
        try Interruption.check()
        if exitCode != 0 {
            let complaint = (try? String(contentsOfFile: process.complaints, encoding: .utf8)) ?? ""
            throw BenchProblem(
                "martlet \(arguments.joined(separator: " ")) ended with \(exitCode): \(complaint.suffix(2_000))",
                remedy: "see what it says, or measure another one with --martlet"
            )
        }
        return (sample, (try? Data(contentsOf: URL(fileURLWithPath: process.output))) ?? Data())
    }
}
