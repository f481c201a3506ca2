internal import MartletCore

/// What the index knows of a key: the content it has in the staged tree, and the stamp of the file that was seen to
/// have it.
struct IndexRecord: Hashable {
    /// The key.
    var path: [UInt8]
    /// The SHA-256 of the content.
    var content: ObjectID
    /// The size of the content in bytes.
    var size: Int64
    /// Whether the staged file is executable.
    var isExecutable: Bool
    /// The stamp of the file in the working tree while it had this content; nil when none was seen with it, or none that
    /// can be trusted.
    var stamp: WorkStamp?
}

/// The index's file.
///
/// A header of 64 bytes: the magic, the root of the tree that the records are of (32 bytes), the number of records (8), 16
/// zero bytes. Then the records in the order of keys, each
/// with a head of 80 bytes and the end of its key: how many bytes of the key before it are kept (2), how many follow (2),
/// flags (4), size (8), the file's size, times and inode (4 times 8), content (32). Last, the SHA-256 of all before.
/// Numbers are little-endian.
enum IndexFormat {
    static let magic = Array("MTLINDX1".utf8)
    static let headerBytes = 64
    static let recordBytes = 80
    static let digestBytes = 32
    static let executable: UInt32 = 1
    static let stamped: UInt32 = 2
    static let fileExecutable: UInt32 = 4
}
