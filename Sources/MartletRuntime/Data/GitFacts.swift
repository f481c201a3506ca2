import Foundation
import MartletCore

/// What git says of the code in a project.
actor GitFacts {
    private let environment: [String: String]
    private var known: (at: ContinuousClock.Instant, facts: Task<(commit: String, isClean: Bool)?, Never>)?

    init(environment: [String: String]) { self.environment = environment }

    /// The version of the code in `root`; asked of git at most every ten seconds.
    func version(manifest: String, root: String) async -> CodeVersion {
        let now = ContinuousClock.now
        if known == nil || now - (known?.at ?? now) > .seconds(10) {
            known = (now, Task { [environment] in await Self.ask(root, environment) })
        }
        let facts = await known?.facts.value
        return CodeVersion(manifest: manifest, git: facts?.commit, isClean: facts?.isClean)
    }

    private static func ask(_ root: String, _ environment: [String: String]) async -> (commit: String, isClean: Bool)? {
        // A project without git need not start a program to find out.
        var folder = root
        while !FileManager.default.fileExists(atPath: "\(folder)/.git") {
            if folder == "/" || folder.isEmpty { return nil }
            folder = (folder as NSString).deletingLastPathComponent
        }
        guard let commit = await git(["rev-parse", "HEAD"], root, environment) else { return nil }
        let changes = await git(["status", "--porcelain", "--", ".", ":(exclude).martlet"], root, environment)
        return (commit.trimmingCharacters(in: .whitespacesAndNewlines), changes?.isEmpty ?? false)
    }

    private static func git(_ arguments: [String], _ root: String, _ environment: [String: String]) async -> String? {
        let call = ChildCall(
            program: "git",
            arguments: ["-C", root] + arguments,
            environment: environment.merging(["GIT_OPTIONAL_LOCKS": "0"]) { $1 },
            directory: root,
            outputLimit: 64 << 10,
            timeout: .seconds(10)
        )
        guard let answer = try? await call.run(), answer.exitCode == 0 else { return nil }
        return String(decoding: answer.output, as: UTF8.self)
    }
}
