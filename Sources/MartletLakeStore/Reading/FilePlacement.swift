public import MartletLake

/// A file of the lake, and where it goes.
public struct FilePlacement: Hashable, Sendable {
    /// Its path below the folder that files are written to.
    public var path: LakePath
    /// The file.
    public var entry: FileEntry

    /// Puts `entry` at `path`.
    public init(path: LakePath, entry: FileEntry) {
        self.path = path
        self.entry = entry
    }
}
