internal import Foundation
public import MartletCore
public import MartletLake

/// A folder that `dvc init` was run in.
public struct DVCRepository: Sendable {
    /// The folder that holds `.dvc`.
    public let root: String
    /// The settings of `.dvc/config`.
    public let config: DVCConfig
    /// Where objects are, usually `.dvc/cache`.
    public let cacheFolder: String
    /// The remotes that are folders of this machine.
    public let remoteFolders: [String]

    /// Finds the repository that a folder is in.
    ///
    /// - Throws: ``MartletError`` MT3071 when there is none, MT3037 when its settings cannot be read.
    public static func find(from folder: String) throws(MartletError) -> DVCRepository {
        let start = URL(fileURLWithPath: folder).standardizedFileURL.path
        var root = start
        while !FilePath.isFolder("\(root)/.dvc") {
            guard root.count > 1, let slash = root.lastIndex(of: "/") else {
                throw MartletError(
                    .notADVCRepository,
                    "\(folder) is in no DVC repository",
                    reason: "neither it nor a folder above it holds .dvc",
                    remedy: "name the folder in which `dvc init` was run"
                )
            }
            root = slash == root.startIndex ? "/" : String(root[..<slash])
        }
        return try DVCRepository(root: root)
    }

    init(root: String) throws(MartletError) {
        self.root = root
        let shared = DVCConfig(try Self.text("\(root)/.dvc/config"))
        // Settings of this machine override those in git.
        let local = DVCConfig(try Self.text("\(root)/.dvc/config.local"))
        config = shared
        func place(_ path: String) -> String {
            let path = path.hasPrefix("file://") ? String(path.dropFirst(7)) : path
            return URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: "\(root)/.dvc", isDirectory: true))
                .standardizedFileURL.path
        }
        cacheFolder = place(local["cache", "dir"] ?? shared["cache", "dir"] ?? "cache")
        let first = local["core", "remote"] ?? shared["core", "remote"]
        var names = shared.remotes + local.remotes.filter { !shared.remotes.contains($0) }
        if let first, names.contains(first) { names = [first] + names.filter { $0 != first } }
        remoteFolders = names.compactMap { name in
            let section = DVCConfig.remote(name)
            guard let url = local[section, "url"] ?? shared[section, "url"],
                url.hasPrefix("file://") || !url.contains("://")
            else { return nil }
            return place(url)
        }
    }

    private static func text(_ path: String) throws(MartletError) -> String {
        String(decoding: try Folder.read(path) ?? [], as: UTF8.self)
    }

    /// The folders that objects of DVC 3, or of DVC 2, may be in: the cache, then the remotes.
    func objectFolders(isLegacy: Bool) -> [String] {
        ([cacheFolder] + remoteFolders).map { isLegacy ? $0 : "\($0)/files/md5" }
    }

    /// The name of an object below such a folder.
    static func objectName(_ md5: MD5Digest, isDirectory: Bool = false) -> String {
        let hex = md5.hex
        return "\(hex.prefix(2))/\(hex.dropFirst(2))\(isDirectory ? ".dir" : "")"
    }

    /// The files in which DVC writes down what it tracks, by their paths below the root.
    ///
    /// - Throws: ``MartletError`` MT3037 when a folder cannot be read.
    func metafiles() throws(MartletError) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        var folders = [""]
        while let folder = folders.popLast() {
            for entry in try FilePath.entries(of: folder.isEmpty ? root : "\(root)/\(folder)") {
                guard let name = String(validating: entry.name, as: UTF8.self) else { continue }
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                if entry.isFolder {
                    if name != ".git", name != ".dvc", name != ".martlet" { folders.append(path) }
                } else if DVCTracked.isMetafile(path) {
                    found[path] = try Folder.read("\(root)/\(path)")
                }
            }
        }
        return found
    }
}
