import Foundation

extension StepMessage {
    /// The message that a line or a frame holds.
    ///
    /// - Throws: ``UnreadableMessage`` with the reason, also for JSON that is nested more deeply than
    ///   ``Limits/nestingDepth``: a decoder that recurses would run out of stack.
    public init(reading bytes: [UInt8]) throws(UnreadableMessage) {
        guard JSONDepth.of(bytes) <= Limits.nestingDepth else {
            throw UnreadableMessage(reason: "is nested more than \(Limits.nestingDepth) levels deep")
        }
        do {
            self = try JSONText.decode(StepMessage.self, from: Data(bytes))
        } catch DecodingError.dataCorrupted(let context) {
            throw UnreadableMessage(reason: "is wrong: \(context.debugDescription)")
        } catch DecodingError.keyNotFound(let key, _) {
            throw UnreadableMessage(reason: "has no \"\(key.stringValue)\"")
        } catch {
            throw UnreadableMessage(reason: "is not a message")
        }
    }
}

/// A line or frame that is not a message.
public struct UnreadableMessage: Error, Hashable, Sendable {
    /// What is wrong with it, to stand after "line 3".
    public let reason: String
}
