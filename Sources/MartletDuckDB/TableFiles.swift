import Foundation
import MartletCore

/// The files of an input, and how DuckDB reads them.
struct TableFiles: Hashable {
    var paths: [String]
    var format: DatasetFormat
    var compression: Compression?

    /// How a CSV or JSON lines file is compressed.
    enum Compression: String, Hashable {
        case gzip
        case zstd
    }

    /// The table function that reads the files.
    var source: String {
        let files = SQLText.files(paths)
        let packed = compression.map { ", compression = '\($0)'" } ?? ""
        return switch format {
        case .parquet: "read_parquet(\(files))"
        case .csv: "read_csv(\(files)\(packed))"
        case .jsonl: "read_json(\(files), format = 'newline_delimited'\(packed))"
        }
    }

    /// A query for the number of rows: from the files' footers for Parquet, by reading the files for the others.
    var countQuery: String {
        switch format {
        case .parquet:
            "SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata(\(SQLText.files(paths)))"
        case .csv, .jsonl:
            "SELECT count(*) FROM \(source)"
        }
    }
}

extension TableFiles {
    /// Finds the files of `input` and their format.
    ///
    /// - Throws: `.sqlInputUnreadable` when there is no file, one cannot be read, or they are of different formats.
    init(of input: TableInput) throws(MartletError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: input.path, isDirectory: &isFolder) else {
            throw Self.unreadable(input, "does not exist", "make it with an earlier step, or correct its path")
        }
        let paths = isFolder.boolValue ? Self.files(inFolder: input.path) : [input.path]
        var kinds = [FileKind]()
        for path in paths {
            guard let kind = FileKind(ofFile: path) else {
                throw Self.unreadable(input, "cannot be read", "check who may read it", file: path)
            }
            kinds.append(kind)
        }
        guard let first = kinds.first else {
            throw Self.unreadable(input, "is a folder without files", "put files of one format into it")
        }
        let format = input.format ?? first.format
        let odd = kinds.firstIndex { kind in
            kind.compression != first.compression || (input.format == nil && kind.format != format)
        }
        if let odd {
            throw Self.unreadable(
                input,
                "is a folder of files of different formats",
                "keep one format and one compression per folder",
                file: "\(paths[0]) (\(first)) and \(paths[odd]) (\(kinds[odd]))"
            )
        }
        self.init(paths: paths, format: format, compression: first.compression)
    }

    /// Every file in a folder and the folders in it, in the order of their names, without those that are not data: a
    /// name that starts with `.` or `_` marks bookkeeping, such as `_SUCCESS`.
    private static func files(inFolder folder: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.sorted().compactMap { name in
            let isBookkeeping = name.split(separator: "/").contains { $0.hasPrefix(".") || $0.hasPrefix("_") }
            var isFolder: ObjCBool = false
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            guard !isBookkeeping, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            else { return nil }
            return path
        }
    }

    private static func unreadable(
        _ input: TableInput,
        _ what: String,
        _ remedy: String,
        file: String? = nil
    ) -> MartletError {
        let reason = file.map { $0 == input.path ? nil : $0 } ?? nil
        return MartletError(
            .sqlInputUnreadable,
            "input \(input.name) \(what): \(input.path)",
            reason: reason,
            remedy: remedy
        )
    }
}
