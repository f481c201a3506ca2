internal import Glibc
internal import MartletCore
internal import MartletLake

/// The project's folder, as the working tree sees it.
struct FolderRoot: Sendable {
    /// Its path without links; absolute.
    let path: [UInt8]

    /// The folder at `path`.
    ///
    /// - Throws: ``MartletError`` MT3051 when there is none.
    init(_ path: String) throws(MartletError) {
        guard let resolved = RawPath.resolved(Array(path.utf8)) else {
            throw MartletError(
                .pathUnaddable,
                "the project's folder \(path) cannot be read",
                reason: SystemFault(number: errno).text,
                remedy: "go to a folder that is there"
            )
        }
        self.path = resolved == [0x2f] ? [] : resolved
    }

    /// The absolute path of a key.
    func absolute(_ key: [UInt8]) -> [UInt8] { key.isEmpty ? path : path + [0x2f] + key }

    /// What a name in an open folder stands for, when it is no folder; nil when nothing is there.
    func look(at name: [UInt8], in folder: Int32) -> FolderWalk.Found? {
        guard let own = RawPath.status(name, at: folder) else { return nil }
        switch own.st_mode & S_IFMT {
        case S_IFREG: return .file(WorkStamp(own))
        case S_IFLNK: break
        default: return .refused(.notAFile)
        }
        guard let target = RawPath.status(name, at: folder, followsLinks: true) else { return .refused(.brokenLink) }
        switch target.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: return .refused(.linkToFolder)
        default: return .refused(.notAFile)
        }
        let place = folder == AT_FDCWD ? name : Array("/proc/self/fd/\(folder)/".utf8) + name
        guard let resolved = RawPath.resolved(place) else { return .refused(.brokenLink) }
        guard resolved.starts(with: path + [0x2f]) else { return .refused(.linkOutside) }
        // Martlet's own files and git's are no data.
        let inner = resolved.dropFirst(path.count + 1)
        if inner.split(separator: 0x2f).contains(where: IgnoreRules.isReserved) { return .refused(.linkOutside) }
        return .link(WorkStamp(target), target: Array(inner))
    }

    /// What a key stands for now: nil when there is no file.
    func look(at key: [UInt8]) -> FolderWalk.Found? { look(at: absolute(key), in: AT_FDCWD) }

    /// The scope that `path` is: a file, a folder or nothing, with the rules that hold for it.
    ///
    /// - Throws: ``MartletError`` MT3051 when a rule ignores it, and it is not in the lake already.
    func scope(_ path: [UInt8], isTracked: Bool) throws(MartletError) -> WalkScope {
        var rules = IgnoreRules()
        var parts = path.split(separator: 0x2f)
        let last = parts.popLast()
        var folder: [UInt8] = []
        for part in parts.map(Optional.some) + [last] {
            let base = folder.isEmpty ? 0 : folder.count + 1
            if !path.isEmpty,
                let file = RawPath.contents(absolute(folder + (folder.isEmpty ? [] : [0x2f]) + IgnoreRules.fileName))
            {
                rules = rules.adding(file, base: base)
            }
            guard let part else { break }
            folder += (folder.isEmpty ? [] : [0x2f]) + part
            let isFolder = folder.count < path.count || Self.isFolder(absolute(folder))
            if IgnoreRules.isReserved(part) { throw Self.reserved(path) }
            if !isTracked, let pattern = rules.pattern(ignoring: folder, isFolder: isFolder) {
                throw Self.ignored(path, by: pattern)
            }
        }
        if path.isEmpty || Self.isFolder(absolute(path)) { return WalkScope(path: path, kind: .folder, rules: rules) }
        let isThere = RawPath.status(absolute(path)) != nil
        return WalkScope(path: path, kind: isThere ? .file : .missing, rules: rules)
    }

    private static func isFolder(_ path: [UInt8]) -> Bool {
        RawPath.status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    private static func reserved(_ path: [UInt8]) -> MartletError {
        MartletError(
            .pathUnaddable,
            "\(DisplayBytes.text(of: path)) cannot be in the lake",
            reason: ".martlet and .git are the tools' own",
            remedy: "name data of the project"
        )
    }

    private static func ignored(_ path: [UInt8], by pattern: IgnorePattern) -> MartletError {
        MartletError(
            .pathUnaddable,
            "\(DisplayBytes.text(of: path)) is ignored",
            reason: "the pattern \(DisplayBytes.text(of: pattern.line)) in line \(pattern.number) of a .martletignore",
            remedy: "change the pattern, or write ! and the path on a line below it"
        )
    }
}
