import Foundation
public import MartletCore
public import MartletScheduling

/// Reads the rows of a dataset, to compare them.
public struct TableFile: Sendable {
    private let engine: any QueryEngine
    private let scratch: String

    /// A reader that has `engine` make CSV of what it cannot read itself, in the folder `scratch`.
    public init(engine: any QueryEngine, scratch: String) {
        self.engine = engine
        self.scratch = scratch
    }

    /// The rows of the file or folder at `path`.
    ///
    /// - Throws: ``MartletError`` MT1055 when it has no rows, MT1016 when there are too many.
    public func read(_ path: String, format: DatasetFormat?) async throws(MartletError) -> RowTable {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw MartletError(.rowsUnreadable, "there is no file \(path)")
        }
        let isPlain = !isFolder.boolValue && !path.hasSuffix(".gz")
        switch format ?? DatasetFormat(fileName: path) {
        case .csv where isPlain: return try RowTable(csv: bytes(path))
        case .jsonl where isPlain: return try RowTable(jsonLines: bytes(path))
        case nil: throw MartletError(.rowsUnreadable, "nothing tells the format of \(path)")
        case let format: return try await convert(path, format)
        }
    }

    private func convert(_ path: String, _ format: DatasetFormat?) async throws(MartletError) -> RowTable {
        let copy = "\(scratch)/table-\(RandomIDs().suffix()).csv"
        try FileSystem.makeFolder(scratch)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let transform = SQLTransform(
            script: "SELECT * FROM dataset",
            inputs: [TableInput(name: "dataset", path: path, format: format)],
            outputs: [TableOutput(name: "copy", path: copy, format: .csv)],
            settings: SQLTransform.Settings(temporaryDirectory: scratch)
        )
        do throws(MartletError) {
            _ = try await engine.transform(transform) { _ in }
        } catch {
            throw MartletError(
                .rowsUnreadable,
                "the rows of \(path) cannot be read",
                reason: error.message,
                remedy: error.remedy
            )
        }
        return try RowTable(csv: bytes(copy))
    }

    private func bytes(_ path: String) throws(MartletError) -> Data {
        if let size = FileSystem.size(of: path), size > Limits.comparedBytes {
            throw MartletError(
                .limitExceeded,
                "\(path) has \(size >> 20) MiB; at most \(Limits.comparedBytes >> 20) are compared",
                remedy: "run the test over fewer rows"
            )
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MartletError(.rowsUnreadable, "\(path) cannot be read")
        }
        return data
    }
}
