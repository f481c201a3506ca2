public import MartletCore

/// A file in the lake: the value that a tree keeps under its path.
public struct FileEntry: Hashable, Sendable {
    /// How the content is stored.
    public enum Storage: Hashable, Sendable {
        /// As one object, whose id is ``FileEntry/content``.
        case whole
        /// In chunks that the object with this id lists: a ``ChunkList``.
        case chunked(ObjectID)
    }

    /// The SHA-256 of the file's bytes, whatever its storage.
    public var content: ObjectID
    /// The MD5 of the file's bytes.
    public var md5: MD5Digest
    /// The size in bytes.
    public var size: Int
    /// Whether its owner may execute it.
    public var isExecutable: Bool
    /// How it is stored.
    public var storage: Storage
    /// The dataset it belongs to; nil for a file that people added.
    public var dataset: DatasetID?

    /// A file with this content and storage.
    public init(
        content: ObjectID,
        md5: MD5Digest,
        size: Int,
        isExecutable: Bool = false,
        storage: Storage = .whole,
        dataset: DatasetID? = nil
    ) {
        self.content = content
        self.md5 = md5
        self.size = size
        self.isExecutable = isExecutable
        self.storage = storage
        self.dataset = dataset
    }
}
