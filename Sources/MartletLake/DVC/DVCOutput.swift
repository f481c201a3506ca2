public import MartletCore

/// A file or directory that DVC tracks: an entry of `outs` or `deps` in a `.dvc` file or in `dvc.lock`.
public struct DVCOutput: Hashable, Sendable {
    /// What names the content.
    public enum Content: Hashable, Sendable {
        /// A file with this MD5.
        case file(MD5Digest)
        /// A directory: the MD5 of its ``DVCDirectory``.
        case directory(MD5Digest)
        /// A directory whose files are listed here, as with `version_aware` remotes.
        case files([DVCDirectory.Entry])
    }

    /// The path as the file has it, relative to the file's folder and its `wdir`.
    public var path: String
    /// What is tracked; nil before the first `dvc commit`, and for what only has an ETag of a cloud.
    public var content: Content?
    /// Whether the MD5 is one of DVC 2, taken over text with `\r\n` made `\n`; such objects have their own place in the
    /// cache.
    public var isLegacy: Bool
    /// The size in bytes, of all files of a directory; nil when it is not recorded.
    public var size: Int?
    /// How many files a directory has.
    public var fileCount: Int?
    /// Whether the file may be executed.
    public var isExecutable: Bool
    /// Whether DVC keeps it; otherwise it is git's, and DVC only watches it.
    public var isCached: Bool
    /// The only remote it goes to; nil for the default one.
    public var remote: String?
    /// Whether it comes from another repository, as after `dvc import`, and is fetched from there.
    public var isFromRepository: Bool

    /// A tracked path.
    public init(
        path: String,
        content: Content?,
        size: Int? = nil,
        fileCount: Int? = nil,
        isExecutable: Bool = false,
        isLegacy: Bool = false,
        isCached: Bool = true
    ) {
        self.path = path
        self.content = content
        self.size = size
        self.fileCount = fileCount
        self.isExecutable = isExecutable
        self.isLegacy = isLegacy
        self.isCached = isCached
        remote = nil
        isFromRepository = false
    }

    /// Reads an entry.
    ///
    /// - Throws: `MartletError` MT3070 when it has no path, or a hash that is none.
    public init(_ value: DVCValue, file: String) throws(MartletError) {
        guard let path = value["path"].flatMap(Self.string), !path.isEmpty else {
            throw .invalidDVCFile(file, reason: "an entry has no path")
        }
        self.init(path: path, content: nil)
        isLegacy = value["hash"] == nil
        size = value["size"]?.integer
        fileCount = value["nfiles"]?.integer
        isExecutable = value["isexec"]?.boolean ?? false
        isCached = value["cache"]?.boolean ?? true
        remote = value["remote"]?.text
        isFromRepository = value["repo"] != nil
        if let list = value["files"]?.list {
            var entries: [DVCDirectory.Entry] = []
            for item in list {
                guard let path = item["relpath"].flatMap(Self.string), let md5 = item["md5"].flatMap(Self.string),
                    let digest = MD5Digest(hex: md5)
                else { throw .invalidDVCFile(file, reason: "an entry of files of \(path) has no relpath or md5") }
                entries.append(DVCDirectory.Entry(path: Array(path.utf8), md5: digest))
            }
            content = .files(entries)
        } else if let name = value["md5"].flatMap(Self.string), !name.isEmpty {
            let isDirectory = name.hasSuffix(".dir")
            guard let digest = MD5Digest(hex: isDirectory ? name.dropLast(4) : name[...]) else {
                throw .invalidDVCFile(file, reason: "\(name) of \(path) is no MD5")
            }
            content = isDirectory ? .directory(digest) : .file(digest)
        }
    }

    /// The text of a scalar: a hash of digits only, and a path that looks like a number, may stand without quotes.
    static func string(_ value: DVCValue) -> String? {
        switch value {
        case .text(let text), .bigInteger(let text), .timestamp(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }

    /// The MD5 with `.dir` behind that of a directory, as files of DVC have it.
    public var hashText: String? {
        switch content {
        case .file(let md5): md5.hex
        case .directory(let md5): md5.hex + ".dir"
        case .files, nil: nil
        }
    }

    /// The entry as a `.dvc` file has it.
    public var dvcFileValue: DVCValue {
        var entries: [(String, DVCValue)] = []
        if let hashText { entries.append(("md5", .text(hashText))) }
        entries += details
        if !isLegacy { entries.append(("hash", .text("md5"))) }
        entries.append(("path", .text(path)))
        if !isCached { entries.append(("cache", .boolean(false))) }
        return .map(entries)
    }

    /// The entry as `dvc.lock` has it.
    public var lockValue: DVCValue {
        var entries: [(String, DVCValue)] = [("path", .text(path))]
        if !isLegacy { entries.append(("hash", .text("md5"))) }
        if let hashText { entries.append(("md5", .text(hashText))) }
        return .map(entries + details)
    }

    private var details: [(String, DVCValue)] {
        var entries: [(String, DVCValue)] = []
        if let size { entries.append(("size", .integer(size))) }
        if let fileCount { entries.append(("nfiles", .integer(fileCount))) }
        if isExecutable { entries.append(("isexec", .boolean(true))) }
        return entries
    }
}
