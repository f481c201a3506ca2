import MartletCore

/// Makes frames of what comes in on a connection: a 32-bit length, then so many bytes.
///
/// Each frame is an array of its own, made to measure, so that records can be kept as parts of it without a copy.
/// Room is made as bytes come, not as a length promises them.
struct FrameAssembler: Sendable {
    /// Longest frame.
    let limit: Int
    private var prefix: UInt32 = 0
    private var prefixBytes = 0
    private var expected = 0
    private var frame: [UInt8] = []
    private var failure: WireError?

    /// An assembler of frames of at most `limit` bytes.
    init(limit: Int = Limits.wireFrameBytes) { self.limit = limit }

    /// Bytes held of a frame that is not complete.
    var pendingBytes: Int { prefixBytes + frame.count }

    /// Room made for that frame.
    var reservedBytes: Int { frame.capacity }

    /// Takes in `bytes` and gives each frame that they complete to `deliver`, in order.
    ///
    /// - Throws: ``WireError`` for a length below zero or above the limit; nothing more is read then, and every
    ///   further call throws the same.
    mutating func feed(
        _ bytes: UnsafeRawBufferPointer,
        _ deliver: ([UInt8]) -> Void
    ) throws(WireError) {
        if let failure { throw failure }
        var rest = bytes[...]
        while let first = rest.first {
            if prefixBytes < 4 {
                prefix = prefix << 8 | UInt32(first)
                prefixBytes += 1
                rest = rest.dropFirst()
                guard prefixBytes == 4 else { continue }
                expected = Int(Int32(bitPattern: prefix))
                guard expected >= 0, expected <= limit else {
                    let error = WireError(reason: .frameLength(expected), offset: 0)
                    failure = error
                    throw error
                }
                frame.reserveCapacity(min(expected, max(Limits.wireFrameReserveBytes, rest.count)))
            } else {
                let taken = rest.prefix(expected - frame.count)
                grow(by: taken.count)
                frame.append(contentsOf: UnsafeRawBufferPointer(rebasing: taken))
                rest = rest.dropFirst(taken.count)
            }
            if prefixBytes == 4, frame.count == expected { finish(deliver) }
        }
    }

    /// Doubles the room, but never beyond the frame.
    private mutating func grow(by count: Int) {
        let needed = frame.count + count
        guard needed > frame.capacity else { return }
        frame.reserveCapacity(min(expected, max(needed, frame.capacity * 2)))
    }

    private mutating func finish(_ deliver: ([UInt8]) -> Void) {
        let complete = frame
        frame = []
        prefix = 0
        prefixBytes = 0
        expected = 0
        deliver(complete)
    }
}
