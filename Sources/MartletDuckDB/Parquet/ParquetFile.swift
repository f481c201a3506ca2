import Foundation
import MartletCore

/// Finds the footer of a Parquet file.
enum ParquetFile {
    /// Why a file is not a whole Parquet file.
    struct Unreadable: Error, Hashable {
        var path: String
        var reason: String
    }

    /// The file starts and ends with this.
    private static let magic = Data("PAR1".utf8)

    /// Reads the footer of the file at `path`; `kind` tells what the columns of the table are.
    static func footer(
        ofFile path: String,
        kind: (String) -> TableColumn.Kind?
    ) throws(Unreadable) -> ParquetFooter {
        guard let file = FileHandle(forReadingAtPath: path), let size = try? file.seekToEnd() else {
            throw Unreadable(path: path, reason: "the file cannot be read")
        }
        defer { try? file.close() }
        // The last eight bytes are the length of the footer before them, lowest byte first, and the magic.
        guard size >= 12, let tail = read(8, from: size - 8, of: file), tail.suffix(4) == magic else {
            throw Unreadable(path: path, reason: "the end of the file is missing: it is \(size) bytes long")
        }
        let length = tail.prefix(4).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        guard length <= size - 12, let footer = read(Int(length), from: size - 8 - length, of: file) else {
            throw Unreadable(path: path, reason: "the footer says that it is \(length) bytes long, of \(size)")
        }
        let parsed = footer.withUnsafeBytes { bytes -> ParquetFooter? in
            do throws(ThriftReader.Malformed) {
                return try ParquetFooter(bytes, kind: kind)
            } catch {
                return nil
            }
        }
        guard let parsed else { throw Unreadable(path: path, reason: "the footer makes no sense") }
        return parsed
    }

    private static func read(_ count: Int, from offset: UInt64, of file: FileHandle) -> Data? {
        do {
            try file.seek(toOffset: offset)
            let data = try file.read(upToCount: count) ?? Data()
            return data.count == count ? data : nil
        } catch {
            return nil
        }
    }
}
