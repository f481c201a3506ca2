import Crypto
import Foundation
import MartletCore

/// Virtual environments for Python steps, made once for each set of requirements and kept.
///
/// The key is the SHA-256 of the interpreter's version and place and the sorted requirements. An environment counts
/// only once its marker file is there, so one that was interrupted is made again; a lock file keeps two processes
/// from making the same one at once.
struct PythonEnvironments: Sendable {
    /// The interpreter that environments are made with.
    let interpreter: String
    let cache: String
    let environment: [String: String]

    /// The interpreter of an environment that has `requirements`, made now if it is not there.
    ///
    /// - Throws: ``MartletError`` MT2017 for a requirement that does not exist, MT2007 when it cannot be made otherwise.
    func interpreter(
        with requirements: [String],
        log: String,
        report: @escaping @Sendable (StepMessage) -> Void
    ) async throws(MartletError) -> String {
        try FileSystem.makeFolder(cache)
        let sorted = Set(requirements).sorted()
        let identity = try await identify(log: log)
        let digest = SHA256.hash(data: Data(([identity] + sorted).joined(separator: "\n").utf8))
        let key = digest.prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let folder = "\(cache)/\(key)"
        let python = "\(folder)/bin/python"
        let marker = "\(folder)/martlet-ready"
        if FileManager.default.fileExists(atPath: marker) { return python }

        let lock = try await waitForLock("\(folder).lock")
        defer { withExtendedLifetime(lock) {} }
        if FileManager.default.fileExists(atPath: marker) { return python }
        report(.progress(StepProgress(done: 0, text: "making the Python environment")))
        try? FileManager.default.removeItem(atPath: folder)
        try await run(interpreter, ["-m", "venv", folder], "make a virtual environment", log)
        try FileSystem.write(Array((sorted.joined(separator: "\n") + "\n").utf8), to: "\(folder)/requirements.txt")
        report(.progress(StepProgress(done: 0, text: "installing \(sorted.joined(separator: ", "))")))
        let pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", "-r"]
        try await run(python, pip + ["\(folder)/requirements.txt"], "install \(sorted.joined(separator: ", "))", log)
        try FileSystem.write(Array("\(identity)\n".utf8), to: marker)
        return python
    }

    /// The interpreter's version and place: another one needs another environment.
    private func identify(log: String) async throws(MartletError) -> String {
        let file = "\(cache)/identity-\(UInt64.random(in: 0...UInt64.max))"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let script = "import sys; open(sys.argv[1], 'w').write(sys.version + ' ' + sys.executable)"
        try await run(interpreter, ["-c", script, file], "start Python", log)
        return (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    }

    private func waitForLock(_ path: String) async throws(MartletError) -> FileLock {
        let result: Result<FileLock, MartletError> = await withCheckedContinuation { continuation in
            BlockingThread.start(named: "martlet-lock") {
                do throws(MartletError) {
                    continuation.resume(returning: .success(try FileLock.wait(path)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    private func run(
        _ program: String,
        _ arguments: [String],
        _ purpose: String,
        _ log: String
    ) async throws(MartletError) {
        let spec = ProcessSpec(
            program: program,
            arguments: arguments,
            environment: environment,
            directory: "/",
            log: log,
            messages: nil,
            firstFrame: nil,
            timeout: .seconds(1800)
        )
        let end: ProcessEnd
        do throws(MartletError) {
            end = try await ProcessSession.run(spec) { _ in }
        } catch {
            throw MartletError(
                .pythonEnvironmentFailed,
                "cannot \(purpose): \(error.message)",
                reason: error.reason,
                remedy: "install python3 and python3-venv, or set python: in martlet.yaml"
            )
        }
        if end.exitCode == 0 { return }
        let unknown = ["No matching distribution found", "Invalid requirement"].contains { end.lastOutput.contains($0) }
        throw MartletError(
            unknown ? .pythonRequirementUnknown : .pythonEnvironmentFailed,
            "cannot \(purpose)",
            reason: end.lastOutput.isEmpty ? nil : end.lastOutput,
            remedy: "check the names and versions under requirements:, and that a package index can be reached"
        )
    }
}
