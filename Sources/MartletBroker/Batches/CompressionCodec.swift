/// How the records of a batch are compressed: bits 0 to 2 of its attributes.
package enum CompressionCodec: Int16, Hashable, Sendable, CaseIterable {
    /// Not at all.
    case none = 0
    /// RFC 1952.
    case gzip = 1
    /// Raw, or in the framing of snappy-java; both are read.
    case snappy = 2
    /// The frame format of lz4.
    case lz4 = 3
    /// RFC 8878; from Produce 7 and Fetch 10.
    case zstd = 4

    /// The name that the topic setting `compression.type` has for it.
    package var name: String {
        switch self {
        case .none: "uncompressed"
        case .gzip: "gzip"
        case .snappy: "snappy"
        case .lz4: "lz4"
        case .zstd: "zstd"
        }
    }
}
