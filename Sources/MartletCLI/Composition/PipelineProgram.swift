import Foundation
import MartletCore

/// A user's program that defines pipelines in Swift: asked for their manifests with `describe`.
enum PipelineProgram {
    /// The manifest of `pipeline`, or of the program's only one.
    ///
    /// - Throws: ``MartletError`` MT1020 when the program does not answer with a manifest this Martlet reads.
    static func describe(_ program: String, pipeline: String?) throws(MartletError) -> PipelineManifest {
        let output = try run(program, ["describe"] + (pipeline.map { [$0] } ?? []))
        do {
            return try JSONText.decode(PipelineManifest.self, from: output)
        } catch {
            throw invalid(program, "its answer to `describe` is not a manifest", "\(error)")
        }
    }

    private static func run(_ program: String, _ arguments: [String]) throws(MartletError) -> Data {
        let process = Process()
        let output = Pipe()
        let talk = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = talk
        do {
            try process.run()
        } catch {
            throw invalid(program, "it cannot be started", "\(error.localizedDescription)")
        }
        // The answer may be longer than a pipe holds; complaints are read beside it.
        let complaint = Task { talk.fileHandleForReading.readDataToEndOfFile() }
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            complaint.cancel()
            let text = String(decoding: answer, as: UTF8.self)
            throw invalid(program, "`describe` ended with exit code \(process.terminationStatus)", text)
        }
        return answer
    }

    private static func invalid(_ program: String, _ what: String, _ reason: String) -> MartletError {
        MartletError(
            .pipelineProgramInvalid,
            "\(program) does not describe a pipeline: \(what)",
            reason: reason.isEmpty ? nil : String(reason.prefix(2_000)),
            remedy: "it must be built with the Martlet library and have a MartletApp with @main; try `\(program) describe`"
        )
    }
}
