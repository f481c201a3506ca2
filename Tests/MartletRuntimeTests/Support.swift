import Foundation
import MartletCore
import Synchronization

@testable import MartletRuntime

/// A folder that goes away with the test.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data(), as: UTF8.self)
    }

    func spec(
        _ script: String,
        timeout: Duration? = nil,
        grace: Duration = .seconds(5),
        frame: [UInt8]? = nil
    ) -> ProcessSpec {
        ProcessSpec(
            program: "/bin/sh",
            arguments: ["-c", script],
            environment: ["PATH": "/usr/bin:/bin", "MARTLET_MESSAGES": "\(path)/messages.jsonl"],
            directory: path,
            log: "\(path)/log",
            messages: "\(path)/messages.jsonl",
            firstFrame: frame,
            timeout: timeout,
            grace: grace
        )
    }
}

/// Collects messages from any thread, and lets a test wait for the first that fits.
final class MessageBox: Sendable {
    private let stream: AsyncStream<StepMessage>
    private let continuation: AsyncStream<StepMessage>.Continuation
    private let received = Mutex<[StepMessage]>([])

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded) }

    var all: [StepMessage] { received.withLock { $0 } }

    @Sendable func receive(_ message: StepMessage) {
        received.withLock { $0.append(message) }
        continuation.yield(message)
    }

    func first(where fits: (StepMessage) -> Bool) async -> StepMessage? {
        for await message in stream where fits(message) { return message }
        return nil
    }
}
