import Crypto
import Foundation
package import MartletCore

/// Virtual environments for Python steps, made once for each set of requirements and kept.
///
/// The key is the SHA-256 of the interpreter's version and place and the sorted requirements. An environment counts
/// only once a marker names its folder. One that was interrupted is made again, in a folder of another name, because
/// the interrupted pip may still be writing; a lock keeps two processes from making the same one at once.
package struct PythonEnvironments: Sendable {
    /// The interpreter that environments are made with.
    let interpreter: String
    let cache: String
    let environment: [String: String]
    /// Tells the folders of two attempts at one environment apart.
    let ids: any IDGenerator

    /// The interpreter of an environment that has `requirements`, for a command rather than a step.
    ///
    /// - Parameters:
    ///   - requirements: packages in pip's syntax.
    ///   - python: the interpreter that the environment is made with.
    ///   - cache: where environments are kept.
    ///   - environment: what pip inherits.
    ///   - log: the file that takes what pip says.
    ///   - report: is told what is being done when that takes long.
    /// - Returns: the interpreter's path.
    /// - Throws: ``MartletError`` MT2017 for a requirement that does not exist, MT2007 when it cannot be made otherwise.
    package static func interpreter(
        with requirements: [String],
        python: String,
        cache: String,
        environment: [String: String],
        log: String,
        report: @escaping @Sendable (String) -> Void
    ) async throws(MartletError) -> String {
        let environments = PythonEnvironments(
            interpreter: python,
            cache: cache,
            environment: environment,
            ids: RandomIDs()
        )
        return try await environments.interpreter(with: requirements, for: RunID(trusted: "command"), log: log) {
            message in
            if case .progress(let progress) = message { report(progress.text ?? "") }
        }
    }

    /// The interpreter of an environment that has `requirements`, made now if it is not there.
    ///
    /// - Throws: ``MartletError`` MT2017 for a requirement that does not exist, MT2007 when it cannot be made otherwise.
    func interpreter(
        with requirements: [String],
        for id: RunID,
        log: String,
        report: @escaping @Sendable (StepMessage) -> Void
    ) async throws(MartletError) -> String {
        try FileSystem.makeFolder(cache)
        let sorted = Set(requirements).sorted()
        let identity = try await identify(id, log: log)
        let digest = SHA256.hash(data: Data(([identity] + sorted).joined(separator: "\n").utf8))
        let key = digest.prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let marker = "\(cache)/\(key).ready"
        if let ready = folder(namedBy: marker) { return "\(ready)/bin/python" }

        let lock = try await waitForLock("\(cache)/\(key).lock", report)
        defer { withExtendedLifetime(lock) {} }
        if let ready = folder(namedBy: marker) { return "\(ready)/bin/python" }
        report(.progress(StepProgress(done: 0, text: "making the Python environment")))
        removeAbandoned(key)
        let folder = "\(cache)/\(key)-\(ids.suffix())"
        let python = "\(folder)/bin/python"
        try await run(interpreter, ["-m", "venv", folder], "make a virtual environment", log, id)
        let list = Array((sorted.joined(separator: "\n") + "\n").utf8)
        try FileSystem.write(list, to: "\(folder)/requirements.txt")
        report(.progress(StepProgress(done: 0, text: "installing \(sorted.joined(separator: ", "))")))
        let pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", "-r"]
        let purpose = "install \(sorted.joined(separator: ", "))"
        try await run(python, pip + ["\(folder)/requirements.txt"], purpose, log, id)
        try FileSystem.write(Array(folder.utf8), to: marker)
        return python
    }

    /// The folder that a marker names, when it is there.
    private func folder(namedBy marker: String) -> String? {
        guard let text = try? String(contentsOfFile: marker, encoding: .utf8),
            FileManager.default.fileExists(atPath: "\(text)/bin/python")
        else { return nil }
        return text
    }

    /// Removes what interrupted attempts at an environment left.
    private func removeAbandoned(_ key: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? [] where name.hasPrefix("\(key)-")
        {
            try? FileManager.default.removeItem(atPath: "\(cache)/\(name)")
        }
    }

    /// The interpreter's version and place: another one needs another environment.
    private func identify(_ id: RunID, log: String) async throws(MartletError) -> String {
        let file = "\(cache)/identity-\(ids.suffix())"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let script = "import sys; open(sys.argv[1], 'w').write(sys.version + ' ' + sys.executable)"
        try await run(interpreter, ["-c", script, file], "start Python", log, id)
        return (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    }

    /// Waits for the lock; another process may hold it for as long as an installation takes.
    ///
    /// It is asked for again and again, because a thread that waits inside `flock(2)` could not be cancelled.
    private func waitForLock(
        _ path: String,
        _ report: @Sendable (StepMessage) -> Void
    ) async throws(MartletError) -> FileLock {
        var isTold = false
        while true {
            if let lock = try FileLock.take(path) { return lock }
            if !isTold { report(.progress(StepProgress(done: 0, text: "waiting for the environment to be made"))) }
            isTold = true
            do {
                try await Task.sleep(for: .milliseconds(100))
            } catch {
                throw MartletError(.runCancelled, "cancelled while another run made the Python environment")
            }
        }
    }

    private func run(
        _ program: String,
        _ arguments: [String],
        _ purpose: String,
        _ log: String,
        _ id: RunID
    ) async throws(MartletError) {
        let spec = ProcessSpec(
            program: program,
            arguments: arguments,
            // By this mark a resumed run finds what its killed executor left behind.
            environment: environment.merging(["MARTLET_RUN_ID": id.rawValue]) { $1 },
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
