/// How Spark has compressed an event log (`spark.eventLog.compression.codec`); the suffix of the file says it.
package enum EventLogCodec: String, Sendable, CaseIterable {
    case none
    case zstd
    case lz4
    case snappy
    /// Old and rare; there is no free decoder at hand.
    case lzf

    /// Whether such a log can be read.
    package var isSupported: Bool { self != .lzf }

    /// The codec that the name of a file tells, without `.inprogress` and `.compact`; nil when it tells none.
    package init?(fileName: String) {
        let name = Self.bare(fileName)
        guard let dot = name.lastIndex(of: ".") else { return nil }
        switch name[name.index(after: dot)...] {
        case "zstd", "zst": self = .zstd
        case "lz4": self = .lz4
        case "snappy": self = .snappy
        case "lzf": self = .lzf
        default: return nil
        }
    }

    /// The codec that the first bytes of a file tell.
    package init(magic bytes: some Collection<UInt8>) {
        if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            self = .zstd
        } else if bytes.starts(with: "LZ4Block".utf8) {
            self = .lz4
        } else if bytes.starts(with: SnappyEventInput.magic) {
            self = .snappy
        } else if bytes.starts(with: "ZV".utf8) {
            self = .lzf
        } else {
            self = .none
        }
    }

    /// The name of a file without what Spark appends to it while it is written or after it was compacted.
    static func bare(_ name: String) -> Substring {
        var name = Substring(name)
        for suffix in [".inprogress", ".compact"] where name.hasSuffix(suffix) { name = name.dropLast(suffix.count) }
        return name
    }
}
