internal import Glibc

/// What stat(2) says of a file: while it stays the same, so does the content.
struct WorkStamp: Hashable, Sendable {
    /// The size in bytes.
    var size: Int64
    /// When the content was last written, in nanoseconds since 1970.
    var modified: Int64
    /// When the content or the file's attributes were last changed, in nanoseconds since 1970.
    var changed: Int64
    /// The number of the file in its file system.
    var inode: UInt64
    /// Whether its owner may execute it.
    var isExecutable: Bool

    /// No file's stamp.
    static let none = WorkStamp(size: -1, modified: .max, changed: .max, inode: 0, isExecutable: false)

    /// A stamp with these values.
    init(size: Int64, modified: Int64, changed: Int64, inode: UInt64, isExecutable: Bool) {
        self.size = size
        self.modified = modified
        self.changed = changed
        self.inode = inode
        self.isExecutable = isExecutable
    }

    /// What the index keeps of a stamp.
    init(_ stamp: FileStamp) {
        self.init(
            size: Int64(stamp.size),
            modified: stamp.modified,
            changed: stamp.changed,
            inode: stamp.inode,
            isExecutable: stamp.isExecutable
        )
    }

    /// What the system says.
    init(_ info: stat) {
        size = Int64(info.st_size)
        modified = Self.nanoseconds(info.st_mtim)
        changed = Self.nanoseconds(info.st_ctim)
        inode = UInt64(info.st_ino)
        isExecutable = info.st_mode & S_IXUSR != 0
    }

    /// The stamp if it can be trusted; nil when the file may have been written again without the stamp telling.
    ///
    /// The clock of a file system moves in steps, so two writes within a step have one time.
    ///
    /// `start`: the file system's time when the file began to be looked at.
    func settled(before start: Int64) -> WorkStamp? { max(modified, changed) < start ? self : nil }

    static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int64(time.tv_nsec)
    }
}
