internal import Crypto
internal import Foundation
internal import MartletCore
internal import MartletLake

/// What the file system says of a file, or of all files of a folder: changes whenever a content does.
enum PathStamp {
    /// The stamp as a text; nil when there is nothing.
    static func text(of path: String) -> String? {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        guard info.st_mode & S_IFMT == S_IFDIR else { return line(info) }
        var hash = SHA256()
        // One that cannot be listed has no stamp that could be compared; who commits it says why.
        guard let names = try? OutputFolder.files(below: path) else { return "folder" }
        for name in names {
            let file = Array(path.utf8) + [0x2f] + name.bytes + [0]
            let isThere = file.withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) { text in text.baseAddress.map { stat($0, &info) } == 0 }
            }
            if isThere { hash.update(data: Data(name.bytes + [0] + Array("\(line(info))\n".utf8))) }
        }
        return "folder \(HexText.text(of: Array(hash.finalize())).prefix(32))"
    }

    static func isFolder(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    private static func line(_ info: stat) -> String {
        """
        \(info.st_ino) \(info.st_size) \(info.st_mtim.tv_sec).\(info.st_mtim.tv_nsec) \
        \(info.st_ctim.tv_sec).\(info.st_ctim.tv_nsec)
        """
    }
}
