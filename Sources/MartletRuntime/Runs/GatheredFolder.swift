import Foundation
import Glibc
import MartletCore
import MartletScheduling

/// A folder of links to what the instances of a mapped step wrote, named by their indices: one dataset for its readers.
struct GatheredFolder: Sendable {
    let path: String
    let parts: [(index: Int, path: String)]

    /// - Throws: ``MartletError`` MT8004 or MT8005 when it cannot be written.
    func make() throws(MartletError) {
        try FileSystem.makeFolder(path)
        let width = max(5, String(parts.last?.index ?? 0).count)
        for part in parts {
            let name = (part.path as NSString).lastPathComponent
            let ending = name.lastIndex(of: ".").map { String(name[$0...]) } ?? ""
            let digits = String(part.index)
            let link = "\(path)/\(String(repeating: "0", count: width - digits.count))\(digits)\(ending)"
            if symlink(part.path, link) != 0, errno != EEXIST { throw FileSystem.unwritable(link, errno) }
        }
    }
}

/// Looks into a folder that a map is over.
enum FolderListing {
    /// The files as items `{"name", "path"}`, by name.
    static func files(of request: ListingRequest, in folder: String?) async -> Result<[JSONValue], MartletError> {
        guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return .failure(
                MartletError(
                    .inputMissing,
                    "dataset \(request.files.dataset) is not a folder that can be listed",
                    reason: folder.map { "there is no folder \($0)" },
                    remedy: "let the step that writes it make a folder of files"
                )
            )
        }
        let pattern = request.files.pattern ?? "*"
        let form = NamePattern(pattern)
        let fitting = names.filter { !$0.hasPrefix(".") && form.matches($0) }.sorted()
        return .success(fitting.map { .object(["name": .string($0), "path": .string("\(folder)/\($0)")]) })
    }
}
