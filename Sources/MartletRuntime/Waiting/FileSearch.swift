import Glibc
import MartletCore
import MartletScheduling

/// Finds the files of a path pattern with bounded work: folders are read only where a part of the pattern is not plain.
///
/// `**` stands for folders of any depth. A folder that matches the whole pattern stands for the files directly in it.
struct FileSearch {
    /// A folder, and the form of the names whose coming or going there could change what is found.
    struct Place: Hashable {
        var folder: String
        /// Nil stands for any name.
        var form: NamePattern?
    }

    private enum Part {
        case name(NamePattern)
        case anyDepth
    }

    /// The files that match, in the order in which they were met.
    private(set) var files: [FoundFile] = []
    /// Where names were looked for, at most ``Limits/watchedFoldersPerWait``.
    private(set) var places: Set<Place> = []
    /// Folders that could not be read, and why.
    private(set) var unreadable: [String] = []
    /// Whether the search was given up because it read too much.
    private(set) var isCutShort = false

    private let parts: [Part]
    private var left: Int
    private var seen: Set<String> = []

    /// Searches `pattern`, which starts from `root` unless it is absolute.
    init(_ pattern: String, root: String, limit: Int = Limits.folderEntriesPerLook) {
        parts = pattern.split(separator: "/").filter { $0 != "." }.map { part in
            part == "**" ? .anyDepth : .name(NamePattern(String(part)))
        }
        left = limit
        search(in: pattern.hasPrefix("/") ? "" : root, parts[...], depth: Limits.folderDepth)
    }

    private mutating func search(in folder: String, _ parts: ArraySlice<Part>, depth: Int) {
        guard let part = parts.first, !isCutShort else { return }
        let rest = parts.dropFirst()
        switch part {
        case .anyDepth:
            // At the end it stands for everything below.
            search(in: folder, rest.isEmpty ? [.name(NamePattern("*"))] : rest, depth: depth)
            if depth == 0 { return }
            notePlace(folder, nil)
            for name in names(in: folder) where !name.hasPrefix(".") && isFolder("\(folder)/\(name)") {
                search(in: "\(folder)/\(name)", parts, depth: depth - 1)
            }
        case .name(let form):
            notePlace(folder, form)
            if let name = form.literal { return visit("\(folder)/\(name)", rest, depth) }
            for name in names(in: folder) where form.matches(name) { visit("\(folder)/\(name)", rest, depth) }
        }
    }

    private mutating func visit(_ path: String, _ rest: ArraySlice<Part>, _ depth: Int) {
        left -= 1
        if left < 0 { isCutShort = true }
        if isCutShort { return }
        if !rest.isEmpty { return search(in: path, rest, depth: depth) }
        guard let file = status(path) else { return }
        guard file.st_mode & S_IFMT == S_IFDIR else { return add(path, file) }
        notePlace(path, NamePattern("*"))
        for name in names(in: path) where !name.hasPrefix(".") {
            if let inner = status("\(path)/\(name)"), inner.st_mode & S_IFMT == S_IFREG {
                add("\(path)/\(name)", inner)
            }
        }
    }

    private mutating func add(_ path: String, _ file: stat) {
        // `**` may lead to one file in several ways.
        guard seen.insert(path).inserted else { return }
        let changedAt = Timestamp(
            microseconds: Int64(file.st_mtim.tv_sec) * 1_000_000 + Int64(file.st_mtim.tv_nsec) / 1000
        )
        files.append(FoundFile(path: path, bytes: Int(file.st_size), changedAt: changedAt))
    }

    /// Notes where a name would have to come; a folder that is not there yet is one that its parent waits for.
    private mutating func notePlace(_ folder: String, _ form: NamePattern?) {
        guard places.count < Limits.watchedFoldersPerWait else { return }
        places.insert(Place(folder: folder.isEmpty ? "/" : folder, form: form))
    }

    private mutating func names(in folder: String) -> [String] {
        guard !isCutShort, let stream = opendir(folder.isEmpty ? "/" : folder) else {
            if errno == EACCES { unreadable.append("\(folder): \(systemMessage(EACCES))") }
            return []
        }
        defer { closedir(stream) }
        var found: [String] = []
        while let entry = readdir(stream) {
            left -= 1
            if left < 0 {
                isCutShort = true
                return []
            }
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { found.append(name) }
        }
        return found
    }

    private func isFolder(_ path: String) -> Bool {
        // Links are not followed here, so that one that leads upwards makes no circle.
        var info = stat()
        return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    private func status(_ path: String) -> stat? {
        var info = stat()
        return stat(path, &info) == 0 ? info : nil
    }
}
