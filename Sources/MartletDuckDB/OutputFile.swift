import Foundation
import MartletCore

/// The file of an output: written under another name beside it, and moved into place when every output is whole.
struct OutputFile: Hashable {
    var output: TableOutput

    /// Where the rows are written first; in the same folder, so that the move is one rename.
    var partialPath: String {
        let path = output.path
        guard let slash = path.lastIndex(of: "/") else { return ".\(path).partial" }
        let name = path[path.index(after: slash)...]
        return "\(path[...slash]).\(name).partial"
    }

    /// The statement that writes the rows of `query`, and how many bytes of it stand before `query`.
    func copy(_ query: String) -> (sql: String, prefixLength: Int) {
        // The closing parenthesis has a line of its own, since `query` may end in a line comment.
        let prefix = "COPY (\n"
        return ("\(prefix)\(query)\n) TO \(SQLText.string(partialPath)) (\(options))", prefix.utf8.count)
    }

    private var options: String {
        let isPacked = output.path.lowercased().hasSuffix(".gz")
        let compression = isPacked ? "gzip" : "uncompressed"
        // The partial file is Martlet's own way to write safely; DuckDB's would be a second one.
        return switch output.format {
        case .parquet: "FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false"
        case .csv: "FORMAT csv, HEADER true, COMPRESSION \(compression), USE_TMP_FILE false"
        case .jsonl: "FORMAT json, ARRAY false, COMPRESSION \(compression), USE_TMP_FILE false"
        }
    }

    /// The partial file as a table to read.
    var written: TableFiles {
        let isPacked = output.format != .parquet && output.path.lowercased().hasSuffix(".gz")
        return TableFiles(paths: [partialPath], format: output.format, compression: isPacked ? .gzip : nil)
    }

    /// Makes the folder.
    ///
    /// - Throws: `.sqlFailed` when the system refuses.
    func prepare() throws(MartletError) {
        let folder = (output.path as NSString).deletingLastPathComponent
        guard !folder.isEmpty else { return }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw failure("cannot be written: its folder cannot be made", cause: String(describing: error))
        }
    }

    /// Moves the partial file into place.
    ///
    /// - Throws: `.sqlFailed` when the system refuses.
    func publish() throws(MartletError) {
        guard rename(partialPath, output.path) == 0 else {
            throw failure("cannot be put in place", cause: String(cString: strerror(errno)))
        }
    }

    /// Removes the partial file, if there is one.
    func discard() { unlink(partialPath) }

    private func failure(_ what: String, cause: String) -> MartletError {
        MartletError(
            .sqlFailed,
            "output \(output.name) \(what): \(output.path)",
            remedy: "check that the folder exists, is writable and has room",
            cause: cause
        )
    }
}
