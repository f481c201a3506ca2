/// A change to make to a tree: what is to be at a path.
public struct TreeEdit: Hashable, Sendable {
    /// The path.
    public var path: LakePath
    /// The file that is to be there; nil removes what is.
    public var entry: FileEntry?

    /// Puts `entry` at `path`, or removes what is there.
    public init(path: LakePath, entry: FileEntry?) {
        self.path = path
        self.entry = entry
    }
}
