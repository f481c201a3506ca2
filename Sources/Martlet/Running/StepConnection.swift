import Foundation
import Synchronization

/// How the process of a step and its runner talk: by frames on two descriptors, or by files.
///
/// Frames are used when `MARTLET_FRAMES` names descriptors. Otherwise the context is in the file of `MARTLET_CONTEXT`
/// and messages are lines added to the file of `MARTLET_MESSAGES`; without one they go to standard output, which is
/// handy when a step is tried by hand.
final class StepConnection: Sendable {
    /// What the attempt was told.
    let document: StepContextDocument
    private let output: Int32
    private let framed: Bool
    private let writing = Mutex(())

    private init(document: StepContextDocument, output: Int32, framed: Bool) {
        self.document = document
        self.output = output
        self.framed = framed
    }

    /// Connects to the runner that `environment` describes.
    ///
    /// - Throws: `MartletError` MT1019 when there is none, MT1001 or MT1002 when its context cannot be read.
    static func open(environment: [String: String]) throws(MartletError) -> StepConnection {
        if let frames = environment[Frame.environmentKey] {
            let descriptors = frames.split(separator: ",").compactMap { Int32($0) }
            guard descriptors.count == 2 else {
                throw MartletError(
                    .commandLineInvalid,
                    "\(Frame.environmentKey) is \"\(frames)\", not two descriptors",
                    remedy: "leave it to `martlet run` to start steps"
                )
            }
            let document = try decode(try firstFrame(of: descriptors[0]), from: "the first frame")
            return StepConnection(document: document, output: descriptors[1], framed: true)
        }
        guard let path = environment["MARTLET_CONTEXT"] else {
            throw MartletError(
                .commandLineInvalid,
                "this command runs inside an attempt, and there is none",
                reason: "neither \(Frame.environmentKey) nor MARTLET_CONTEXT is set",
                remedy: "start the pipeline with the subcommand `run`"
            )
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MartletError(.fileUnreadable, "cannot read \(path), which MARTLET_CONTEXT names")
        }
        let document = try decode(data, from: path)
        guard let messages = environment["MARTLET_MESSAGES"] else {
            return StepConnection(document: document, output: STDOUT_FILENO, framed: false)
        }
        let descriptor = Foundation.open(messages, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw MartletError(
                .fileUnwritable,
                "cannot write \(messages), which MARTLET_MESSAGES names",
                cause: String(cString: strerror(errno))
            )
        }
        return StepConnection(document: document, output: descriptor, framed: false)
    }

    /// Sends a message; one that no longer finds a reader is dropped, as nobody is left to be told.
    func send(_ message: StepMessage) {
        var payload = Array(JSONText.data(message))
        if payload.count > Limits.messageBytes {
            let note = "a message of \(payload.count) bytes was dropped; they may have \(Limits.messageBytes)"
            payload = Array(JSONText.data(StepMessage.log(level: "warning", text: note)))
        }
        let bytes = framed ? Frame.encode(payload) : payload + [UInt8(ascii: "\n")]
        // One message at a time: frames and lines of several threads must not mingle.
        writing.withLock { _ in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest.removeFirst(count)
            }
        }
    }

    private static func decode(_ data: Data, from source: String) throws(MartletError) -> StepContextDocument {
        do {
            return try JSONText.decode(StepContextDocument.self, from: data)
        } catch {
            throw MartletError(
                .syntaxInvalid,
                "the context of the attempt, in \(source), cannot be read",
                reason: "this program and the martlet that runs it may be of different versions",
                remedy: "build both from one version",
                cause: String(describing: error)
            )
        }
    }

    private static func firstFrame(of descriptor: Int32) throws(MartletError) -> Data {
        var decoder = FrameDecoder()
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw MartletError(
                    .syntaxInvalid,
                    "the runner sent no context",
                    cause: count < 0 ? String(cString: strerror(errno)) : "end of file on descriptor \(descriptor)"
                )
            }
            do {
                if let frame = try decoder.feed(chunk[..<count]).first { return Data(frame) }
            } catch {
                throw MartletError(.syntaxInvalid, "the runner sent a frame of \(error.bytes) bytes")
            }
        }
    }
}
