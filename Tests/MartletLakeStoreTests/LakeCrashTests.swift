import Foundation
import MartletCore
import MartletLake
import Testing

@testable import MartletLakeStore

/// What was acknowledged survives `kill -9` at any instant, in the lake and in what it was pushed to.
struct LakeCrashTests {
    @Test(.enabled(if: LakeCrashWriter.isBuilt)) func acknowledgedCommitsSurvive() async throws {
        let scratch = try Scratch()
        var random = SplitMix64(seed: 11)
        for round in 1...8 {
            // Two processes write the same lake; each is killed in the middle of whatever it does.
            let patience = (1...2).map { _ in Int(1 + random.next() % 120) }
            let seeds = (1...2).map { _ in random.next() }
            let acknowledged = try await withThrowingTaskGroup(of: [String: ObjectID].self) { group in
                for index in 0..<2 {
                    let writer = LakeCrashWriter(folder: scratch.path, name: "p\(index)", seed: seeds[index])
                    group.addTask { try await writer.run(killedAfter: patience[index]) }
                }
                return try await group.reduce(into: [:]) { $0.merge($1) { $1 } }
            }
            #expect(!acknowledged.isEmpty)
            let lake = try scratch.lake()
            let report = try lake.verify()
            #expect(report.isSound, "round \(round), patience \(patience)")
            let history = CommitHistory(objects: lake.objects)
            for (branch, commit) in acknowledged {
                let head = try #require(lake.refs.branch(BranchName(trusted: branch)))
                #expect(try history.isAncestor(commit, of: head), "round \(round), patience \(patience): \(branch)")
            }
            // Killed in the middle of a push, the other side is whole as well.
            if FileManager.default.fileExists(atPath: scratch.path + "/store/format") {
                let store = FolderObjectStore(scratch.path + "/store")
                let name = "copy-\(round)"
                let copy = try await Transfer.clone(store, into: "\(scratch.path)/\(name)", by: "x", at: instant()).lake
                #expect(try copy.verify().isSound, "round \(round), patience \(patience): the copy")
            }
        }
    }
}

/// A process of `lake-crash-writer`.
private struct LakeCrashWriter: Sendable {
    let folder: String
    let name: String
    let seed: UInt64

    static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: program.path) }

    private static var program: URL {
        // The folder of the built programs, where the test program lies too.
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("lake-crash-writer")
    }

    /// Runs it until it has acknowledged so much, kills it, and returns the last commit of each branch.
    func run(killedAfter lines: Int) async throws -> [String: ObjectID] {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try runBlocking(killedAfter: lines) }) }.start()
        }
    }

    private func runBlocking(killedAfter lines: Int) throws -> [String: ObjectID] {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = [folder, name, String(seed)]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        var output = Data()
        while output.count(where: { $0 == UInt8(ascii: "\n") }) < lines {
            let more = pipe.fileHandleForReading.availableData
            if more.isEmpty { break }
            output += more
        }
        kill(process.processIdentifier, SIGKILL)
        output += try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
        var last: [String: ObjectID] = [:]
        // What follows the last end of a line may be cut off.
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast()
        {
            let parts = line.split(separator: " ", maxSplits: 1)
            #expect(parts.first != "failed", "\(line)")
            guard parts.count == 2, let commit = ObjectID(hex: parts[1]) else { continue }
            last[String(parts[0])] = commit
        }
        return last
    }
}
