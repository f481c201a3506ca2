/// A part of the bytes that an answer is made of.
enum ResponsePiece: Sendable {
    case bytes(ArraySlice<UInt8>)
    /// Part of a file, which is sent from there.
    case file(LogRegion)

    /// How many bytes.
    var count: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .file(let region): region.count
        }
    }
}
