import Foundation
import MartletCore

/// The built `martlet`, driven as a user would.
struct MartletProgram {
    /// What one call came to.
    struct Result {
        var status: Int32
        var output: String
        var talk: String

        /// The last line of standard output as JSON.
        var json: JSONValue {
            get throws {
                try JSONText.decode(JSONValue.self, from: String(output.split(separator: "\n").last ?? ""))
            }
        }
    }

    /// The program beside the test bundle.
    static let path: String = {
        let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return ((tests ?? "") as NSString).deletingLastPathComponent + "/martlet"
    }()

    /// The repository's root.
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// Runs `martlet` with these arguments in `folder`.
    static func run(
        _ arguments: [String],
        in folder: String,
        environment: [String: String] = [:]
    ) async throws -> Result {
        try await start(arguments, in: folder, environment: environment).result()
    }

    /// Starts `martlet` and returns at once.
    static func start(
        _ arguments: [String],
        in folder: String,
        environment: [String: String] = [:],
        program: String = path
    ) throws -> Running {
        try Running(program, arguments, folder, environment)
    }

    /// A `martlet` that may still run.
    final class Running: @unchecked Sendable {
        // Foundation's process is used by one test at a time; its end is told through the stream.
        let process = Process()
        private let ended: AsyncStream<Int32>
        private let outputPath: String
        private let talkPath: String

        init(_ program: String, _ arguments: [String], _ folder: String, _ environment: [String: String]) throws {
            let name = NSTemporaryDirectory() + "martlet-e2e-\(UUID().uuidString)"
            (outputPath, talkPath) = ("\(name).out", "\(name).err")
            for path in [outputPath, talkPath] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
            let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
            ended = stream
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
            process.currentDirectoryURL = URL(fileURLWithPath: folder)
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            process.standardInput = FileHandle.nullDevice
            let files = [outputPath, talkPath].map(FileHandle.init(forWritingAtPath:))
            (process.standardOutput, process.standardError) = (files[0], files[1])
            process.terminationHandler = { process in
                continuation.yield(process.terminationStatus)
                continuation.finish()
            }
            // The process has its own copies; ours would pile up where a test asks again and again.
            defer { for file in files { try? file?.close() } }
            try process.run()
        }

        /// Waits for the end.
        func result() async throws -> Result {
            var status: Int32 = -1
            for await code in ended { status = code }
            defer { for path in [outputPath, talkPath] { try? FileManager.default.removeItem(atPath: path) } }
            return Result(status: status, output: text(outputPath), talk: text(talkPath))
        }

        private func text(_ path: String) -> String {
            String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        }
    }
}

/// A project in a folder that goes away with the test.
final class TestProject: Sendable {
    let path: String

    init(_ pipelines: [String: String] = [:]) throws {
        path = NSTemporaryDirectory() + "martlet-project-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: "\(path)/pipelines", withIntermediateDirectories: true)
        try write("martlet.yaml", "project: test\n")
        for (name, text) in pipelines { try write("pipelines/\(name).yaml", "pipeline: \(name)\n" + text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func read(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data(), as: UTF8.self)
    }

    func martlet(_ arguments: String..., environment: [String: String] = [:]) async throws -> MartletProgram.Result {
        try await MartletProgram.run(arguments, in: path, environment: environment)
    }
}
