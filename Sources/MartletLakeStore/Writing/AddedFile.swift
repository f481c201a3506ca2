public import MartletLake

/// A file that was added, and what the file system said of it while it was read.
public struct AddedFile: Hashable, Sendable {
    /// What the tree keeps.
    public var entry: FileEntry
    /// What the file system said.
    public var stamp: FileStamp

    /// A file as it was added.
    public init(entry: FileEntry, stamp: FileStamp) {
        self.entry = entry
        self.stamp = stamp
    }
}
