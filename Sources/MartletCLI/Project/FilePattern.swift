import Foundation

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
        let isPattern = part.contains { $0 == "*" || $0 == "?" }
        let folder = path.isEmpty ? root : "\(root)/\(path)"
        let names = isPattern ? (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] : [part]
        for name in names {
            // Hidden files are meant only when they are named.
            if isPattern, name.hasPrefix("."), !part.hasPrefix(".") { continue }
            guard part == "**" || Self.matches(Array(name.utf8)[...], Array(part.utf8)[...]) else { continue }
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

    /// Whether `name` has the form of `pattern`; linear but for the last star, which is tried again further on.
    static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        var (at, form) = (name.startIndex, pattern.startIndex)
        var star: (form: Int, at: Int)?
        while at < name.endIndex {
            if form < pattern.endIndex, pattern[form] == UInt8(ascii: "*") {
                star = (form, at)
                form += 1
            } else if form < pattern.endIndex, pattern[form] == UInt8(ascii: "?") || pattern[form] == name[at] {
                form += 1
                at += 1
            } else if let last = star {
                star = (last.form, last.at + 1)
                form = last.form + 1
                at = last.at + 1
            } else {
                return false
            }
        }
        return pattern[form...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
