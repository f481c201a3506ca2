import Foundation
import MartletCore

/// Finds the files of a pattern such as `pipelines/*.yaml`; `*` and `?` match within one part of a path, `**` folders
/// of any depth.
struct FilePattern {
    private let parts: [String]
    /// Deepest folders that `**` looks into.
    private static let depth = 16

    init(_ pattern: String) {
        parts = pattern.split(separator: "/").map(String.init).filter { $0 != "." }
    }

    /// The files below `root` that match, as paths relative to it, sorted.
    func files(in root: String) -> [String] {
        var found: Set<String> = []
        search(root, "", parts[...], Self.depth, &found)
        return found.sorted()
    }

    private func search(
        _ root: String,
        _ path: String,
        _ parts: ArraySlice<String>,
        _ depth: Int,
        _ found: inout Set<String>
    ) {
        guard let part = parts.first, depth > 0 else { return }
        let rest = parts.dropFirst()
        if part == "**" { search(root, path, rest, depth, &found) }
        let pattern = NamePattern(part)
        let folder = path.isEmpty ? root : "\(root)/\(path)"
        let names = pattern.literal.map { [$0] } ?? (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names {
            guard pattern.literal != nil || pattern.matches(name) else { continue }
            let next = path.isEmpty ? name : "\(path)/\(name)"
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(root)/\(next)", isDirectory: &isFolder) else { continue }
            if isFolder.boolValue {
                search(root, next, part == "**" ? parts : rest, depth - 1, &found)
            } else if rest.isEmpty, part != "**" {
                found.insert(next)
            }
        }
    }
}
