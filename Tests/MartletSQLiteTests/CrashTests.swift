import Foundation
import MartletCore
import MartletSQLite
import MartletTestKit
import Testing

/// What was acknowledged survives `kill -9` at any instant.
struct CrashTests {
    @Test func acknowledgedAppendsSurvive() async throws {
        let file = try StoreFile()
        var random = SeededGenerator(seed: 7)
        for round in 1...10 {
            // Two processes write the same file; each is killed in the middle of whatever it does.
            let patience = (1...2).map { _ in Int.random(in: 1...300, using: &random) }
            let acknowledged = try await withThrowingTaskGroup { group in
                for (index, lines) in patience.enumerated() {
                    let writer = CrashWriter(path: file.path, name: "crash-\(round)-\(index)")
                    group.addTask { try await writer.run(killedAfter: lines) }
                }
                return try await group.reduce(into: [:]) { $0.merge($1) { left, right in max(left, right) } }
            }
            #expect(!acknowledged.isEmpty)
            let store = try file.open()
            for (run, sequence) in acknowledged {
                if run == "request" {
                    #expect(try await store.request(sequence) != nil, "round \(round): request \(sequence) is lost")
                    continue
                }
                let log = try await store.events(of: RunID(trusted: run))
                #expect(log.count >= sequence, "round \(round), patience \(patience): \(run) lost events")
            }
            await store.close()
        }
        try await file.checkTables()
    }
}

/// A process of `sqlite-crash-writer`.
private struct CrashWriter: Sendable {
    let path: String
    let name: String

    /// Runs it until it has acknowledged so much, kills it, and returns the last sequence of each run, and of requests.
    func run(killedAfter lines: Int) async throws -> [String: Int] {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try runBlocking(killedAfter: lines) }) }
        }
    }

    private func runBlocking(killedAfter lines: Int) throws -> [String: Int] {
        let process = Process()
        process.executableURL = Self.products.appendingPathComponent("sqlite-crash-writer")
        process.arguments = [path, name]
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
        var last: [String: Int] = [:]
        let text = String(decoding: output, as: UTF8.self)
        // What follows the last end of a line may be cut off.
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let sequence = Int(parts[1]) else { continue }
            last[String(parts[0])] = sequence
        }
        return last
    }

    /// The folder of the built programs, where the test program lies too.
    private static var products: URL {
        #if os(Linux)
            URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        #else
            Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL.deletingLastPathComponent()
                ?? Bundle.main.bundleURL
        #endif
    }
}
