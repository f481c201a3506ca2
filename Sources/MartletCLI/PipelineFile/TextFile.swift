import Foundation
import MartletCore

/// Reads the text files that a project is made of.
enum TextFile {
    /// The content of the file at `path`.
    ///
    /// - Throws: ``MartletError`` MT1001 when there is no such file or it cannot be read, MT1016 when it is too large,
    ///   MT1002 when it is not text.
    static func read(
        _ path: String,
        shownAs file: String,
        limit: Int = Limits.pipelineFileBytes
    ) throws(MartletError) -> SourceText {
        let place = SourceLocation(file: file)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw MartletError(
                .fileUnreadable,
                "there is no file \(file)",
                remedy: nearestFile(to: path).map { "did you mean \($0)?" },
                location: place
            )
        }
        // The type and size are those of the file that a symbolic link leads to. A pipe would never end.
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let attributes = (try? FileManager.default.attributesOfItem(atPath: target)) ?? [:]
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw MartletError(
                .fileUnreadable,
                "\(file) is \(isFolder.boolValue ? "a folder" : "not a regular file")",
                remedy: "name a file",
                location: place
            )
        }
        let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
        if size > limit { throw tooLarge(size, limit, place) }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: target))
        } catch {
            throw MartletError(
                .fileUnreadable,
                "\(file) cannot be read",
                remedy: "check that you may read it",
                location: place,
                cause: (error as NSError).localizedDescription
            )
        }
        if data.count > limit { throw tooLarge(data.count, limit, place) }
        return try SourceText(file: file, content: Array(data))
    }

    private static func tooLarge(_ size: Int, _ limit: Int, _ place: SourceLocation) -> MartletError {
        MartletError(
            .limitExceeded,
            "the file has \(size) bytes",
            reason: "at most \(limit) bytes are read, so that no file can exhaust the memory",
            remedy: "split it, and keep data out of it",
            location: place
        )
    }

    /// The name of the file beside `path` whose name is nearest to it.
    static func nearestFile(to path: String) -> String? {
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent().path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return NearestName.of(url.lastPathComponent, among: names.filter { !$0.hasPrefix(".") }.sorted())
    }
}
