import Foundation
import MartletCore

/// A user's program that defines pipelines in Swift: asked for their manifests with `describe`.
enum PipelineProgram {
    /// The manifest of `pipeline`, or of the program's only one.
    ///
    /// - Throws: ``MartletError`` MT1020 when the program does not answer with a manifest this Martlet reads.
    static func describe(_ program: String, pipeline: String?) throws(MartletError) -> PipelineManifest {
        let output = try run(program, ["describe"] + (pipeline.map { [$0] } ?? []))
        let manifests: [PipelineManifest]
        do {
            // Asked for one pipeline a program answers with it, asked for none with the list of all.
            manifests =
                try pipeline == nil
                ? JSONText.decode([PipelineManifest].self, from: output)
                : [JSONText.decode(PipelineManifest.self, from: output)]
        } catch {
            throw invalid(program, "its answer to `describe` is not a manifest", "\(error)")
        }
        if manifests.count == 1 { return manifests[0] }
        let names = manifests.map(\.pipeline.rawValue).joined(separator: ", ")
        throw MartletError(
            .commandLineInvalid,
            "\(program) has \(manifests.count) pipelines: \(names)",
            remedy: "choose one with --pipeline NAME"
        )
    }

    /// The names of all pipelines of the program.
    ///
    /// - Throws: ``MartletError`` MT1020 as ``describe(_:pipeline:)``.
    static func names(_ program: String) throws(MartletError) -> [String] {
        let output = try run(program, ["describe"])
        do {
            return try JSONText.decode([PipelineManifest].self, from: output).map(\.pipeline.rawValue)
        } catch {
            throw invalid(program, "its answer to `describe` is not a manifest", "\(error)")
        }
    }

    private static func run(_ program: String, _ arguments: [String]) throws(MartletError) -> Data {
        // Complaints go to a file: two pipes would have to be read at once.
        let complaints = NSTemporaryDirectory() + "martlet-describe-\(UUID().uuidString)"
        _ = FileManager.default.createFile(atPath: complaints, contents: nil)
        defer { try? FileManager.default.removeItem(atPath: complaints) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: complaints)
        do {
            try process.run()
        } catch {
            throw invalid(program, "it cannot be started", "\(error.localizedDescription)")
        }
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationStatus == 0 { return answer }
        let text = String(decoding: FileManager.default.contents(atPath: complaints) ?? Data(), as: UTF8.self)
        throw invalid(program, "`describe` ended with exit code \(process.terminationStatus)", text)
    }

    private static func invalid(_ program: String, _ what: String, _ reason: String) -> MartletError {
        MartletError(
            .pipelineProgramInvalid,
            "\(program) does not describe a pipeline: \(what)",
            reason: reason.isEmpty ? nil : String(reason.prefix(2_000)),
            remedy:
                "it must be built with the Martlet library and have a MartletApp with @main; try `\(program) describe`"
        )
    }
}
