import Foundation
import MartletCore

extension TableFiles {
    /// The files that hold something.
    ///
    /// - Throws: `.sqlInputUnreadable` when none does: an empty file has not even columns.
    func withoutEmptyOnes(_ name: String) throws(MartletError) -> TableFiles {
        var files = self
        files.paths = paths.filter { Self.size($0) > 0 }
        if files.paths.isEmpty {
            throw MartletError(
                .sqlInputUnreadable,
                "input \(name) is empty: \(paths.first ?? "")",
                reason: "the file holds 0 bytes, so that not even its columns are known",
                remedy: "write at least the names of the columns"
            )
        }
        return files
    }

    /// Whether the files are text that is better read once than by each query.
    var isSmallText: Bool {
        guard format != .parquet else { return false }
        let factor = compression == nil ? 1 : 8
        return paths.reduce(0) { $0 + Self.size($1) } * factor <= Limits.residentTableBytes
    }

    private static func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int).flatMap(\.self) ?? 0
    }
}
