internal import Foundation

/// What the file system says of a file: as long as it says the same, the file is taken to be unchanged.
public struct FileStamp: Hashable, Sendable {
    /// The device.
    public var device: UInt64
    /// The number of the file on it.
    public var inode: UInt64
    /// When the content was changed, in nanoseconds since 1970.
    public var modified: Int64
    /// When anything about the file was changed, in nanoseconds since 1970.
    public var changed: Int64
    /// The size in bytes.
    public var size: Int
    /// The permission bits.
    public var mode: UInt32

    /// A stamp with these values.
    public init(device: UInt64, inode: UInt64, modified: Int64, changed: Int64, size: Int, mode: UInt32) {
        self.device = device
        self.inode = inode
        self.modified = modified
        self.changed = changed
        self.size = size
        self.mode = mode
    }

    /// Whether the file's owner may execute it.
    public var isExecutable: Bool { mode & 0o100 != 0 }

    init(_ info: stat) {
        self.init(
            device: UInt64(info.st_dev),
            inode: UInt64(info.st_ino),
            modified: Int64(info.st_mtim.tv_sec) * 1_000_000_000 + Int64(info.st_mtim.tv_nsec),
            changed: Int64(info.st_ctim.tv_sec) * 1_000_000_000 + Int64(info.st_ctim.tv_nsec),
            size: Int(info.st_size),
            mode: UInt32(info.st_mode & 0o7777)
        )
    }
}
