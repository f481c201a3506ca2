internal import Glibc
internal import MartletCore
internal import MartletLake

/// The files of a folder that a step wrote, or that is a source: all of them, hidden ones too.
enum OutputFolder {
    /// The paths of the files below `folder`, in the order of the lake's keys.
    ///
    /// A link to a file counts as that file.
    /// - Throws: ``MartletError`` MT3037 for a folder that cannot be read, for a link to a folder, which would be lost, and
    ///   for what is no file.
    static func files(below folder: String) throws(MartletError) -> [LakePath] {
        var found: [LakePath] = []
        try list(Array(folder.utf8), [], &found)
        return found
    }

    private static func list(
        _ folder: [UInt8],
        _ prefix: [UInt8],
        _ found: inout [LakePath]
    ) throws(MartletError) {
        let descriptor = RawPath.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { throw unreadable(folder, SystemFault(number: errno).text) }
        defer { close(descriptor) }
        let listing: FolderListing
        switch FolderListing.read(descriptor) {
        case .success(let read): listing = read
        case .failure(let fault): throw unreadable(folder, fault.text)
        }
        for item in listing.items {
            let name = listing.name(of: item)
            let path = folder + [0x2f] + name
            let key = prefix + name
            switch item.kind {
            case .folder:
                try list(path, key + [0x2f], &found)
            case .file:
                found.append(try LakePath(validating: key))
            case .link, .other:
                switch kind(of: path) {
                case S_IFREG: found.append(try LakePath(validating: key))
                case S_IFDIR: throw unreadable(path, "it is a link to a folder, and the lake keeps files")
                case 0: throw unreadable(path, "it is a link to nothing")
                default: throw unreadable(path, "it is no file")
                }
            }
        }
    }

    /// What is at a path, links followed; 0 for nothing.
    private static func kind(of path: [UInt8]) -> mode_t {
        var info = stat()
        let code = (path + [0]).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in text.baseAddress.map { stat($0, &info) } ?? -1 }
        }
        return code == 0 ? info.st_mode & S_IFMT : 0
    }

    private static func unreadable(_ path: [UInt8], _ reason: String) -> MartletError {
        MartletError(
            .sourceUnreadable,
            "cannot take \(DisplayBytes.text(of: path)) into the lake",
            reason: reason,
            remedy: "write the files themselves, and nothing else, into the folder"
        )
    }
}
