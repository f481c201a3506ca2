internal import Foundation
internal import MartletCore

/// Names in the folder of packs.
enum PackFolder {
    static let temporaryPrefix = "tmp-"

    /// The path of a pack.
    static func path(of name: ObjectID, in folder: String) -> String {
        "\(folder)/\(name.hex)\(PackFormat.fileExtension)"
    }

    /// The pack that a file's name stands for; nil when it is no pack's.
    static func pack(named file: some StringProtocol) -> ObjectID? {
        guard file.hasSuffix(PackFormat.fileExtension) else { return nil }
        return ObjectID(hex: file.dropLast(PackFormat.fileExtension.count))
    }

    /// Removes what processes left that were killed while they wrote a pack.
    ///
    /// - Returns: the bytes freed.
    @discardableResult
    static func removeLeftovers(in folder: String) -> Int {
        var freed = 0
        for name in Folder.names(in: folder) ?? [] where name.hasPrefix(temporaryPrefix) {
            let path = "\(folder)/\(name)"
            guard let file = Descriptor.reading(path) else { continue }
            // A writer that lives holds the lock; the moment between making the file and locking it is covered by its
            // age.
            guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else { continue }
            var info = stat()
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            guard fstat(file.number, &info) == 0, now.tv_sec - info.st_mtim.tv_sec >= 2 else { continue }
            if unlink(path) == 0 { freed += Int(info.st_size) }
        }
        return freed
    }
}
