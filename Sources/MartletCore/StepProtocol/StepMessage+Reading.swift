import Foundation

extension StepMessage {
    /// The message that a line or a frame holds.
    ///
    /// - Throws: ``UnreadableMessage`` with the reason, also for JSON that is nested more deeply than
    ///   ``Limits/nestingDepth``: a decoder that recurses would run out of stack.
    public init(reading bytes: [UInt8]) throws(UnreadableMessage) {
        guard Self.depth(of: bytes) <= Limits.nestingDepth else {
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

    /// The deepest nesting of brackets outside strings.
    private static func depth(of bytes: [UInt8]) -> Int {
        var depth = 0
        var deepest = 0
        var isQuoted = false
        var isEscaped = false
        for byte in bytes {
            if isEscaped {
                isEscaped = false
            } else if isQuoted {
                if byte == UInt8(ascii: "\\") { isEscaped = true }
                if byte == UInt8(ascii: "\"") { isQuoted = false }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isQuoted = true
                case UInt8(ascii: "["), UInt8(ascii: "{"):
                    depth += 1
                    deepest = max(deepest, depth)
                case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                default: break
                }
            }
        }
        return deepest
    }
}

/// A line or frame that is not a message.
public struct UnreadableMessage: Error, Hashable, Sendable {
    /// What is wrong with it, to stand after "line 3".
    public let reason: String
}
