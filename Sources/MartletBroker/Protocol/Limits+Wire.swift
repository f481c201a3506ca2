import MartletCore

// The limits of the Kafka wire protocol.
extension Limits {
    /// Largest frame taken from a connection: Kafka's `socket.request.max.bytes`.
    static let wireFrameBytes = 100 << 20
    /// Largest part of a frame for which room is made before its bytes are there: a batch of the usual largest size.
    ///
    /// Room that is not written to takes addresses, but no memory.
    static let wireFrameReserveBytes = 2 << 20
    /// Longest string, as everywhere in Kafka: more does not fit the 16-bit length of the older versions.
    static let wireStringBytes = 32_767
    /// Most elements of all arrays of one message together.
    ///
    /// An element may take one byte in the frame and a hundred in memory; this keeps what one frame can ask for small.
    static let wireElements = 200_000
    /// Most elements of an array for which room is made before they are read.
    static let wireReservedElements = 256
    /// Records of at least so many bytes are sent from where they lie; fewer are copied into the answer.
    static let wireSpliceBytes = 4 << 10
}
