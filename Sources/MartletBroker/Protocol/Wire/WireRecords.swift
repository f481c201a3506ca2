/// Record batches that a response carries, or another piece of a frame.
enum WireRecords: Equatable, Sendable {
    /// Bytes in memory.
    case memory(ArraySlice<UInt8>)
    /// So many bytes that whoever sends the frame gets from elsewhere, as from a file; `tag` tells which.
    case elsewhere(count: Int, tag: Int)

    /// How many bytes.
    var count: Int {
        switch self {
        case .memory(let bytes): bytes.count
        case .elsewhere(let count, _): max(0, count)
        }
    }
}
