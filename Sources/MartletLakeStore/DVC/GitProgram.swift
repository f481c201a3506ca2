internal import Foundation
internal import MartletCore

/// The `git` program, asked about one folder.
struct GitProgram: Sendable {
    let folder: String

    /// Runs git and gives what it wrote.
    ///
    /// - Throws: ``MartletError`` MT3075 when it cannot be started or ends with an error.
    @discardableResult
    func run(_ arguments: [String], input: [UInt8] = []) throws(MartletError) -> [UInt8] {
        let (status, output, complaint) = try attempt(arguments, input: input)
        guard status == 0 else {
            throw MartletError(
                .gitFailed,
                "git \(arguments.first ?? "") failed in \(folder)",
                reason: complaint.isEmpty ? "exit code \(status)" : complaint,
                remedy: "run the same command there and mend what it says"
            )
        }
        return output
    }

    /// Runs git; its exit code and what it wrote.
    func attempt(
        _ arguments: [String],
        input: [UInt8] = []
    ) throws(MartletError) -> (status: Int32, output: [UInt8], complaint: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder, "-c", "core.quotePath=false"] + arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        let requests = Pipe()
        process.standardInput = input.isEmpty ? FileHandle.nullDevice : requests
        do { try process.run() } catch {
            throw MartletError(
                .gitFailed,
                "git cannot be started",
                remedy: "install git; histories are read with it",
                cause: "\(error)"
            )
        }
        // Each pipe has its own thread: git stops when one that nobody reads is full.
        let group = DispatchGroup()
        let complaint = Collected()
        group.enter()
        Thread.detachNewThread {
            complaint.data = errors.fileHandleForReading.readDataToEndOfFile()
            group.leave()
        }
        if !input.isEmpty {
            group.enter()
            Thread.detachNewThread {
                try? requests.fileHandleForWriting.write(contentsOf: Data(input))
                try? requests.fileHandleForWriting.close()
                group.leave()
            }
        }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        group.wait()
        process.waitUntilExit()
        let text = String(decoding: complaint.data, as: UTF8.self)
        return (process.terminationStatus, Array(data), text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// What a thread has read; the group orders the accesses.
    private final class Collected: @unchecked Sendable {
        // Sendable: written by one thread before it leaves the group, read by another after waiting for it.
        var data = Data()
    }

    /// The bytes of blobs by their ids, which git is asked for at once.
    ///
    /// - Throws: ``MartletError`` MT3075.
    func blobs(_ ids: [String]) throws(MartletError) -> [[UInt8]] {
        guard !ids.isEmpty else { return [] }
        let output = try run(["cat-file", "--batch"], input: Array((ids.joined(separator: "\n") + "\n").utf8))
        var blobs: [[UInt8]] = []
        var rest = output[...]
        for id in ids {
            // A line `<id> blob <size>`, then the bytes and a line break.
            guard let end = rest.firstIndex(of: 0x0a),
                let size = Int(String(decoding: rest[..<end].split(separator: 0x20).last ?? [], as: UTF8.self)),
                rest.count > end - rest.startIndex + size
            else {
                throw MartletError(
                    .gitFailed,
                    "git does not have object \(id)",
                    remedy: "fetch the whole history: git fetch --unshallow"
                )
            }
            blobs.append(Array(rest[(end + 1)..<(end + 1 + size)]))
            rest = rest[(end + 2 + size)...]
        }
        return blobs
    }
}
