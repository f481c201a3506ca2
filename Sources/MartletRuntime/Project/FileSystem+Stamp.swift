import Glibc
import MartletCore

extension FileSystem {
    /// Size, time of change and number of a file, as one text that differs when any of them does; nil when there is none.
    ///
    /// A link is looked at itself, not what it leads to.
    package static func stamp(of path: String) -> String? {
        var info = stat()
        guard lstat(path, &info) == 0 else { return nil }
        let time = withUnsafeBytes(of: info.st_mtim) { HexText.text(of: Array($0)) }
        return "\(info.st_size) \(time) \(info.st_ino)"
    }

    /// Whether an open descriptor is that of a folder.
    package static func isFolder(_ descriptor: Int32) -> Bool {
        var info = stat()
        return fstat(descriptor, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }
}
