/// The framing between a runner and a step that knows Martlet: four bytes of length, most significant first, then so
/// many bytes of JSON.
///
/// The runner passes two descriptors and names them in `MARTLET_FRAMES` as `read,write`: from the first the step
/// reads one ``StepContextDocument``, to the second it writes ``StepMessage``s.
public enum Frame {
    /// The environment variable that names the descriptors.
    public static let environmentKey = "MARTLET_FRAMES"

    /// `payload` with its length before it.
    ///
    /// - Precondition: `payload` is at most ``Limits/frameBytes`` long; callers check, because they can say what
    ///   was too large.
    public static func encode(_ payload: some Collection<UInt8>) -> [UInt8] {
        let length = UInt32(payload.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + payload
    }
}

/// Cuts a stream of bytes into frames.
public struct FrameDecoder: Sendable {
    private var buffer: [UInt8] = []

    /// A decoder at the start of a stream.
    public init() {}

    /// Adds bytes; returns the payloads that are complete by them.
    ///
    /// - Throws: ``OversizedFrame`` when a length is above ``Limits/frameBytes``; the stream cannot be read further.
    public mutating func feed(_ bytes: some Sequence<UInt8>) throws(OversizedFrame) -> [[UInt8]] {
        buffer.append(contentsOf: bytes)
        var payloads: [[UInt8]] = []
        var start = 0
        while buffer.count - start >= 4 {
            let length = buffer[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
            guard length <= Limits.frameBytes else { throw OversizedFrame(bytes: length) }
            guard buffer.count - start - 4 >= length else { break }
            payloads.append(Array(buffer[(start + 4)..<(start + 4 + length)]))
            start += 4 + length
        }
        buffer.removeFirst(start)
        return payloads
    }
}

/// A frame longer than the protocol allows.
public struct OversizedFrame: Error, Hashable, Sendable {
    /// The length that was announced.
    public let bytes: Int
}
