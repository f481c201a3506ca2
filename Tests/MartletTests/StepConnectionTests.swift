import Foundation
import MartletCore
import Testing

@testable import Martlet

@Suite struct StepConnectionTests {
    private let messages: [StepMessage] = [
        .progress(StepProgress(done: 1, total: 4)), .metric(name: "rows", value: 12), .log(level: "info", text: "a\nb"),
    ]

    @Test func framesCarryTheContextAndTheMessages() throws {
        let toStep = Pipe()
        let fromStep = Pipe()
        let document = context(of: "stats", values: ["train": ["auc": 0.5]])
        // In two writes, so that the step has to wait for the rest of the frame.
        let frame = Frame.encode(JSONText.data(document))
        try toStep.fileHandleForWriting.write(contentsOf: frame[..<7])
        try toStep.fileHandleForWriting.write(contentsOf: frame[7...])
        let read = toStep.fileHandleForReading.fileDescriptor
        let write = fromStep.fileHandleForWriting.fileDescriptor

        let connection = try StepConnection.open(environment: [
            "MARTLET_FRAMES": "\(read),\(write)", "MARTLET_CONTEXT": "/ignored",
        ])
        #expect(connection.document == document)
        for message in messages { connection.send(message) }
        try fromStep.fileHandleForWriting.close()
        var decoder = FrameDecoder()
        let payloads = try decoder.feed(try #require(try fromStep.fileHandleForReading.readToEnd()))
        #expect(try payloads.map { try JSONText.decode(StepMessage.self, from: Data($0)) } == messages)
    }

    @Test func filesCarryTheContextAndTheMessages() async throws {
        try await withFolder { folder in
            let document = context(of: "stats")
            let contextFile = folder.appending(path: "context.json")
            let messageFile = folder.appending(path: "messages.jsonl")
            try JSONText.data(document).write(to: contextFile)
            try Data("{}\n".utf8).write(to: messageFile)

            let connection = try StepConnection.open(environment: [
                "MARTLET_CONTEXT": contextFile.path(percentEncoded: false),
                "MARTLET_MESSAGES": messageFile.path(percentEncoded: false),
            ])
            #expect(connection.document == document)
            for message in messages { connection.send(message) }
            let lines = try String(contentsOf: messageFile, encoding: .utf8).split(separator: "\n").map(String.init)
            #expect(lines.first == "{}", "what was in the file stays")
            #expect(try lines.dropFirst().map { try JSONText.decode(StepMessage.self, from: $0) } == messages)
        }
    }

    @Test func messagesBeyondTheLimitAreReplacedByANote() throws {
        let toStep = Pipe()
        let fromStep = Pipe()
        try toStep.fileHandleForWriting.write(contentsOf: Frame.encode(JSONText.data(context(of: "x"))))
        let read = toStep.fileHandleForReading.fileDescriptor
        let write = fromStep.fileHandleForWriting.fileDescriptor
        let connection = try StepConnection.open(environment: ["MARTLET_FRAMES": "\(read),\(write)"])
        connection.send(.log(level: "info", text: String(repeating: "x", count: Limits.messageBytes)))
        try fromStep.fileHandleForWriting.close()
        var decoder = FrameDecoder()
        let sent = try #require(try fromStep.fileHandleForReading.readToEnd())
        let payload = try #require(try decoder.feed(sent).first)
        guard case .log("warning", let text) = try JSONText.decode(StepMessage.self, from: Data(payload)) else {
            Issue.record("not a warning")
            return
        }
        #expect(text.contains("was dropped"))
    }

    @Test func whatIsWrongWithTheEnvironmentIsSaid() async throws {
        func code(_ environment: [String: String]) -> ErrorCode? {
            do {
                _ = try StepConnection.open(environment: environment)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code([:]) == .commandLineInvalid)
        #expect(code(["MARTLET_FRAMES": "3"]) == .commandLineInvalid)
        #expect(code(["MARTLET_CONTEXT": "/nowhere/at/all"]) == .fileUnreadable)
        try await withFolder { folder in
            let file = folder.appending(path: "context.json")
            try Data("{}".utf8).write(to: file)
            #expect(code(["MARTLET_CONTEXT": file.path(percentEncoded: false)]) == .syntaxInvalid)
        }
        let silent = Pipe()
        try silent.fileHandleForWriting.close()
        #expect(code(["MARTLET_FRAMES": "\(silent.fileHandleForReading.fileDescriptor),1"]) == .syntaxInvalid)
    }
}
