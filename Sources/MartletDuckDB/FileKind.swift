import Foundation
import MartletCore

/// What the first bytes of a file tell about it.
struct FileKind: CustomStringConvertible {
    var format: DatasetFormat
    /// How it is compressed, if it is.
    var compression: TableFiles.Compression?

    /// Looks into a file; nil when it cannot be read.
    init?(ofFile path: String) {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let head = try? file.read(upToCount: 4096) ?? Data() else { return nil }

        // Signatures: RFC 1952 (gzip), RFC 8878 (Zstandard), the Parquet format's specification.
        if head.starts(with: [0x1F, 0x8B]) {
            compression = .gzip
        } else if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            compression = .zstd
        }
        if compression != nil {
            // The content is out of reach here, so that the name has to do; a compressed Parquet file does not exist.
            let named = DatasetFormat(fileName: path)
            format = named == .jsonl ? .jsonl : .csv
        } else if head.starts(with: Data("PAR1".utf8)) {
            format = .parquet
        } else {
            let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
            let text = head.starts(with: byteOrderMark) ? head.dropFirst(byteOrderMark.count) : head
            let first = text.first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
            format = first == UInt8(ascii: "{") ? .jsonl : .csv
        }
    }

    var description: String {
        [format.rawValue, compression?.rawValue].compactMap(\.self).joined(separator: ", ")
    }
}
